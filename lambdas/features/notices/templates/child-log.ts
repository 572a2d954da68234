import * as z from 'zod';
import { PersonId } from '../../../http/ids.ts';

const count = z.int().min(0);

/** The day of a child in numbers: nothing of its health, and nothing of what anybody wrote. */
export const childLogTemplates = {
  'daily-summary': z.strictObject({
    childId: PersonId,
    sleeps: count,
    meals: count,
    nappies: count,
    notes: count,
    /** 24:00 of the day: later it is no news. */
    expiresAt: z.iso.datetime(),
  }),
} as const;
