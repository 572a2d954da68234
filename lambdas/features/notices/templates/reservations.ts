import * as z from 'zod';
import { PersonId } from '../../../http/ids.ts';
import { PlainDate } from '../../people/person.ts';

/** More days than any deadline of ours is about. */
export const DAYS_DUE_MAX = 100;

/**
 * The first and the last day of which nobody has said whether the child comes; not sent any more after `expiresAt`.
 * `days`: all of them, so that it is not sent any more either when they have been spoken for.
 */
const DaysDue = z.strictObject({
  childId: PersonId,
  expiresAt: z.iso.datetime(),
  from: PlainDate,
  until: PlainDate,
  days: z.array(PlainDate).max(DAYS_DUE_MAX).optional(),
});

export const reservationTemplates = { 'times-due': DaysDue, 'holiday-answer-due': DaysDue } as const;
