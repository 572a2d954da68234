import * as z from 'zod';
import { AccountId, ExportId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { JOB_KEY_PREFIX } from '../exports/export.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { PlainDate } from '../people/person.ts';

/** Of one file, which is made in memory: a longer time is exported in several. */
export const EVENTS_MAX = 50_000;
export const ATTEMPTS_MAX = 10;

/**
 * A copy of the activity log of some days, which its organisation can check without us. Ids, counts and instants; the
 * file is sealed under the organisation's own key for exports, and dies with it.
 */
export const ActivityExport = z.strictObject({
  id: ExportId,
  state: z.enum(['ordered', 'ready', 'too-many-events', 'failed']),
  from: PlainDate,
  to: PlainDate,
  orderedBy: z.strictObject({ personId: PersonId, accountId: AccountId }),
  orderedAt: z.iso.datetime(),
  attempts: z.int().min(0).max(ATTEMPTS_MAX),
  readyAt: z.iso.datetime().optional(),
  expiresAt: z.iso.datetime().optional(),
  events: z.int().min(0).max(EVENTS_MAX).optional(),
  bytes: z.int().min(1).optional(),
});
export type ActivityExport = z.output<typeof ActivityExport>;

export const activityExportEntity = entity({
  name: 'activity-export',
  table: 'transient',
  sortKey: 'ACTIVITY-EXPORT',
  schema: ActivityExport,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to give an organisation its activity log',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'use',
  retentionClass: 'export',
  exported: { not: 'it is an export itself, and is gone after seven days' },
  onErasure: 'delete',
});

export const activityExportRef = (organisationId: OrganisationId, id: ExportId) =>
  ({ entity: activityExportEntity, owner: organisationOwner(organisationId), key: id }) as const;

/** Where the file lies in the bucket, and what it is bound to. */
export const fileKeyOf = (id: ExportId) => `activity-exports/${id}`;
export const filePlaceOf = (id: ExportId) => `activity-export|${id}`;

/** What stands where other jobs name their subject. */
export const ACTIVITY_JOB = 'ACTIVITY';

export const activityExportPointers = {
  /** Writing it wakes the exporter, through the stream (keys only). */
  job: (organisationId: OrganisationId, id: ExportId): PointerKey => ({
    table: 'transient',
    pk: `${JOB_KEY_PREFIX}${organisationId}#${ACTIVITY_JOB}`,
    sk: id,
  }),
  /** All that there are: the sweep's way. Attributes: `organisationId`. */
  all: (id: ExportId | ''): PointerKey => ({ table: 'transient', pk: 'ACTIVITY-EXPORTS', sk: id }),
};
