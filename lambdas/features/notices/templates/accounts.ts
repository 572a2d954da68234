import * as z from 'zod';
import { roleNames } from '../../../access/roles.ts';
import { PersonId } from '../../../http/ids.ts';

const Instant = z.iso.datetime();
/** The secret part of a link; see features/links. Sealed with the notice, and dropped once the mail is out. */
export const LinkToken = z.string().regex(/^[A-Za-z0-9_-]{22,64}$/);
/** A guardian has this many children in one invitation at most. */
const CHILDREN_MAX = 20;

export const accountTemplates = {
  invitation: z.strictObject({
    token: LinkToken,
    expiresAt: Instant,
    role: z.enum(roleNames),
    /** The children that a guardian is invited for: one protected address among them silences the organisation's name. */
    childIds: z.array(PersonId).max(CHILDREN_MAX),
  }),
  'email-change-confirm': z.strictObject({ token: LinkToken, expiresAt: Instant }),
  'email-changed': z.strictObject({ at: Instant }),
  'totp-reset': z.strictObject({ token: LinkToken, expiresAt: Instant }),
} as const;
