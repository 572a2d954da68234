import * as z from 'zod';
import { ExportId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Access, type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { ActivityExport } from './export.ts';

const EXPORTS_SHOWN_MAX = 100;
const withFreshProof: Access = { to: 'role', may: 'activity:read', proof: 'fresh' };

const { id, state, from, to, orderedAt, readyAt, expiresAt, events, bytes } = ActivityExport.shape;
const ActivityExportView = z
  .strictObject({
    id,
    state: state.meta({ description: '`too-many-events`: order fewer days at a time.' }),
    from,
    to,
    orderedAt,
    readyAt,
    expiresAt: expiresAt.meta({ description: 'It cannot be fetched after this.' }),
    events,
    bytes,
  })
  .meta({ id: 'ActivityExport' });

const Wanted = z
  .strictObject({
    from: from.meta({ description: 'The first day, as the organisation counts days.' }),
    to: to.meta({ description: 'The last day, included.' }),
  })
  .refine((days) => days.from <= days.to, { message: 'The last day is before the first.', path: ['to'] })
  .meta({ id: 'ActivityExportOrder' });

const Download = z
  .strictObject({
    url: z.url().meta({ description: 'Works for a minute, for whoever has it. Follow it at once.' }),
    expiresAt: z.iso.datetime(),
    filename: z.string(),
  })
  .meta({ id: 'ActivityExportDownload' });

export const activityExportRoutes = {
  orderActivityExport: {
    summary: 'Order a copy of the activity log',
    description:
      'A ZIP file with the log of some days: as sentences, as a spreadsheet, and as the log itself with the proofs that ' +
      'it is what was written, which `npm run verify:log` checks with the public key alone. It holds what was signed when ' +
      'it is made: the last minute may be missing. Whoever orders it is told when it is ready; it is kept for seven days.',
    tag: 'Activity',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/activity/exports',
    access: withFreshProof,
    params: inOrganisation,
    body: Wanted,
    success: { status: 201, body: ActivityExportView },
    problems: ['wrong-state'],
    needs: changingRecords,
    creates: true,
  },
  listActivityExports: {
    summary: 'List the copies of the activity log',
    tag: 'Activity',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/activity/exports',
    access: rolesThatMay('activity:read'),
    params: inOrganisation,
    success: { status: 200, body: z.strictObject({ items: z.array(ActivityExportView).max(EXPORTS_SHOWN_MAX) }) },
    problems: [],
    needs: [...readingRecords, 'transient:read'],
  },
  downloadActivityExport: {
    summary: 'Get a link to a copy of the activity log',
    description: 'The link works for a minute; ask for another as often as needed.',
    tag: 'Activity',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/activity/exports/{exportId}/downloads',
    access: withFreshProof,
    params: inOrganisation.extend({ exportId: ExportId }),
    success: { status: 200, body: Download },
    problems: ['export-not-found'],
    needs: [...changingRecords, 'exports:read', 'downloads:write'],
  },
} as const satisfies Routes;
