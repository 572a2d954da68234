import * as z from 'zod';
import { AccountId, OrganisationId, PersonId } from '../../http/ids.ts';
import { type Access, type Routes, rolesThatMayWithFreshProof } from '../../http/route.ts';
import { changingRecords } from '../../platform/capabilities.ts';

const Instant = z.iso.datetime();

/** Letting someone in again writes nothing of the organisation's, so it waits for no agreement. */
const administratorsWithFreshProof: Access = { to: 'role', may: 'role:manage', proof: 'fresh', beforeAgreement: true };

const PlatformReset = z
  .strictObject({
    accountId: AccountId,
    organisationId: OrganisationId,
    personId: PersonId,
    state: z.enum(['waiting-for-approval', 'mailed']),
    expiresAt: Instant,
  })
  .meta({ id: 'PlatformSecondFactorReset' });

/** For the organisation's administrators. */
export const recoveryRoutes = {
  resetSecondFactor: {
    summary: 'Let a person who lost their second factor set up a new one',
    description:
      'Mails a link to the address of the person’s account, good for 24 hours. Pressing it turns TOTP off, signs the ' +
      'account out everywhere, and suspends its roles in other organisations until an administrator there confirms them.',
    tag: 'Organisations',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/second-factor-resets',
    access: administratorsWithFreshProof,
    params: z.strictObject({ organisationId: OrganisationId, personId: PersonId }),
    success: { status: 201, body: z.strictObject({ confirmBefore: Instant }) },
    problems: ['wrong-state'],
    needs: changingRecords,
    creates: true,
  },
} as const satisfies Routes;

/** For the platform staff, two of them: the only administrator of an organisation has no colleague to ask. */
export const platformRecoveryRoutes = {
  requestSecondFactorReset: {
    summary: 'Begin the reset of an only administrator’s second factor',
    description:
      'A second, different member of the platform staff approves it within 24 hours; then the mail goes out.',
    tag: 'Platform',
    method: 'POST',
    path: '/v1/platform/second-factor-resets',
    access: rolesThatMayWithFreshProof('platform:recovery:approve'),
    body: z.strictObject({ organisationId: OrganisationId, personId: PersonId }),
    success: { status: 201, body: PlatformReset },
    problems: ['organisation-not-found', 'person-not-found', 'wrong-state'],
    needs: changingRecords,
    creates: true,
  },
  approveSecondFactorReset: {
    summary: 'Approve the reset of an only administrator’s second factor',
    description: 'By somebody else than who began it, and not by the one whose factor it is.',
    tag: 'Platform',
    method: 'POST',
    path: '/v1/platform/second-factor-resets/{accountId}/approval',
    access: rolesThatMayWithFreshProof('platform:recovery:approve'),
    params: z.strictObject({ accountId: AccountId }),
    success: { status: 201, body: PlatformReset },
    problems: ['recovery-not-found', 'wrong-state'],
    needs: changingRecords,
    creates: true,
  },
} as const satisfies Routes;
