import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { type OrganisationId, PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { ofTheOrganisation } from '../organisations/of-the-organisation.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { adjustable, LENGTHENED_YEARS_MAX } from './policy.ts';

/** A length of time by the calendar: `{ "months": 6 }`. */
export const LengthSchema = z
  .union([
    z.strictObject({
      days: z
        .int()
        .min(1)
        .max(366 * LENGTHENED_YEARS_MAX),
    }),
    z.strictObject({
      months: z
        .int()
        .min(1)
        .max(12 * LENGTHENED_YEARS_MAX),
    }),
    z.strictObject({ years: z.int().min(1).max(LENGTHENED_YEARS_MAX) }),
  ])
  .meta({ id: 'TermLength', description: 'By the calendar, ending at 24:00 of the local day.' });

const BASIS_CHARACTERS_MAX = 300;
const Adjustment = z
  .strictObject({
    length: LengthSchema,
    /** The law or ground that a longer term rests on. */
    basis: oneLine({ max: BASIS_CHARACTERS_MAX }).optional(),
  })
  .meta({ id: 'TermAdjustment' });

export const AdjustmentsSchema = z
  .strictObject(
    Object.fromEntries(adjustable.map((kept) => [kept, Adjustment.optional()])) as Record<
      (typeof adjustable)[number],
      z.ZodOptional<typeof Adjustment>
    >,
  )
  .meta({ id: 'TermAdjustments' });

/** What an organisation has decided about its own terms, by whom and when. */
export const RetentionAdjustments = z.strictObject({
  adjustments: AdjustmentsSchema,
  decidedBy: PersonId,
  decidedAt: z.iso.datetime(),
});
export type RetentionAdjustments = z.output<typeof RetentionAdjustments>;

export const retentionAdjustmentsEntity = entity({
  ...ofTheOrganisation,
  name: 'retention-adjustments',
  sortKey: 'RETENTION-ADJUSTMENTS',
  schema: RetentionAdjustments,
  purpose: "to keep data no longer than the organisation's own terms allow",
});

export const adjustmentsRef = (organisationId: OrganisationId) =>
  ({ entity: retentionAdjustmentsEntity, owner: organisationOwner(organisationId) }) as const;
