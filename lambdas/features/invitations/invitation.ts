import * as z from 'zod';
import { type Profile, type RoleName, roleNames, roles } from '../../access/roles.ts';
import { oneLine } from '../../http/free-text.ts';
import { AccountId, InvitationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { entity } from '../../platform/entity.ts';
import { RoleScope } from '../access/role.ts';
import type { Organisation } from '../organisations/organisation.ts';
import { normalisedEmail } from '../people/identity.ts';
import { Email, type PersonKind } from '../people/person.ts';
import { terms } from '../retention/terms.ts';
import { demandGrantable } from '../roles/administration.ts';

/** An invitation is open for two weeks; a new one closes the one before. */
export const INVITATION_DAYS = 14;

/** In the invited person's partition. The token is in the mail alone; Transient holds its hash. */
export const Invitation = z.strictObject({
  id: InvitationId,
  personId: PersonId,
  /** Where it was mailed: a link in a mailbox that is no longer the person's opens nothing. */
  address: Email.optional(),
  role: z.enum(roleNames),
  scope: RoleScope,
  state: z.enum(['open', 'accepted', 'withdrawn']),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type Invitation = z.output<typeof Invitation>;

export const invitationEntity = entity({
  name: 'invitation',
  table: 'core',
  sortKey: 'INVITATION',
  schema: Invitation,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to let a person reach what the organisation holds for them',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  retentionClass: 'membership',
  exported: 'copy',
  onErasure: 'delete',
});

/** What was shown and agreed to before an account was linked (AT-15; SM-07: consent). Kept to prove it. */
export const RegistrationEvidence = z.strictObject({
  statementVersion: z.string().max(80),
  /** Which of the two it was: they are different things, and using the service is neither. */
  basis: z.enum(['acknowledged', 'consented']),
  consents: z.array(z.enum(['account'])),
  language: z.enum(['nb', 'en']),
  at: z.iso.datetime(),
});
export type RegistrationEvidence = z.output<typeof RegistrationEvidence>;

export const registrationEvidenceEntity = entity({
  name: 'registration-evidence',
  table: 'rights',
  sortKey: 'REGISTRATION',
  schema: RegistrationEvidence,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to prove what a person was shown, acknowledged or consented to',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'consent',
  exported: 'copy',
  onErasure: { keepUntil: '3 years after it last mattered', law: 'GDPR Art. 7(1), Art. 5(2)' },
});

/** Someone who registered with the organisation's code and waits to be let in (CE-01). Sealed under the organisation. */
export const JoinRequest = z.strictObject({
  accountId: AccountId,
  email: Email,
  name: oneLine({ max: 160 }).optional(),
  requestedAt: z.iso.datetime(),
  evidence: RegistrationEvidence,
});
export type JoinRequest = z.output<typeof JoinRequest>;

export const joinRequestEntity = entity({
  name: 'join-request',
  table: 'transient',
  sortKey: 'JOIN-REQUEST',
  schema: JoinRequest,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to let an administrator decide who belongs to the organisation',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'organisation',
  exported: 'copy',
  onErasure: 'delete',
});
export const JOIN_REQUEST_DAYS = terms['join-request'].length.days;

/** Whether an invitation can still be used: not used or withdrawn, and the person still has the address. Pure. */
export function isOpen({ state, address }: Invitation, presentAddress: string | undefined): boolean {
  if (state !== 'open') return false;
  return address === undefined || isSameAddress(address, presentAddress);
}

export const isSameAddress = (one: string, other: string | undefined): boolean =>
  other !== undefined && normalisedEmail(one) === normalisedEmail(other);

/** What became of a guardian when all were invited at once. */
export const guardianOutcomes = ['invited', 'already-invited', 'has-account', 'no-address', 'no-child'] as const;
export type GuardianOutcome = (typeof guardianOutcomes)[number];

/** Which role an invitation gives, and whether the inviter may give it. Pure. */
export function invitedRole(
  wanted: { role?: RoleName | undefined; scope?: z.output<typeof RoleScope> | undefined },
  facts: { kind: PersonKind; personId: string; profile: Profile; inviter: RoleName; today: string },
): { role: RoleName; scope: z.output<typeof RoleScope> } {
  const role = wanted.role ?? defaultRole[facts.kind];
  if (!role) throw new Problem('wrong-state', 'Say which role the invitation is for.');
  if (!mayGive(facts.inviter, role)) throw new Problem('not-allowed');
  const scope = wanted.scope ?? (roles[role].guarded ? { kind: 'organisation' as const } : ownScope(facts.personId));
  demandGrantable(role, { scope, validFrom: facts.today }, facts);
  return { role, scope };
}

const defaultRole: Readonly<Record<PersonKind, RoleName | undefined>> = {
  child: undefined,
  guardian: 'guardian',
  member: 'member',
  staff: undefined,
};
const ownScope = (personId: string) => ({ kind: 'person' as const, id: personId });
const mayGive = (inviter: RoleName, role: RoleName) =>
  inviter === 'administrator' || !roles[role].guarded || (inviter === 'leader' && role === 'staff');

/** What the profile's legal basis asks of someone who registers (SM-07, ALL-06). Throws when it is not there. */
export function registrationBasis(
  { id: organisationId, profile }: Pick<Organisation, 'id' | 'profile'>,
  given: { statementVersion: string; consents: readonly 'account'[] },
  currentStatementVersion: string,
): RegistrationEvidence['basis'] {
  if (given.statementVersion !== currentStatementVersion) {
    // Whoever registers by a code learns here which organisation's statement it is (public: `GET …/statement`).
    throw new Problem('statement-outdated', undefined, { organisationId, statementVersion: currentStatementVersion });
  }
  if (profile !== 'safety') return 'acknowledged';
  if (!given.consents.includes('account')) throw new Problem('consent-required');
  return 'consented';
}
