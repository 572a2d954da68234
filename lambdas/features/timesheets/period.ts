import * as z from 'zod';
import { daysAfter, daysOfWeek } from '../../platform/calendar.ts';

const SHAPE = /^\d{4}-(?:W\d{2}|\d{2})$/;
/** An ISO week (`2026-W47`) or a month (`2026-11`): an organisation approves by one of them. */
export const Period = z
  .string()
  .regex(SHAPE)
  .refine((period) => daysOfPeriod(period) !== undefined, 'There is no such week or month.')
  .meta({ id: 'Period', description: 'An ISO week or a month.', examples: ['2026-W47', '2026-11'] });

/** Its days in order; undefined for a week or month that the year does not have. Pure. */
export function daysOfPeriod(period: string): string[] | undefined {
  if (!SHAPE.test(period)) return undefined;
  if (period.includes('W')) return daysOfWeek(period);
  const month = Number(period.slice('yyyy-'.length));
  if (month < 1 || month > 12) return undefined;
  const days = [`${period}-01`];
  for (let next = daysAfter(days[0]!, 1); next.startsWith(period); next = daysAfter(next, 1)) days.push(next);
  return days;
}
