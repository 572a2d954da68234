import * as z from 'zod';
import { AccountId, ExportId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { JOB_KEY_PREFIX } from '../exports/export.ts';
import { organisationOwner } from '../organisations/organisation.ts';

/** ZIP files of one export. Each is made in memory, so that a large organisation has several. */
export const PARTS_MAX = 200;
/** Tries without a part more than before. */
export const ATTEMPTS_MAX = 10;

/**
 * A copy of all that an organisation has, as it goes back to it (GDPR Art. 28(3)(g), ALL-09). Ids, counts and instants;
 * the files are sealed under the organisation's own key for exports, and die with it.
 */
export const OrganisationExport = z.strictObject({
  id: ExportId,
  state: z.enum(['ordered', 'ready', 'failed']),
  orderedBy: z.strictObject({ personId: PersonId, accountId: AccountId }),
  orderedAt: z.iso.datetime(),
  /** Sizes of the ZIP files that are there; the first holds the organisation itself and its registers. */
  parts: z.array(z.strictObject({ bytes: z.int().min(1), people: z.int().min(0) })).max(PARTS_MAX),
  /** The last person whose data stands in a part: where a worker goes on. */
  after: z.string().max(80).optional(),
  attempts: z.int().min(0).max(ATTEMPTS_MAX),
  readyAt: z.iso.datetime().optional(),
  expiresAt: z.iso.datetime().optional(),
});
export type OrganisationExport = z.output<typeof OrganisationExport>;

export const organisationExportEntity = entity({
  name: 'organisation-export',
  table: 'transient',
  sortKey: 'ORGANISATION-EXPORT',
  schema: OrganisationExport,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: "to return an organisation's data to it",
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'use',
  retentionClass: 'export',
  exported: { not: 'it is the export itself, and is gone after seven days' },
  onErasure: 'delete',
});

export const organisationExportRef = (organisationId: OrganisationId, id: ExportId) =>
  ({ entity: organisationExportEntity, owner: organisationOwner(organisationId), key: id }) as const;

/** Where a part lies in the bucket, and what it is bound to. Parts count from 1. */
export const partKeyOf = (id: ExportId, part: number) => `organisation-exports/${id}-${part}`;
export const partPlaceOf = (id: ExportId, part: number) => `organisation-export|${id}|${part}`;

export const organisationExportPointers = {
  /** Writing it wakes the exporter, through the stream (keys only). */
  job: (organisationId: OrganisationId, id: ExportId): PointerKey => ({
    table: 'transient',
    pk: `${JOB_KEY_PREFIX}${organisationId}#${organisationId}`,
    sk: id,
  }),
  /** All that there are: the sweep's way. Attributes: `organisationId`. */
  all: (id: ExportId | ''): PointerKey => ({ table: 'transient', pk: 'ORGANISATION-EXPORTS', sk: id }),
};
