import * as z from 'zod';
import { RequestId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { Proposal } from './request.ts';

/** The values that stand since: a restore puts them back from here, when the ledger is replayed. */
const Rectification = z.strictObject({ requestId: RequestId, at: z.iso.datetime(), values: Proposal });
const declaration = {
  table: 'rights',
  schema: Rectification,
  schemaVersion: 1,
  purpose: 'to keep what was put right, also after a restore',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'data-subject',
  exported: 'copy',
  onErasure: 'delete',
} as const;
export const rectificationEntity = entity({
  ...declaration,
  name: 'rectification',
  sortKey: 'RECTIFICATION',
  ourRole: 'processor',
  retentionClass: 'person',
});
export const accountRectificationEntity = entity({
  ...declaration,
  name: 'account-rectification',
  sortKey: 'ACCOUNT-RECTIFICATION',
  ourRole: 'controller',
  retentionClass: 'account',
});
