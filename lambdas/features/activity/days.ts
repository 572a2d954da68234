import { daysAfter, instantOf } from '../../platform/calendar.ts';

/** A record is kept for a year: nothing older is answered, so nothing older is looked for. */
const LOOKED_BACK_MILLISECONDS_MAX = 366 * 24 * 60 * 60 * 1000;

/** Days of an organisation, both included; without them, from the oldest record to the newest. */
export interface Days {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** From one instant until another, which is no longer in it. */
export interface Span {
  readonly from?: Date;
  readonly until?: Date;
}

export const spanOf = ({ from, to }: Days, timeZone: string): Span => ({
  ...(from !== undefined && { from: instantOf(timeZone, from) }),
  ...(to !== undefined && { until: instantOf(timeZone, daysAfter(to, 1)) }),
});

export const isIn = ({ from, until }: Span, at: string): boolean =>
  (from === undefined || from.toISOString() <= at) && (until === undefined || at < until.toISOString());

/** The months (`YYYY-MM`, UTC) that a span touches and records may still be in, newest first. Pure. */
export function monthsOf({ from, until }: Span, now: Date): string[] {
  const oldest = now.getTime() - LOOKED_BACK_MILLISECONDS_MAX;
  const first = monthIn(new Date(Math.max(oldest, from?.getTime() ?? oldest)));
  const newest = Math.min(now.getTime(), until?.getTime() ?? now.getTime());
  const months: string[] = [];
  for (let month = monthIn(new Date(newest)); month >= first; month = monthBefore(month)) months.push(month);
  return months;
}

const monthIn = (at: Date) => at.toISOString().slice(0, 'YYYY-MM'.length);

function monthBefore(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`;
}
