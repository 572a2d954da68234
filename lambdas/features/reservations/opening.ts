import { dayIn, daysAfter, instantOf } from '../../platform/calendar.ts';
import type { Closure } from './closure.ts';
import { mondayOf, weekdayOf, weekdays } from './days.ts';
import { isPublicHoliday } from './public-holidays.ts';
import type { ReservationRules } from './rules.ts';

/** When an organisation is open, decided purely. */

export interface OpeningDays {
  readonly rules: ReservationRules;
  /** Those that touch the days in question. */
  readonly closures: readonly Closure[];
}

export interface Opening {
  readonly kind: 'open' | Closure['kind'];
  /** The period that makes the day what it is; absent for a weekday or public holiday on which nobody is there. */
  readonly closure?: Closure;
}

/** How far ahead the next open day is looked for. */
const LOOK_AHEAD_DAYS_MAX = 400;

export function openingOn({ rules, closures }: OpeningDays, day: string): Opening {
  const here = closures.filter(({ from, until }) => from <= day && day <= until);
  const closed = here.find(({ kind }) => kind === 'closed');
  if (closed) return { kind: 'closed', closure: closed };
  if (!rules.openWeekdays.includes(weekdayOf(day))) return { kind: 'closed' };
  if (rules.closedOnPublicHolidays && isPublicHoliday(day)) return { kind: 'closed' };
  const closure = here.find(({ kind }) => kind === 'must-answer') ?? here[0];
  return closure ? { kind: closure.kind, closure } : { kind: 'open' };
}

/**
 * The instant from which guardians may change the day no more; undefined where nothing but the day's own end is a
 * limit. A period that asks for an answer has its own deadline, in place of the rule's.
 */
export function cutOffOf(days: OpeningDays, timeZone: string, day: string): Date | undefined {
  const answerBefore = openingOn(days, day).closure?.answerBefore;
  if (answerBefore) return instantOf(timeZone, answerBefore.day, answerBefore.at);
  const { weekCutOff, dayCutOff } = days.rules;
  const deadlines = [
    weekCutOff && instantOf(timeZone, deadlineDay(day, weekCutOff), weekCutOff.at),
    dayCutOff && instantOf(timeZone, daysAfter(day, -dayCutOff.daysBefore), dayCutOff.at),
  ].filter((deadline) => deadline !== undefined);
  return deadlines.sort((one, other) => one.getTime() - other.getTime())[0];
}

const deadlineDay = (day: string, { weeksBefore, weekday }: NonNullable<ReservationRules['weekCutOff']>): string =>
  daysAfter(mondayOf(day), weekdays.indexOf(weekday) - 7 * weeksBefore);

/** Whether a guardian may still change the day: it is not over, and its cut-off has not come. */
export function isChangeable(days: OpeningDays, timeZone: string, day: string, now: Date): boolean {
  const cutOff = cutOffOf(days, timeZone, day);
  return day >= dayIn(timeZone, now) && (cutOff === undefined || now < cutOff);
}

/** The first day, today or later, that is not closed and that a guardian may still change; undefined beyond a year. */
export function nextOpenDay(days: OpeningDays, timeZone: string, now: Date): string | undefined {
  const today = dayIn(timeZone, now);
  for (let ahead = 0; ahead < LOOK_AHEAD_DAYS_MAX; ahead++) {
    const day = daysAfter(today, ahead);
    if (openingOn(days, day).kind !== 'closed' && isChangeable(days, timeZone, day, now)) return day;
  }
  return undefined;
}
