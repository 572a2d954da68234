import * as z from 'zod';
import { ExportId, FileId, PersonId, PhotoId, type RequestId, RoleId, ThreadId } from '../../http/ids.ts';
import { type ControllerId, entity, type Owner } from '../../platform/entity.ts';
import { DEVICES_MAX } from '../devices/device.ts';

export const ADDRESSES_MAX = 30;
export const ROWS_MAX = 2_000;

/**
 * What must be known of somebody after their keys are gone, to find what lies elsewhere and to verify that it is gone.
 * Sealed under a subject made for the erasure, and destroyed with it.
 */
export const ErasureTraces = z.strictObject({
  /** Wherever mail may have gone: what SES may have put on its list. */
  addresses: z.array(z.string().max(254)).max(ADDRESSES_MAX),
  /** Where word of the erasure goes. */
  email: z.string().max(254).optional(),
  language: z.enum(['nb', 'en']),
  /** Cognito's subject, of an account. */
  sub: z.string().max(64).optional(),
  /** Sort keys of the rows by which claims in Lookup are found: HMACs. */
  lookups: z.array(z.string().max(200)).max(ROWS_MAX),
  /** Others in whose partitions links and blocks name the erased. */
  relatives: z.array(PersonId).max(ROWS_MAX),
  roleIds: z.array(RoleId).max(ROWS_MAX),
  /** Ids of exports, whose files are named by them. */
  exportIds: z.array(ExportId).max(ROWS_MAX),
  /** What they held a share of, and what was about them; and their files. Verified as far as there is room for them. */
  held: z
    .array(z.union([ThreadId, PhotoId]))
    .max(ROWS_MAX)
    .default([]),
  about: z
    .array(z.union([ThreadId, PhotoId]))
    .max(ROWS_MAX)
    .default([]),
  fileIds: z.array(FileId).max(ROWS_MAX).default([]),
  /** What SNS made of an account's devices. */
  endpointArns: z.array(z.string().max(512)).max(DEVICES_MAX).default([]),
});
export type ErasureTraces = z.output<typeof ErasureTraces>;

export const erasureTracesEntity = entity({
  name: 'erasure-traces',
  table: 'transient',
  sortKey: 'ERASURE-TRACES',
  schema: ErasureTraces,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to find and verify what has to go outside the tables when somebody is erased',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'use',
  retentionClass: 'request',
  exported: { not: 'it exists only while an erasure runs, and is destroyed with it' },
  onErasure: 'delete',
});

export const tracesOwner = (controller: ControllerId, tracesId: RequestId): Owner => ({
  controller,
  subject: tracesId,
});
export const tracesRef = (controller: ControllerId, tracesId: RequestId) =>
  ({ entity: erasureTracesEntity, owner: tracesOwner(controller, tracesId) }) as const;

export const noTraces: ErasureTraces = {
  addresses: [],
  language: 'nb',
  lookups: [],
  relatives: [],
  roleIds: [],
  exportIds: [],
  held: [],
  about: [],
  fileIds: [],
  endpointArns: [],
};
