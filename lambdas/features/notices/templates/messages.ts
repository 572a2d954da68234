import * as z from 'zod';
import { PersonId } from '../../../http/ids.ts';

const from = z.enum(['administrator', 'leader', 'staff', 'guardian', 'member']);

/** That something waits, and in which role it was written; of what is sensitive not even that. */
export const messageTemplates = {
  'message-waiting': z.strictObject({ childId: PersonId, from, isSensitive: z.boolean() }),
  'message-waiting-for-you': z.strictObject({ from, isSensitive: z.boolean() }),
  'announcement-waiting': z.strictObject({ from }),
} as const;
