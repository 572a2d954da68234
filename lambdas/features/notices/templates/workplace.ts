import * as z from 'zod';
import { PlainDate } from '../../people/person.ts';

const Instant = z.iso.datetime();
/** The last day on which it holds: which paper it is stands in the service alone. Not sent any more after that day. */
const expiring = z.strictObject({ day: PlainDate, expiresAt: Instant });

export const workplaceTemplates = {
  'own-certificate-expires': expiring,
  /** To whoever leads; whose it is they see when they sign in. */
  'certificate-expires': expiring,
  'still-clocked-in': z.strictObject({ since: Instant, expiresAt: Instant }),
} as const;
