import type { CloudTemplate } from '../template/template.ts';
import { type EventPattern, matchesPattern } from './event-pattern.ts';
import type { DeliverTo } from './targets.ts';

/** An event in EventBridge's envelope, such as S3's `Object Created`. */
export interface BusEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: unknown;
  readonly [other: string]: unknown;
}

export interface RuleDeclaration {
  readonly name: string;
  readonly pattern: EventPattern;
  readonly targets: readonly RuleTarget[];
}

interface RuleTarget {
  readonly Arn: string;
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
}

interface RuleProperties {
  readonly EventPattern?: EventPattern;
  readonly State?: string;
  readonly Targets?: readonly RuleTarget[];
}

/** The enabled rules with a pattern, on the default bus. */
export function rulesOf(template: CloudTemplate): readonly RuleDeclaration[] {
  return template.ofType('AWS::Events::Rule').flatMap(({ physicalId, properties }) => {
    const { EventPattern, State, Targets = [] } = properties as unknown as RuleProperties;
    return EventPattern && State !== 'DISABLED' ? { name: physicalId, pattern: EventPattern, targets: Targets } : [];
  });
}

/** Delivers an event to the targets of every rule that it matches. */
export async function publish(event: BusEvent, rules: readonly RuleDeclaration[], deliver: DeliverTo): Promise<void> {
  for (const { pattern, targets } of rules) {
    if (!matchesPattern(pattern, event)) continue;
    await Promise.all(targets.map((target) => deliver(target.Arn, inputFor(target, event))));
  }
}

function inputFor(target: RuleTarget, event: BusEvent): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(atPath(target.InputPath, event));
  if (!target.InputTransformer) return JSON.stringify(event);
  const { InputPathsMap = {}, InputTemplate } = target.InputTransformer;
  return InputTemplate.replace(/("?)<([\w-]+)>("?)/g, (whole, before: string, name: string, after: string) => {
    const path = InputPathsMap[name];
    if (!path) return whole;
    const value = atPath(path, event);
    // Inside quotes the text itself stands, alone the JSON value.
    return before && after ? JSON.stringify(String(value)) : `${before}${JSON.stringify(value) ?? ''}${after}`;
  });
}

/** JSON paths as EventBridge takes them: `$`, `$.detail.bucket.name`, `$.resources[0]`. */
function atPath(path: string, event: unknown): unknown {
  const steps = [...path.matchAll(/\.([\w-]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index));
  return steps.reduce<unknown>((value, step) => Object(value)[step], event);
}
