import * as z from 'zod';
import { PersonId } from '../../../http/ids.ts';

/** The child that it is about: its id is there for its protected address alone, no name is written. */
const childIds = z.array(PersonId).max(1);

export const statementTemplates = {
  /** `token`: of the page that says what has changed. */
  'statement-changed': z.strictObject({
    version: z.string().max(80),
    token: z.string().min(1).max(64),
    expiresAt: z.iso.datetime(),
  }),
  /** To guardians and the child itself, or to whoever consented to what has changed since. */
  'consent-asked-anew': z.strictObject({
    because: z.enum(['age', 'purpose-changed']),
    answerBefore: z.iso.date(),
    childIds,
  }),
  'consent-withdrawn': z.strictObject({ at: z.iso.datetime(), childIds }),
} as const;
