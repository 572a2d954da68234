import * as z from 'zod';
import { entity, type Owner, type Ref } from '../../../platform/entity.ts';

/** The number that SMS could not be sent to. Compared with the present one: a new number lifts it. */
const UndeliverableNumber = z.strictObject({ number: z.string().max(16), since: z.iso.datetime() });

export const undeliverableNumberEntity = entity({
  name: 'undeliverable-number',
  table: 'transient',
  sortKey: 'UNDELIVERABLE-NUMBER',
  schema: UndeliverableNumber,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to stop writing to a number that takes no messages',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'use',
  retentionClass: 'notice',
  exported: 'copy',
  onErasure: 'delete',
});

export const undeliverableNumberRef = (owner: Owner): Ref<typeof undeliverableNumberEntity> => ({
  entity: undeliverableNumberEntity,
  owner,
});
