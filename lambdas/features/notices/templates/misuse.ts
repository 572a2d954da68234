import * as z from 'zod';

const Instant = z.iso.datetime();

export const misuseTemplates = {
  /** `browser`: its family, as it is counted; a place is never said, because nobody looks it up. */
  'sign-in-new': z.strictObject({
    at: Instant,
    novelty: z.enum(['browser', 'network', 'browser-and-network']),
    browser: z.string().max(40),
  }),
  'sign-ins-failed': z.strictObject({ at: Instant }),
  'abuse-reported': z.strictObject({}),
  'abuse-report-handled': z.strictObject({}),
} as const;
