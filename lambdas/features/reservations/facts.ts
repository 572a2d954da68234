import type { Call, RoleCaller } from '../../http/call.ts';
import type { PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn, daysAfter, daysOfWeek } from '../../platform/calendar.ts';
import type { Stored } from '../../platform/records.ts';
import type { ChildHere, DayEdit, StoredDay } from '../attendance/writes.ts';
import type { PersonRecord } from '../people/person.ts';
import type { Planned, Planner } from './decisions.ts';
import { nextOpenDay, type OpeningDays } from './opening.ts';
import { malformed } from './refusals.ts';
import type { standingWeeksEntity } from './standing-week.ts';
import { type ChangedDays, type ExpectedOn, reservedDay, type WeekReservations } from './views.ts';

/** How far ahead a week can be planned. */
const DAYS_AHEAD_MAX = 366;

/** A child with the days asked for, in their order. */
export interface ChildWithDays {
  readonly child: ChildHere;
  readonly person: PersonRecord;
  readonly standing: Stored<typeof standingWeeksEntity> | undefined;
  readonly days: readonly (StoredDay | undefined)[];
}

export interface Facts {
  readonly timeZone: string;
  /** With every closure from today and from the first of the days on. */
  readonly opening: OpeningDays;
  /** In the order asked for; undefined for whoever is not there, or has no attendance. */
  readonly children: readonly (ChildWithDays | undefined)[];
}

/** Throws `malformed-request` for a week 53 that the year does not have. */
export function daysOf(week: string): readonly string[] {
  const days = daysOfWeek(week);
  if (!days) throw malformed('params', 'week', 'The year has no such week.');
  return days;
}

/** Throws `wrong-state` for a week that is over, or too far ahead. */
export function demandPlannable(days: readonly string[], timeZone: string, now: Date): void {
  const today = dayIn(timeZone, now);
  if (days.at(-1)! < today) throw new Problem('wrong-state', 'The week is over.');
  if (days[0]! > daysAfter(today, DAYS_AHEAD_MAX)) {
    throw new Problem('wrong-state', `At most ${DAYS_AHEAD_MAX} days ahead.`);
  }
}

/** Throws `malformed-request` for a day twice or outside the week, and for a child that leaves before it comes. */
export function demandOfWeek(expected: readonly ExpectedOn[], days: readonly string[]): void {
  const seen = new Set<string>();
  for (const { day, from, until } of expected) {
    if (!days.includes(day)) throw malformed('body', 'days', `${day} is no day of the week.`);
    if (seen.has(day)) throw malformed('body', 'days', `${day} stands there twice.`);
    if (until !== undefined && until <= from) throw malformed('body', 'days', `On ${day}: not after \`from\`.`);
    seen.add(day);
  }
}

export const plannerOf = ({ opening, timeZone }: Facts, { person }: ChildWithDays, call: Call): Planner => ({
  mayAlways: ['leader', 'staff'].includes(callerOf(call).role),
  opening,
  timeZone,
  now: call.now,
  placements: person.placements,
});

/** What has to be written of what was planned; each beside the version that it was decided on. */
export const editsOf = (planned: readonly Planned[], days: readonly (StoredDay | undefined)[]): DayEdit[] =>
  planned.flatMap(({ after }, i) => (after ? [{ before: days[i], after }] : []));

/** A week has the versions of its days, counted together: whatever changes one of them changes it. */
export const versionOf = (days: readonly (StoredDay | undefined)[]): number =>
  1 + days.reduce((versions, day) => versions + (day?.version ?? 0), 0);

export function weekView(
  { week, days }: { readonly week: string; readonly days: readonly string[] },
  facts: Facts,
  { child, days: stored }: ChildWithDays,
  planned: readonly Planned[],
  now: Date,
): WeekReservations {
  const { opening, timeZone } = facts;
  return {
    personId: child.personId,
    week,
    timeZone,
    version: versionOf(stored) + planned.filter(({ after }) => after).length,
    days: days.map((day, i) =>
      reservedDay({ day, stored: planned[i]?.after ?? stored[i]?.value }, opening, timeZone, now),
    ),
    ...nextOpen(facts, now),
  };
}

export const changedDays = (personId: PersonId, planned: readonly Planned[], facts: Facts, now: Date): ChangedDays => ({
  personId,
  days: planned.map(({ day, outcome }) => ({ day, outcome })),
  ...nextOpen(facts, now),
});

export function nextOpen({ opening, timeZone }: Pick<Facts, 'opening' | 'timeZone'>, now: Date) {
  const day = nextOpenDay(opening, timeZone, now);
  return { ...(day !== undefined && { nextOpenDay: day }) };
}

/** The chain lets nobody without a role reach a route for roles. */
export function callerOf(call: Call): RoleCaller {
  if (!call.role) throw new Error('A route for roles without a role');
  return call.role;
}
