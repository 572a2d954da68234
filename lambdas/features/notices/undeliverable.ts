import * as z from 'zod';
import { entity, type Owner, type Ref } from '../../platform/entity.ts';

/** The address that mail could not be sent to. Compared with the present one: a new address lifts it. */
const UndeliverableAddress = z.strictObject({ address: z.string().max(254), since: z.iso.datetime() });

export const undeliverableAddressEntity = entity({
  name: 'undeliverable-address',
  table: 'transient',
  sortKey: 'UNDELIVERABLE-ADDRESS',
  schema: UndeliverableAddress,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to stop writing to an address that refuses mail',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'use',
  retentionClass: 'notice',
  exported: 'copy',
  onErasure: 'delete',
});

export const undeliverableAddressRef = (owner: Owner): Ref<typeof undeliverableAddressEntity> => ({
  entity: undeliverableAddressEntity,
  owner,
});
