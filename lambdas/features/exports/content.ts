import * as z from 'zod';
import type { ActivityLine } from '../../platform/activity-log.ts';
import type { EntityDeclaration } from '../../platform/entity.ts';
import type { Collected, Held } from './collect.ts';
import type { TextDecision } from './export.ts';
import { fieldWords, wordsOf } from './field-words.ts';
import { idsIn, otherLabels, withLabels } from './others.ts';
import { type LeftOut, redacted } from './texts.ts';

/** What an export says of one entity, as it leaves: texts redacted, others as labels. */
export interface Part {
  readonly entity: EntityDeclaration;
  readonly records: readonly unknown[];
}
/** One line of `data/activity.json`: when, what (a code), and who by role. */
export const SeenLine = z.strictObject({ at: z.iso.datetime(), event: z.string(), by: z.string() });
type SeenLine = z.output<typeof SeenLine>;

export interface Content {
  readonly collected: Collected;
  readonly parts: readonly Part[];
  readonly seen: readonly SeenLine[];
  readonly leftOut: readonly LeftOut[];
}

/** All that an export holds, decided before anything is written. Pure. */
export function contentOf(collected: Collected, decisions: readonly TextDecision[]): Content {
  const { records, leftOut } = redacted(collected.records, decisions);
  const mentioned = idsIn(records.map(({ value }) => value));
  const labels = otherLabels(mentioned, collected.selves, (id) => collected.kindOf.get(id));
  return {
    collected,
    parts: partsOf(records, labels),
    seen: collected.activity.map((line) => ({ at: line.at, event: line.event, by: actorOf(line, collected) })),
    leftOut,
  };
}

function partsOf(records: readonly Held[], labels: ReadonlyMap<string, string>): Part[] {
  const byName = new Map<string, { entity: EntityDeclaration; records: unknown[] }>();
  for (const { entity, value } of records) {
    const part = byName.get(entity.name) ?? { entity, records: [] };
    part.records.push(withLabels(value, labels));
    byName.set(entity.name, part);
  }
  const order = ({ entity }: Part) => fieldWords.indexOf(wordsOf(entity));
  return [...byName.values()].sort((one, other) => order(one) - order(other));
}

/** Who did or saw something, by role and never by name: a code that the index says in words. */
function actorOf({ actor, role, person }: ActivityLine, { selves, roleOf, kindOf, owner }: Collected): string {
  if (actor.startsWith('system:')) return 'system';
  if (person !== undefined && person === owner.subject) return 'self';
  if (actor === owner.subject) return 'self';
  if (person !== undefined && selves.has(person)) return 'guardian-who-asks';
  if (person === undefined) return selves.has(actor) ? 'self' : 'somebody';
  return (role !== undefined && roleOf.get(role)) || kindOf.get(person) || 'somebody';
}
