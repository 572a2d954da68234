import * as z from 'zod';
import { LinkToken } from './accounts.ts';

const Instant = z.iso.datetime();
const withLink = z.strictObject({ token: LinkToken, expiresAt: Instant });

/** Answers to people without an account, and the channel to the data-protection officer. */
export const claimTemplates = {
  'claim-answer': withLink,
  'claim-certificate': withLink,
  /** The code is sealed with the notice, and dropped once the mail is out. */
  'claim-code': z.strictObject({ code: z.string().regex(/^\d{6}$/), expiresAt: Instant }),
  'dpo-confirm': withLink,
  'dpo-answer': z.strictObject({ at: Instant }),
  'dpo-answer-link': withLink,
  'dpo-message': z.strictObject({ at: Instant }),
} as const;
