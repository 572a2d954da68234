import * as z from 'zod';
import { LegalHoldId, PersonId } from '../../http/ids.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import type { PointerKey, Records, Stored } from '../../platform/records.ts';

/** What forbids to erase for a while (Art. 17(3)(b) and (e)): by law, by order, or for a claim. */
export const holdBases = [
  'legal-claim',
  'court-order',
  'supervisory-authority',
  'child-welfare-act',
  'kindergarten-act',
  'bookkeeping-act',
  'working-environment-act',
  'health-personnel-act',
  'archives-act',
] as const;

/** In force until it is lifted. Ids, codes and instants: it must be readable when all else is closed. */
export const LegalHold = z
  .strictObject({
    id: LegalHoldId,
    personId: PersonId,
    basis: z.enum(holdBases),
    since: z.iso.datetime(),
    by: PersonId,
    liftedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'LegalHold' });
export type LegalHold = z.output<typeof LegalHold>;

export const legalHoldEntity = entity({
  name: 'legal-hold',
  table: 'rights',
  sortKey: 'LEGAL-HOLD',
  schema: LegalHold,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to keep what the law forbids to erase, for as long as it does',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'controller',
  retentionClass: 'consent',
  exported: 'copy',
  onErasure: { keepUntil: '3 years after it last mattered', law: 'GDPR Art. 5(2), Art. 17(3)(b)' },
});

/** Holds of one person, lifted ones too: more is a mistake. */
export const HOLDS_MAX = 50;

export const legalHoldRef = (owner: Owner, id: LegalHoldId) => ({ entity: legalHoldEntity, owner, key: id }) as const;
/** A controller's holds in force. Attribute: `subject`. */
export const legalHoldPointer = (controller: Owner['controller'], id: LegalHoldId | ''): PointerKey => ({
  table: 'core',
  pk: `${controller}#LEGAL-HOLDS`,
  sk: id,
});

/**
 * The n-th hold of somebody, lifted or not, takes the n-th row in their partition: whoever erases demands that the next
 * one is free, so that no hold is put between the look at them and the fence.
 */
export const holdNumberPointer = ({ controller, subject }: Owner, number: number): PointerKey => ({
  table: 'core',
  pk: `${controller}#${subject}`,
  sk: `LEGAL-HOLD-NUMBER#${number}`,
});

/** The holds in force about somebody: whoever erases asks first. One round trip. */
export async function holdsOn(records: Records, owner: Owner): Promise<readonly Stored<typeof legalHoldEntity>[]> {
  return (await readHolds(records, owner)).inForce;
}

/** With how many there have ever been. One round trip. */
export async function readHolds(records: Records, owner: Owner) {
  const { items } = await records.list(legalHoldEntity, owner, { limit: HOLDS_MAX });
  return { inForce: items.filter(({ value }) => value.liftedAt === undefined), count: items.length };
}
