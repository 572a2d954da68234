import * as z from 'zod';
import { TicketNumber } from '../../tickets/ticket-number.ts';
import { LinkToken } from './accounts.ts';

const Instant = z.iso.datetime();

/** To whoever asked for help, and to those who help; what was written is in none of them. */
export const ticketTemplates = {
  'ticket-answered': z.strictObject({
    number: TicketNumber,
    token: LinkToken,
    expiresAt: Instant,
    /** Of the address that takes the answer by mail. */
    mailToken: z.string().regex(/^[0-9a-f]{40}$/),
  }),
  'ticket-waiting': z.strictObject({ number: TicketNumber, at: Instant }),
  'correction-waiting': z.strictObject({ at: Instant }),
  'correction-answered': z.strictObject({ at: Instant }),
} as const;
