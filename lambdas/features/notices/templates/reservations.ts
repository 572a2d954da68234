import * as z from 'zod';
import { PersonId } from '../../../http/ids.ts';
import { PlainDate } from '../../people/person.ts';

/** The first and the last day of which nobody has said whether the child comes; not sent any more after `expiresAt`. */
const DaysDue = z.strictObject({ childId: PersonId, expiresAt: z.iso.datetime(), from: PlainDate, until: PlainDate });

export const reservationTemplates = { 'times-due': DaysDue, 'holiday-answer-due': DaysDue } as const;
