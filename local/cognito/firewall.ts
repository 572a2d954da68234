import * as z from 'zod';

/** The header that AWS WAF is shown with each request to a user pool (Cognito developer guide, "AWS WAF web ACLs"). */
const OPERATION_HEADER = 'x-amzn-cognito-operation-name';

const OperationMatch = z.strictObject({
  ByteMatchStatement: z.strictObject({
    FieldToMatch: z.strictObject({ SingleHeader: z.strictObject({ Name: z.literal(OPERATION_HEADER) }) }),
    PositionalConstraint: z.literal('EXACTLY'),
    SearchString: z.string(),
    TextTransformations: z.array(z.strictObject({ Priority: z.number(), Type: z.literal('NONE') })),
  }),
});
const AnyOperation = z.strictObject({ OrStatement: z.strictObject({ Statements: z.array(OperationMatch) }) });
const RatePerAddress = z.strictObject({
  RateBasedStatement: z.strictObject({
    AggregateKeyType: z.literal('IP'),
    Limit: z.number().int().positive(),
    EvaluationWindowSec: z.number().positive().default(300),
  }),
});
const Rule = z.object({
  Priority: z.number(),
  // Strict: an answer of the rule's own would not be given here.
  Action: z.strictObject({ Block: z.strictObject({}) }),
  Statement: z.union([AnyOperation, OperationMatch, RatePerAddress]),
});
const WebAcl = z.object({
  DefaultAction: z.strictObject({ Allow: z.strictObject({}) }),
  Rules: z.array(Rule),
});

export type FirewallRule =
  | { readonly blocks: 'operations'; readonly operations: ReadonlySet<string> }
  | { readonly blocks: 'rate'; readonly requestsMax: number; readonly windowMilliseconds: number };

/**
 * Reads an AWS::WAFv2::WebACL, properties resolved; the rules in the order of their priority. Throws on what is not played here:
 * other statements than on the operation's name and on the rate of an address, other actions than to block.
 */
export function firewallFromTemplate(webAcl: {
  readonly logicalId: string;
  readonly properties: unknown;
}): readonly FirewallRule[] {
  const parsed = WebAcl.safeParse(webAcl.properties);
  if (parsed.success) return parsed.data.Rules.toSorted((a, b) => a.Priority - b.Priority).map(ruleOf);
  throw new Error(`The embedded Cognito cannot stand behind ${webAcl.logicalId}:\n${z.prettifyError(parsed.error)}`);
}

function ruleOf({ Statement }: z.output<typeof Rule>): FirewallRule {
  if ('RateBasedStatement' in Statement) {
    const { Limit, EvaluationWindowSec } = Statement.RateBasedStatement;
    return { blocks: 'rate', requestsMax: Limit, windowMilliseconds: EvaluationWindowSec * 1000 };
  }
  const matches = 'OrStatement' in Statement ? Statement.OrStatement.Statements : [Statement];
  return { blocks: 'operations', operations: new Set(matches.map((match) => match.ByteMatchStatement.SearchString)) };
}

export interface FirewallRequest {
  readonly operation: string;
  readonly address: string;
}

/** True when every rule lets the request pass. Each request that reaches a rate's rule counts, blocked ones included. */
export type Firewall = (request: FirewallRequest) => boolean;

export function firewall(rules: readonly FirewallRule[], nowMilliseconds: () => number): Firewall {
  const mayPass = rules.map((rule): Firewall => {
    if (rule.blocks === 'operations') return ({ operation }) => !rule.operations.has(operation);
    return withinRate(rule, nowMilliseconds);
  });
  return (request) => mayPass.every((rule) => rule(request));
}

function withinRate(
  { requestsMax, windowMilliseconds }: Extract<FirewallRule, { blocks: 'rate' }>,
  nowMilliseconds: () => number,
): Firewall {
  const lastOf = new Map<string, number[]>();
  return ({ address }) => {
    const now = nowMilliseconds();
    const last = lastOf.get(address) ?? [];
    lastOf.set(address, last);
    last.push(now);
    if (last.length <= requestsMax) return true;
    // Of the newest `requestsMax + 1`, the oldest tells whether one window holds them all.
    if (last.length > requestsMax + 1) last.shift();
    const [oldest = now] = last;
    return oldest <= now - windowMilliseconds;
  };
}
