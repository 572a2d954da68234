import * as z from 'zod';

/** Word of an erasure that no request asked for. `what`: who is gone, a person in an organisation or an account. */
export const erasureTemplates = {
  'erasure-done': z.strictObject({ what: z.enum(['person', 'account']), at: z.iso.datetime() }),
} as const;
