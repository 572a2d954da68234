import * as z from 'zod';
import { DistributionJobId } from '../../../http/ids.ts';

/** The words are the organisation's own, in the recipient's language; whoever is protected gets none of them. */
const words = { jobId: DistributionJobId, subject: z.string().min(1).max(120), text: z.string().min(1).max(5_000) };

export const distributionTemplates = {
  'job-news': z.strictObject(words),
  'job-newsletter': z.strictObject(words),
  /** `token`: of the page where it is answered, without signing in. */
  'job-survey': z.strictObject({ ...words, token: z.string().min(1).max(64) }),
  /** To whoever is about to send it to everybody. */
  'job-test': z.strictObject({ ...words, kind: z.enum(['news', 'newsletter', 'survey']) }),
} as const;
