import * as z from 'zod';
import { PersonId, RequestId } from '../../../http/ids.ts';

const Instant = z.iso.datetime();
/** Of one request, to whoever asked or has to answer. Which right it is about never stands in a mail. */
const aboutRequest = z.strictObject({
  requestId: RequestId,
  dueAt: Instant,
  timeZone: z.string().max(60),
  /** Who has none cannot sign in to read more. */
  hasAccount: z.boolean(),
  extendedFor: z.enum(['complexity', 'number-of-requests']).optional(),
  /** When a delay or a restriction ends. */
  endsAt: Instant.optional(),
});
/** To guardians. The child's id is there for its protected address alone: no name is written. */
const aboutChild = z.strictObject({ requestId: RequestId, childIds: z.array(PersonId).length(1) });

export const requestTemplates = {
  'request-received': aboutRequest,
  'request-waiting': aboutRequest,
  'request-extended': aboutRequest,
  'request-refused': aboutRequest,
  'request-met': aboutRequest,
  'request-in-force': aboutRequest,
  'request-ending': aboutRequest,
  'request-incomplete': aboutRequest,
  'request-to-decide': aboutRequest,
  'request-due': aboutRequest,
  'request-overdue': aboutRequest,
  'request-about-child': aboutChild,
  'request-rectified': aboutChild,
} as const;
