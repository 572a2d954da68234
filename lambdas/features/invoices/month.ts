import { daysAfter } from '../../platform/calendar.ts';

/** Later a claim has lapsed (foreldelsesloven section 2: three years), and what tells an invoiced month from another may be gone. */
const MONTHS_BACK_MAX = 36;

/** The month of a day. */
export const monthIn = (day: string): string => day.slice(0, 'yyyy-mm'.length);

/** Whether a month is so long ago that nothing of it is invoiced any more. */
export function isLapsed(period: string, today: string): boolean {
  const monthsOf = (month: string) => {
    const [year = 0, number = 0] = month.split('-').map(Number);
    return year * 12 + number;
  };
  return monthsOf(monthIn(today)) - monthsOf(period) > MONTHS_BACK_MAX;
}

/** The first and the last day of a month (`2026-10`), and how many it has. */
export function monthOf(period: string): { readonly from: string; readonly until: string; readonly days: number } {
  const next = monthAfter(period);
  const until = daysAfter(`${next}-01`, -1);
  return { from: `${period}-01`, until, days: Number(until.slice('yyyy-mm-'.length)) };
}

export function monthAfter(period: string): string {
  const [year = 0, month = 0] = period.split('-').map(Number);
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`;
}

export function monthBefore(period: string): string {
  const [year = 0, month = 0] = period.split('-').map(Number);
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`;
}
