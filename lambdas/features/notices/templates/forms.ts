import * as z from 'zod';
import { LinkToken } from './accounts.ts';

const Instant = z.iso.datetime();
const withLink = { token: LinkToken, expiresAt: Instant };

/** To people who have filled in a form of an organisation's, and to the staff for whom it is. */
export const formTemplates = {
  'form-confirm': z.strictObject({ form: z.enum(['newsletter', 'enquiry', 'sign-up', 'ticket']), ...withLink }),
  'subscription-begun': z.strictObject(withLink),
  'enquiry-answered': z.strictObject(withLink),
  'enquiry-waiting': z.strictObject({ at: Instant }),
  /** What is said of the event stands on the page of the link. */
  'sign-up': z.strictObject({
    what: z.enum(['place', 'waiting', 'moved-up', 'event-changed', 'event-cancelled']),
    ...withLink,
  }),
} as const;
