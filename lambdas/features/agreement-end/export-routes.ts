import * as z from 'zod';
import { ExportId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Access, type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { OrganisationExport, PARTS_MAX } from './organisation-export.ts';

/** Also when the agreement has ended: the data goes back then (ALL-09). */
const administratorsWithFreshProof: Access = {
  to: 'role',
  may: 'organisation:export',
  proof: 'fresh',
  beforeAgreement: true,
};

const { id, state, orderedAt, readyAt, expiresAt, parts } = OrganisationExport.shape;
const OrganisationExportView = z
  .strictObject({
    id,
    state,
    orderedAt,
    readyAt,
    expiresAt: expiresAt.meta({ description: 'It cannot be fetched after this.' }),
    parts: parts.meta({
      description: 'ZIP files, the first with the registers and agreements, the others with people.',
    }),
  })
  .meta({ id: 'OrganisationExport' });

const EXPORTS_SHOWN_MAX = 100;
const Part = z
  .strictObject({
    url: z.url().meta({ description: 'Works for a minute, for whoever has it. Follow it at once.' }),
    expiresAt: z.iso.datetime(),
    filename: z.string(),
  })
  .meta({ id: 'OrganisationExportDownload' });

export const organisationExportRoutes = {
  exportOrganisation: {
    summary: 'Order a copy of everything that the organisation has',
    description:
      'ZIP files with the registers as our import reads them, the structure, the agreements, and everything about each ' +
      'person as JSON and CSV. Whoever orders it is told when it is ready; it is kept for seven days.',
    tag: 'Retention',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/exports',
    access: administratorsWithFreshProof,
    params: inOrganisation,
    success: { status: 201, body: OrganisationExportView },
    problems: ['wrong-state'],
    needs: changingRecords,
    creates: true,
  },
  listOrganisationExports: {
    summary: 'List the copies of the organisation',
    tag: 'Retention',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/exports',
    access: rolesThatMay('organisation:export'),
    params: inOrganisation,
    success: { status: 200, body: z.strictObject({ items: z.array(OrganisationExportView).max(EXPORTS_SHOWN_MAX) }) },
    problems: [],
    needs: [...readingRecords, 'transient:read'],
  },
  downloadOrganisationExport: {
    summary: 'Get a link to one part of a copy of the organisation',
    description: 'The link works for a minute; ask for another as often as needed.',
    tag: 'Retention',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/exports/{exportId}/downloads',
    access: administratorsWithFreshProof,
    params: inOrganisation.extend({ exportId: ExportId }),
    body: z.strictObject({ part: z.int().min(1).max(PARTS_MAX) }).meta({ id: 'OrganisationExportPart' }),
    success: { status: 200, body: Part },
    problems: ['export-not-found'],
    needs: [...changingRecords, 'exports:read', 'downloads:write'],
  },
} as const satisfies Routes;
