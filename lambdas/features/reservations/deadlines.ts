import type { ClosureId } from '../../http/ids.ts';
import { dayIn, daysAfter } from '../../platform/calendar.ts';
import { eachDay } from './days.ts';
import { cutOffOf, type OpeningDays, openingOn } from './opening.ts';

/** A rule's deadline lies at most four weeks before the week it is of, and is reminded of at most three days before. */
const LOOK_AHEAD_DAYS = 45;
const MILLISECONDS_PER_HOUR = 60 * 60 * 1000;

/** Days that have to be spoken for until one instant. */
export interface Deadline {
  /** Tells deadlines apart: two of one instant are two if one of them is a period's own. */
  readonly key: string;
  readonly at: Date;
  /** The period that asks for an answer; absent where it is the rule's deadline. */
  readonly closureId?: ClosureId;
  /** In their order, none of them closed. */
  readonly days: readonly string[];
}

/** The deadlines that are so near that guardians are reminded now, and not over. Pure. */
export function deadlinesNear(opening: OpeningDays, timeZone: string, now: Date): Deadline[] {
  const { remindHoursBefore } = opening.rules;
  if (remindHoursBefore === undefined) return [];
  const deadlines = new Map<string, Deadline & { readonly days: string[] }>();
  for (const day of daysAhead(opening, dayIn(timeZone, now))) {
    const { kind, closure } = openingOn(opening, day);
    const at = cutOffOf(opening, timeZone, day);
    if (kind === 'closed' || !at || !isNear(at, now, remindHoursBefore)) continue;
    const closureId = closure?.answerBefore && closure.id;
    const key = `${at.toISOString()}#${closureId ?? 'RULE'}`;
    const known = deadlines.get(key) ?? { key, at, ...(closureId && { closureId }), days: [] };
    known.days.push(day);
    deadlines.set(key, known);
  }
  return [...deadlines.values()];
}

const isNear = (at: Date, now: Date, hours: number): boolean =>
  now < at && now.getTime() >= at.getTime() - hours * MILLISECONDS_PER_HOUR;

/** The days of the rules, and those of every period that asks: it may do so long before. Each once, in their order. */
function daysAhead({ closures }: OpeningDays, today: string): string[] {
  const asked = closures.filter(({ answerBefore }) => answerBefore).flatMap(({ from, until }) => eachDay(from, until));
  const days = new Set([...eachDay(today, daysAfter(today, LOOK_AHEAD_DAYS)), ...asked]);
  return [...days].filter((day) => day >= today).sort();
}
