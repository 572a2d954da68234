import * as z from 'zod';
import { daysOfWeek } from '../../platform/calendar.ts';

/** An ISO week (ISO 8601): Monday to Sunday. */
export const IsoWeek = z
  .string()
  .refine((week) => daysOfWeek(week) !== undefined, 'not an ISO week')
  .meta({ id: 'IsoWeek', examples: ['2026-W48'] });
