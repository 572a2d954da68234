import * as z from 'zod';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay, rolesThatMayBeforeAgreement } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { Organisation } from './organisation.ts';
import { OrganisationCode, OrganisationView } from './views.ts';

const { name, language, timeZone, notArrivedAfterMinutes, openingRoleNeedsFreshProof } = Organisation.shape;

export const organisationRoutes = {
  getOrganisation: {
    summary: 'Read an organisation',
    tag: 'Organisations',
    method: 'GET',
    path: '/v1/organisations/{organisationId}',
    access: rolesThatMay('organisation:read'),
    params: inOrganisation,
    success: { status: 200, body: OrganisationView },
    problems: [],
    needs: readingRecords,
    versioned: true,
  },
  changeOrganisation: {
    summary: 'Change the settings of an organisation',
    description: 'Only what is named changes. Nothing here is about a person, so it need not wait for the agreement.',
    tag: 'Organisations',
    method: 'PATCH',
    path: '/v1/organisations/{organisationId}',
    access: rolesThatMayBeforeAgreement('organisation:manage'),
    params: inOrganisation,
    body: z
      .strictObject({ name, language, timeZone, notArrivedAfterMinutes, openingRoleNeedsFreshProof })
      .partial()
      .meta({ id: 'OrganisationChanges' }),
    success: { status: 200, body: OrganisationView },
    problems: [],
    needs: changingRecords,
    versioned: true,
  },
  getOrganisationCode: {
    summary: 'Read the code by which people register with the organisation',
    description: 'Using the code gives no role until an administrator approves (CE-01).',
    tag: 'Organisations',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/code',
    access: rolesThatMay('organisation:manage'),
    params: inOrganisation,
    success: { status: 200, body: OrganisationCode },
    problems: [],
    needs: readingRecords,
  },
  renewOrganisationCode: {
    summary: 'Replace the code of the organisation',
    description: 'The code before it stops working at once. Requests already made with it stay.',
    tag: 'Organisations',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/code-renewals',
    access: rolesThatMayBeforeAgreement('organisation:manage'),
    params: inOrganisation,
    success: { status: 201, body: OrganisationCode },
    problems: [],
    needs: changingRecords,
    creates: true,
  },
} as const satisfies Routes;
