import { type AttendanceDay, emptyDay } from '../../lambdas/features/attendance/attendance-day.ts';
import type { PersonId } from '../../lambdas/http/ids.ts';
import { daysAfter, instantOf } from '../../lambdas/platform/calendar.ts';
import type { Chance } from './chance.ts';

export const ZONE = 'Europe/Oslo';
/** So far back, and so far ahead with the times that guardians have given. */
const DAYS_BACK = 365;
const DAYS_AHEAD = 21;

/** The days on which the kindergarten is open, a year back and three weeks ahead. Pure. */
export function openDays(today: string, isClosed: (day: string) => boolean): string[] {
  return Array.from({ length: DAYS_BACK + DAYS_AHEAD + 1 }, (_, i) => daysAfter(today, i - DAYS_BACK)).filter(
    (day) => !isWeekend(day) && !isClosed(day),
  );
}

const isWeekend = (day: string) => [0, 6].includes(new Date(`${day}T12:00:00Z`).getUTCDay());

export interface DayOf {
  readonly day: string;
  readonly today: string;
  readonly guardianId: PersonId;
  readonly staffId: PersonId;
}

/** One day of one child: expected, and as it went. What lies ahead is expected alone. Pure. */
export function aDay({ day, today, guardianId, staffId }: DayOf, chance: Chance): AttendanceDay {
  const [from, until] = [chance.whole(7 * 60, 8 * 60 + 45), chance.whole(15 * 60, 16 * 60 + 45)];
  const expected = { from: clock(from), until: clock(until), by: guardianId };
  const at = (minutes: number) => new Date(instantOf(ZONE, day).getTime() + minutes * 60_000).toISOString();
  if (chance.percent(day > today ? 2 : 6)) {
    const reason = chance.percent(40) ? ('holiday' as const) : ('other' as const);
    return { ...emptyDay(day), expected, absence: { reason, by: guardianId, at: at(7 * 60) } };
  }
  if (day > today) return { ...emptyDay(day), expected };
  const came = from + chance.whole(-10, 25);
  const stay = { id: '1', checkedInAt: at(came), checkedInBy: staffId };
  // Today they are there, whenever somebody looks.
  const stays =
    day === today ? [stay] : [{ ...stay, checkedOutAt: at(until - chance.whole(0, 30)), checkedOutBy: staffId }];
  return { ...emptyDay(day), expected, stays };
}

const clock = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
