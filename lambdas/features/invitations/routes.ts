import * as z from 'zod';
import { roleNames } from '../../access/roles.ts';
import { page, pageQuery } from '../../http/cursor.ts';
import { oneLine } from '../../http/free-text.ts';
import { AccountId, InvitationId, OrganisationId, PersonId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { account, anyone, type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords } from '../../platform/capabilities.ts';
import { RoleScope } from '../access/role.ts';
import { Email } from '../people/person.ts';
import { guardianOutcomes } from './invitation.ts';

const Instant = z.iso.datetime();
const Token = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22,64}$/)
  .meta({ id: 'InvitationToken', description: 'The code in the invitation mail.' });
const OrganisationCode = z
  .string()
  .regex(/^[A-HJ-NP-Z2-9]{8}$/)
  .meta({ id: 'OrganisationCode', description: 'The code by which an organisation is found (CE-01).' });
const Consents = z
  .array(z.enum(['account']))
  .max(5)
  .default([]);

export const JoinRequestView = z
  .strictObject({ accountId: AccountId, email: Email, name: z.string().optional(), requestedAt: Instant })
  .meta({ id: 'JoinRequest' });

/** Public: nobody is signed in yet. */
export const registrationRoutes = {
  register: {
    summary: 'Register by an invitation or by an organisation’s code',
    description:
      'Always answered 202, whether or not the address is known. Cognito mails a temporary password; an address that ' +
      'has an account already is asked to sign in and accept. Using a code gives no role until an administrator approves.',
    tag: 'Joining',
    method: 'POST',
    path: '/v1/registrations',
    access: anyone,
    body: z
      .strictObject({
        invitation: Token.optional(),
        organisationCode: OrganisationCode.optional(),
        email: Email,
        name: oneLine({ max: 160 }).optional(),
        language: z.enum(['nb', 'en']),
        statementVersion: z.string().max(80),
        consents: Consents,
      })
      .refine(
        ({ invitation, organisationCode }) => (invitation === undefined) !== (organisationCode === undefined),
        'either invitation or organisationCode',
      ),
    success: { status: 202, body: z.strictObject({ next: z.literal('see-your-mail') }) },
    problems: ['statement-outdated', 'consent-required'],
    needs: [...changingRecords, 'lookup:read', 'lookup:write', 'rights:read', 'rights:append', 'user-pool:invite'],
    // Each makes Cognito send a mail: enough for a kindergarten on its first day, too little to flood anyone.
    limit: { perSecond: 5, burst: 50 },
  },
} as const satisfies Routes;

/** For the account that is signed in. */
export const acceptanceRoutes = {
  acceptInvitation: {
    summary: 'Accept an invitation with the account that I am signed in to',
    tag: 'Me',
    method: 'POST',
    path: '/v1/me/invitation-acceptances',
    access: account,
    body: z.strictObject({ invitation: Token, statementVersion: z.string().max(80), consents: Consents }),
    success: { status: 201, body: z.strictObject({ organisationId: OrganisationId, personId: PersonId }) },
    problems: ['invitation-not-found', 'account-already-linked', 'statement-outdated', 'consent-required'],
    needs: [...changingRecords, 'rights:read', 'rights:append'],
    creates: true,
  },
} as const satisfies Routes;

/** For the organisation. */
export const invitationRoutes = {
  invitePerson: {
    summary: 'Invite a person to use the service',
    description:
      'Mails a link to the address that the organisation registered. A guardian or member needs no role named; staff ' +
      'roles are named, and only an administrator gives those above `staff`.',
    tag: 'People',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/invitations',
    access: rolesThatMay('person:invite'),
    params: inOrganisation.extend({ personId: PersonId }),
    body: z.strictObject({ role: z.enum(roleNames).optional(), scope: RoleScope.optional() }),
    success: {
      status: 201,
      body: z
        .strictObject({
          id: InvitationId,
          personId: PersonId,
          role: z.enum(roleNames),
          scope: RoleScope,
          expiresAt: Instant,
        })
        .meta({ id: 'Invitation' }),
    },
    problems: ['person-not-found', 'dpa-not-accepted', 'account-already-linked', 'wrong-state'],
    needs: changingRecords,
    creates: true,
  },
  inviteGuardians: {
    summary: 'Invite all guardians who have no account',
    description:
      'For after an import: nobody is mailed before this is asked for. One page of the organisation’s guardians at a ' +
      'time; go on with `next` until there is none. Whoever has an account, an open invitation, no e-mail address or no ' +
      'child today that they may know of is left out, and `outcome` says why; so asking again mails nobody twice.',
    tag: 'People',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/guardian-invitations',
    access: rolesThatMay('guardians:invite'),
    params: inOrganisation,
    query: z.strictObject(pageQuery),
    success: {
      status: 200,
      body: page(
        z.strictObject({ personId: PersonId, outcome: z.enum(guardianOutcomes) }).meta({ id: 'GuardianInvited' }),
      ),
    },
    problems: ['wrong-state'],
    needs: changingRecords,
  },
  listJoinRequests: {
    summary: 'List those who registered with the organisation’s code and wait',
    tag: 'People',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/join-requests',
    access: rolesThatMay('role:manage'),
    params: inOrganisation,
    success: { status: 200, body: z.strictObject({ items: z.array(JoinRequestView) }) },
    problems: [],
    needs: changingRecords,
  },
  approveJoinRequest: {
    summary: 'Let someone in: link their account to a person of the organisation',
    tag: 'People',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/join-requests/{accountId}/approval',
    access: rolesThatMay('role:manage'),
    params: inOrganisation.extend({ accountId: AccountId }),
    body: z.strictObject({ personId: PersonId, role: z.enum(roleNames).optional(), scope: RoleScope.optional() }),
    success: { status: 201, body: z.strictObject({ organisationId: OrganisationId, personId: PersonId }) },
    problems: ['account-not-found', 'person-not-found', 'dpa-not-accepted', 'account-already-linked', 'wrong-state'],
    needs: [...changingRecords, 'rights:read', 'rights:append'],
    creates: true,
  },
} as const satisfies Routes;
