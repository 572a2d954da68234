import * as z from 'zod';
import { PersonId } from '../../../http/ids.ts';
import { PlainDate } from '../../people/person.ts';

/** The day that it is about; what, stands in the calendar alone. Not sent any more after that day. */
const aboutOneself = z.strictObject({ day: PlainDate, expiresAt: z.iso.datetime() });
const aboutAChild = aboutOneself.extend({ childId: PersonId });

export const calendarTemplates = {
  'event-invited': aboutAChild,
  'event-changed': aboutAChild,
  'event-cancelled': aboutAChild,
  'event-tomorrow': aboutAChild,
  'event-unanswered': aboutAChild,
  'own-event-invited': aboutOneself,
  'own-event-changed': aboutOneself,
  'own-event-cancelled': aboutOneself,
  'own-event-tomorrow': aboutOneself,
  'own-event-unanswered': aboutOneself,
} as const;
