import * as z from 'zod';
import { DistributionJobId, PersonId } from '../../../http/ids.ts';

/** The words are the organisation's own, in the recipient's language; whoever is protected gets none of them. */
const words = { jobId: DistributionJobId, subject: z.string().min(1).max(120), text: z.string().min(1).max(5_000) };

/** Through whom a guardian is meant: what stands between the two is looked at again when it is sent. */
const throughChild = { childId: PersonId.optional() };

export const distributionTemplates = {
  'job-news': z.strictObject({ ...words, ...throughChild }),
  'job-newsletter': z.strictObject(words),
  /** `token`: of the page where it is answered, without signing in. */
  'job-survey': z.strictObject({ ...words, ...throughChild, token: z.string().min(1).max(64) }),
  /** To whoever is about to send it to everybody. */
  'job-test': z.strictObject({ ...words, kind: z.enum(['news', 'newsletter', 'survey']) }),
} as const;
