import { daysAfter } from '../../platform/calendar.ts';

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
