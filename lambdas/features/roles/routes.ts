import * as z from 'zod';
import { roleNames } from '../../access/roles.ts';
import { page, pageQuery } from '../../http/cursor.ts';
import { AccessGrantId, PersonId, RoleId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay, rolesThatMayBeforeAgreement } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { AccessGrant, RoleScope } from '../access/role.ts';
import { PlainDate } from '../people/person.ts';
import { ACCESS_GRANTS_SHOWN_MAX } from './access-grants.ts';
import { RoleView } from './views.ts';

const ofRole = inOrganisation.extend({ roleId: RoleId });

export const roleRoutes = {
  listRoles: {
    summary: 'List the roles of an organisation',
    description: 'Ended roles are left out, so a page may hold fewer than `limit`.',
    tag: 'Organisations',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/roles',
    access: rolesThatMay('role:read'),
    params: inOrganisation,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(RoleView) },
    problems: [],
    needs: readingRecords,
  },
  giveRole: {
    summary: 'Give a role to a person who has an account',
    description:
      'Counts from the next request. A person without an account gets the role by the invitation. What is written is ' +
      'about a person, so it waits for the data-processing agreement.',
    tag: 'Organisations',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/roles',
    access: rolesThatMay('role:manage'),
    params: inOrganisation,
    body: z
      .strictObject({
        personId: PersonId,
        role: z.enum(roleNames),
        scope: RoleScope,
        validFrom: PlainDate.optional(),
        validUntil: PlainDate.optional(),
      })
      .meta({ id: 'NewRole' }),
    success: { status: 201, body: RoleView },
    problems: ['person-not-found', 'department-not-found', 'group-not-found', 'wrong-state', 'too-many'],
    needs: changingRecords,
    creates: true,
    versioned: true,
  },
  changeRole: {
    summary: 'Change the scope or the validity of a role',
    description: '`validUntil: null` takes the last day away. Counts from the next request.',
    tag: 'Organisations',
    method: 'PATCH',
    path: '/v1/organisations/{organisationId}/roles/{roleId}',
    access: rolesThatMay('role:manage'),
    params: ofRole,
    body: z
      .strictObject({ scope: RoleScope, validFrom: PlainDate, validUntil: PlainDate.nullable() })
      .partial()
      .meta({ id: 'RoleChanges' }),
    success: { status: 200, body: RoleView },
    problems: ['role-not-found', 'department-not-found', 'group-not-found', 'wrong-state', 'last-administrator'],
    needs: changingRecords,
    versioned: true,
  },
  endRole: {
    summary: 'End a role',
    description: 'Counts from the next request. The last administrator stays, also when two are ended at once.',
    tag: 'Organisations',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/roles/{roleId}',
    // Taking access away must never have to wait for an agreement.
    access: rolesThatMayBeforeAgreement('role:manage'),
    params: ofRole,
    success: { status: 204 },
    problems: ['role-not-found', 'last-administrator'],
    needs: changingRecords,
  },
  confirmRole: {
    summary: 'Confirm a role that was suspended',
    description: 'After a reset of the second factor by another organisation. Nobody confirms their own role.',
    tag: 'Organisations',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/roles/{roleId}/confirmation',
    access: rolesThatMayBeforeAgreement('role:manage'),
    params: ofRole,
    success: { status: 200, body: RoleView },
    problems: ['role-not-found', 'wrong-state'],
    needs: changingRecords,
    versioned: true,
  },
  listAccessGrants: {
    summary: 'List the grants of the operator’s staff to see this organisation',
    description: 'The newest first, ended and expired ones too (SM-14, KP-13).',
    tag: 'Organisations',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/access-grants',
    access: rolesThatMay('access-grant:manage'),
    params: inOrganisation,
    success: { status: 200, body: z.strictObject({ items: z.array(AccessGrant).max(ACCESS_GRANTS_SHOWN_MAX) }) },
    problems: [],
    needs: readingRecords,
  },
  endAccessGrant: {
    summary: 'End a grant at once',
    tag: 'Organisations',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/access-grants/{accessGrantId}',
    access: rolesThatMayBeforeAgreement('access-grant:manage'),
    params: inOrganisation.extend({ accessGrantId: AccessGrantId }),
    success: { status: 204 },
    problems: ['access-grant-not-found'],
    needs: changingRecords,
  },
} as const satisfies Routes;
