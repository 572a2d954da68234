import * as z from 'zod';
import { LinkToken } from './accounts.ts';

const Instant = z.iso.datetime();
const about = { token: LinkToken, expiresAt: Instant, kind: z.enum(['invoice', 'credit-note']) };

/** To those who look after what an organisation or a customer pays; amounts stand behind the link. */
export const invoiceTemplates = {
  'invoice-ready': z.strictObject(about),
  'invoice-reminder': z.strictObject(about),
} as const;
