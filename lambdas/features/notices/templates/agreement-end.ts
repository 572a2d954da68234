import * as z from 'zod';

const Day = z.iso.date();

/** The end of an organisation's agreement: days, and never what is deleted. `deletedOn`: the first day without anything. */
export const agreementEndTemplates = {
  'agreement-ends': z.strictObject({ endsOn: Day, deletedOn: Day, agreementErasedOn: Day }),
  'agreement-choice-reminder': z.strictObject({ endsOn: Day, deletedOn: Day }),
  'agreement-deletion': z.strictObject({ endsOn: Day, deletedOn: Day }),
  'organisation-export-ready': z.strictObject({ expiresAt: z.iso.datetime() }),
  'agreement-data-gone': z.strictObject({ at: z.iso.datetime() }),
} as const;
