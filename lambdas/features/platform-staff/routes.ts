import * as z from 'zod';
import { roleNames } from '../../access/roles.ts';
import { page, pageQuery } from '../../http/cursor.ts';
import { oneLine } from '../../http/free-text.ts';
import { AccountId, InvitationId, OrganisationId, PersonId, RoleId } from '../../http/ids.ts';
import { type Routes, rolesThatMay, rolesThatMayWithFreshProof } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { AccessGrant, RoleRecord } from '../access/role.ts';
import { Organisation } from '../organisations/organisation.ts';
import { OrganisationView } from '../organisations/views.ts';
import { Email, PersonFields, PlainDate } from '../people/person.ts';
import { CustomerAgreement } from './customer-agreement.ts';

/** Named so that the path names no organisation to act in: platform staff need no grant to keep an agreement. */
const ofCustomer = z.strictObject({ customerId: OrganisationId });

const platformRoles = roleNames.filter((name) => name.startsWith('platform-')) as [PlatformRole, ...PlatformRole[]];
export type PlatformRole = Extract<(typeof roleNames)[number], `platform-${string}`>;

const { name, profile, timeZone, language, notArrivedAfterMinutes } = Organisation.shape;
const { firstName, lastName, phone } = PersonFields.shape;
const Version = z.int().min(1);

const AgreementOfCustomer = z
  .strictObject({ organisationId: OrganisationId, agreement: CustomerAgreement, version: Version })
  .meta({ id: 'AgreementOfCustomer' });
const { endsOn: _, ...lasting } = CustomerAgreement.shape;

const PLATFORM_STAFF_SHOWN_MAX = 500;
const PlatformStaff = z
  .strictObject({
    roleId: RoleId,
    personId: PersonId,
    role: z.enum(platformRoles),
    state: RoleRecord.shape.state,
    email: Email.optional(),
  })
  .meta({ id: 'PlatformStaff' });

export const platformRoutes = {
  createOrganisation: {
    summary: 'Create an organisation with its agreement, and invite its representative',
    description:
      'The representative becomes its administrator and accepts the data-processing agreement; until then no personal ' +
      'data can be written (FW-01). The agreement is seen by the operator’s staff alone (KP-01, KP-16).',
    tag: 'Platform',
    method: 'POST',
    path: '/v1/platform/organisations',
    access: rolesThatMay('platform:organisation:manage'),
    body: z
      .strictObject({
        name,
        profile,
        timeZone: timeZone.default('Europe/Oslo'),
        language,
        notArrivedAfterMinutes: notArrivedAfterMinutes.default(30),
        agreement: CustomerAgreement,
        representative: z.strictObject({ firstName, lastName, email: Email, phone }),
      })
      .meta({ id: 'NewOrganisation' }),
    success: {
      status: 201,
      body: z
        .strictObject({ organisation: OrganisationView, representativeId: PersonId, invitationId: InvitationId })
        .meta({ id: 'CreatedOrganisation' }),
    },
    problems: ['wrong-state'],
    needs: [...changingRecords, 'organisation-key:create', 'lookup:read', 'lookup:write'],
    creates: true,
  },
  listOrganisations: {
    summary: 'List all organisations',
    tag: 'Platform',
    method: 'GET',
    path: '/v1/platform/organisations',
    access: rolesThatMay('platform:organisation:read'),
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(OrganisationView) },
    problems: [],
    needs: readingRecords,
  },
  getCustomerAgreement: {
    summary: 'Read the agreement with an organisation',
    description: 'The read is recorded (KP-16).',
    tag: 'Platform',
    method: 'GET',
    path: '/v1/platform/organisations/{customerId}/agreement',
    access: rolesThatMay('platform:organisation:read'),
    params: ofCustomer,
    success: { status: 200, body: AgreementOfCustomer },
    problems: ['organisation-not-found'],
    needs: [...readingRecords, 'activity:append'],
    versioned: true,
  },
  changeCustomerAgreement: {
    summary: 'Correct, end or extend the agreement with an organisation',
    description: '`endsOn` is the last day on which anything can be changed there; `null` leaves it open.',
    tag: 'Platform',
    method: 'PATCH',
    path: '/v1/platform/organisations/{customerId}/agreement',
    access: rolesThatMay('platform:organisation:manage'),
    params: ofCustomer,
    body: z
      .strictObject({ ...lasting, endsOn: PlainDate.nullable() })
      .partial()
      .meta({ id: 'CustomerAgreementChanges' }),
    success: { status: 200, body: AgreementOfCustomer },
    problems: ['organisation-not-found', 'wrong-state'],
    needs: changingRecords,
    versioned: true,
  },
  invitePlatformStaff: {
    summary: 'Invite a member of the platform staff',
    description: 'Cognito mails a temporary password to an address without an account. The role opens with TOTP only.',
    tag: 'Platform',
    method: 'POST',
    path: '/v1/platform/staff',
    access: rolesThatMayWithFreshProof('platform:staff:manage'),
    body: z
      .strictObject({ email: Email, language: z.enum(['nb', 'en']), role: z.enum(platformRoles) })
      .meta({ id: 'NewPlatformStaff' }),
    success: {
      status: 201,
      body: z
        .strictObject({ accountId: AccountId, personId: PersonId, roleId: RoleId, role: z.enum(platformRoles) })
        .meta({ id: 'InvitedPlatformStaff' }),
    },
    problems: ['wrong-state'],
    needs: [...changingRecords, 'lookup:read', 'lookup:write', 'user-pool:invite'],
    creates: true,
  },
  listPlatformStaff: {
    summary: 'List the platform staff',
    tag: 'Platform',
    method: 'GET',
    path: '/v1/platform/staff',
    access: rolesThatMay('platform:staff:manage'),
    success: { status: 200, body: z.strictObject({ items: z.array(PlatformStaff).max(PLATFORM_STAFF_SHOWN_MAX) }) },
    problems: [],
    needs: readingRecords,
  },
  endPlatformRole: {
    summary: 'End the role of a member of the platform staff',
    description: 'Counts from the next request. The last platform operator stays, also when two are ended at once.',
    tag: 'Platform',
    method: 'DELETE',
    path: '/v1/platform/staff/{roleId}',
    access: rolesThatMay('platform:staff:manage'),
    params: z.strictObject({ roleId: RoleId }),
    success: { status: 204 },
    problems: ['role-not-found', 'last-administrator'],
    needs: changingRecords,
  },
  confirmPlatformRole: {
    summary: 'Confirm a platform role that was suspended',
    description: 'After a reset of the second factor by an organisation. Nobody confirms their own role.',
    tag: 'Platform',
    method: 'POST',
    path: '/v1/platform/staff/{roleId}/confirmation',
    access: rolesThatMay('platform:staff:manage'),
    params: z.strictObject({ roleId: RoleId }),
    success: { status: 204 },
    problems: ['role-not-found', 'wrong-state'],
    needs: changingRecords,
  },
  requestAccessGrant: {
    summary: 'Ask to see an organisation for a while',
    description:
      'In force at once and for at most 8 hours, for reading alone. The organisation sees it with its reason and can ' +
      'end it at once (SM-14, KP-13).',
    tag: 'Platform',
    method: 'POST',
    path: '/v1/platform/access-grants',
    access: rolesThatMay('platform:grant:request'),
    body: z
      .strictObject({
        organisationId: OrganisationId,
        reason: oneLine({ max: 300 }),
        hours: z.int().min(1).max(8),
      })
      .meta({ id: 'NewAccessGrant' }),
    success: { status: 201, body: AccessGrant },
    problems: ['organisation-not-found'],
    needs: changingRecords,
    creates: true,
  },
} as const satisfies Routes;
