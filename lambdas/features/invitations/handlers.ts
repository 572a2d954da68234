import type { RoleName } from '../../access/roles.ts';
import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { type AccountId, type OrganisationId, PersonId, type RoleId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { dayIn } from '../../platform/calendar.ts';
import { Closed, StaleVersion } from '../../platform/records.ts';
import type { RoleRecord } from '../access/role.ts';
import type { Organisation } from '../organisations/organisation.ts';
import type { PersonRecord } from '../people/person.ts';
import {
  type GuardianOutcome,
  INVITATION_DAYS,
  type Invitation,
  invitedRole,
  isOpen,
  isSameAddress,
  type JoinRequest,
  type RegistrationEvidence,
  registrationBasis,
} from './invitation.ts';
import type { acceptanceRoutes, invitationRoutes, registrationRoutes } from './routes.ts';

export interface Invited {
  readonly organisation: Organisation;
  readonly invitation: Invitation;
  /** Where the organisation writes to the person. */
  readonly address: string | undefined;
  readonly isLinked: boolean;
}

interface PersonToInvite {
  readonly organisation: Organisation;
  readonly person: PersonRecord;
  readonly childIds: PersonId[];
  readonly isLinked: boolean;
  readonly open: Invitation[];
}

export interface InvitationStore {
  personToInvite(organisationId: OrganisationId, personId: PersonId, call: Call): Promise<PersonToInvite | undefined>;
  /** Whether there is a child today that this guardian is told of: who only picks up has nothing to see here. */
  mayKnowOfAny(organisationId: OrganisationId, guardian: PersonToInvite, call: Call): Promise<boolean>;
  /** A page of the organisation's guardians, by id; `next` is the last id of the page when there are more. */
  guardianIds(
    organisationId: OrganisationId,
    range: { readonly limit: number; readonly after?: PersonId },
    call: Call,
  ): Promise<{ readonly personIds: readonly PersonId[]; readonly next?: PersonId }>;
  /** Withdraws the open ones and queues the mail with the new one's link. */
  invite(
    organisationId: OrganisationId,
    invitation: Invitation,
    to: { withdraw: Invitation[]; childIds: PersonId[] },
    call: Call,
  ): Promise<Invitation>;
  /** What an invitation's token leads to; nothing when it was used, withdrawn or has expired. */
  findInvited(token: string, call: Call): Promise<Invited | undefined>;
  organisationByCode(code: string, call: Call): Promise<Organisation | undefined>;
  recordEvidence(
    organisationId: OrganisationId,
    personId: PersonId,
    evidence: RegistrationEvidence,
    call: Call,
  ): Promise<void>;
  accountOfSub(sub: string, call: Call): Promise<AccountId | undefined>;
  /** Answers the account's id: another one where another request was faster. */
  createAccount(
    account: { id: AccountId; sub: string; email: string; language: 'nb' | 'en' },
    call: Call,
  ): Promise<AccountId>;
  /**
   * Links, gives the role, uses the invitation up: one transaction. Throws `invitation-not-found` and
   * `account-already-linked` when somebody else was faster.
   */
  accept(
    token: string,
    invited: Invited,
    accountId: AccountId,
    role: RoleRecord,
    evidence: RegistrationEvidence | undefined,
    call: Call,
    answer?: object,
  ): Promise<void>;
  askToAccept(invited: Invited, token: string, call: Call): Promise<void>;
  requestToJoin(organisationId: OrganisationId, request: JoinRequest, call: Call): Promise<void>;
  joinRequests(organisationId: OrganisationId, call: Call): Promise<JoinRequest[]>;
  joinRequest(organisationId: OrganisationId, accountId: AccountId, call: Call): Promise<JoinRequest | undefined>;
  approve(
    organisationId: OrganisationId,
    request: JoinRequest,
    role: RoleRecord,
    call: Call,
    answer: object,
  ): Promise<void>;
}

export interface Registrar {
  invite(
    email: string,
    language: 'nb' | 'en',
  ): Promise<{ sub: string; outcome: 'created' | 'never-signed-in' | 'exists' }>;
}

/** The version of the statement that an organisation has in force: its own, or the generated one of its profile. */
export type StatementVersion = (organisation: Organisation, call: Call) => string | Promise<string>;

const roleFor = (
  invited: { personId: PersonId; role: RoleName; scope: Invitation['scope'] },
  organisation: Organisation,
  call: Call,
): RoleRecord => ({
  id: call.newId('rol') as RoleId,
  personId: invited.personId,
  role: invited.role,
  scope: invited.scope,
  validFrom: dayIn(organisation.timeZone, call.now),
  state: 'active',
});

export const registrationHandlers = (
  store: InvitationStore,
  registrar: Registrar,
  statementVersion: StatementVersion,
): HandlersFor<typeof registrationRoutes, Call> => ({
  async register({ body }, call) {
    const seen = { next: 'see-your-mail' } as const;
    const invited = body.invitation === undefined ? undefined : await store.findInvited(body.invitation, call);
    const organisation =
      invited?.organisation ?? (body.organisationCode && (await store.organisationByCode(body.organisationCode, call)));
    // A token or code that leads nowhere is answered like one that does.
    if (!organisation || invited?.isLinked) return seen;

    const basis = registrationBasis(organisation, body, await statementVersion(organisation, call));
    const { statementVersion: version, consents, language } = body;
    const evidence: RegistrationEvidence = {
      statementVersion: version,
      basis,
      consents,
      language,
      at: call.now.toISOString(),
    };
    // The evidence comes first: no account stands on a consent that was not written down.
    if (invited) {
      const written = store.recordEvidence(organisation.id, invited.invitation.personId, evidence, call);
      if (await isOvertaken(written)) return seen;
    }

    const { email, name } = body;
    const user = await registrar.invite(email, language);
    const known = await store.accountOfSub(user.sub, call);
    if (user.outcome === 'exists' && known) {
      if (invited && body.invitation) await store.askToAccept(invited, body.invitation, call);
      return seen;
    }
    const accountId =
      known ?? (await store.createAccount({ id: call.newId('acc'), sub: user.sub, email, language }, call));
    if (invited && body.invitation) {
      // Nobody has shown yet that another address is theirs: a slip of the finger must not let a stranger in.
      if (!isSameAddress(email, invited.address)) {
        await store.askToAccept(invited, body.invitation, call);
        return seen;
      }
      const role = roleFor(invited.invitation, organisation, call);
      await isOvertaken(store.accept(body.invitation, invited, accountId, role, undefined, call));
      return seen;
    }
    await store.requestToJoin(
      organisation.id,
      { accountId, email, ...(name !== undefined && { name }), requestedAt: evidence.at, evidence },
      call,
    );
    return seen;
  },
});

/** True when the same invitation was used, or its person erased, at the same moment: answered like any other. */
async function isOvertaken(step: Promise<void>): Promise<boolean> {
  try {
    await step;
    return false;
  } catch (error) {
    const { slug } = error instanceof Problem ? error : {};
    if (slug === 'invitation-not-found' || slug === 'account-already-linked') return true;
    throw error;
  }
}

export const acceptanceHandlers = (
  store: InvitationStore,
  statementVersion: StatementVersion,
): HandlersFor<typeof acceptanceRoutes, Call> => ({
  async acceptInvitation({ body }, call) {
    const invited = await store.findInvited(body.invitation, call);
    if (!invited) throw new Problem('invitation-not-found');
    if (invited.isLinked) throw new Problem('account-already-linked');
    const { organisation, invitation } = invited;
    const basis = registrationBasis(organisation, body, await statementVersion(organisation, call));
    const evidence: RegistrationEvidence = {
      ...{ statementVersion: body.statementVersion, consents: body.consents },
      basis,
      language: call.language,
      at: call.now.toISOString(),
    };
    const answer = { organisationId: organisation.id, personId: invitation.personId };
    await store.accept(
      body.invitation,
      invited,
      call.account!.accountId,
      roleFor(invitation, organisation, call),
      evidence,
      call,
      answer,
    );
    return answer;
  },
});

/** Guardians who are invited at once. */
const GUARDIANS_AT_ONCE_MAX = 8;

async function invite(
  store: InvitationStore,
  { organisation, person, address, open, childIds }: PersonToInvite & { readonly address: string },
  wanted: Parameters<typeof invitedRole>[0],
  call: Call,
): Promise<Invitation> {
  const given = invitedRole(wanted, {
    kind: person.kind,
    personId: person.id,
    profile: organisation.profile,
    inviter: call.role!.role,
    today: dayIn(organisation.timeZone, call.now),
  });
  const invitation: Invitation = {
    id: call.newId('inv'),
    personId: person.id,
    address,
    ...given,
    state: 'open',
    createdAt: call.now.toISOString(),
    expiresAt: new Date(call.now.getTime() + INVITATION_DAYS * 24 * 60 * 60 * 1000).toISOString(),
  };
  return store.invite(organisation.id, invitation, { withdraw: open, childIds }, call);
}

/** Undefined for whoever is gone, or kept from the caller by a block. */
async function inviteGuardian(
  store: InvitationStore,
  organisationId: OrganisationId,
  personId: PersonId,
  call: Call,
): Promise<GuardianOutcome | undefined> {
  const facts = await store.personToInvite(organisationId, personId, call);
  if (!facts) return undefined;
  if (facts.isLinked) return 'has-account';
  const { email: address } = facts.person;
  if (address === undefined) return 'no-address';
  if (!(await store.mayKnowOfAny(organisationId, facts, call))) return 'no-child';
  const isStillOpen = (invitation: Invitation) =>
    invitation.expiresAt > call.now.toISOString() && isOpen(invitation, address);
  if (facts.open.some(isStillOpen)) return 'already-invited';
  try {
    await invite(store, { ...facts, address }, {}, call);
    return 'invited';
  } catch (error) {
    if (error instanceof Closed) return undefined;
    // Somebody else withdraws the same old invitation at this moment, to send a new one.
    if (error instanceof StaleVersion) return 'already-invited';
    throw error;
  }
}

export const invitationHandlers = (store: InvitationStore): HandlersFor<typeof invitationRoutes, Call> => ({
  async invitePerson({ params, body }, call) {
    const facts = await store.personToInvite(params.organisationId, params.personId, call);
    if (!facts) throw new Problem('person-not-found');
    if (facts.isLinked) throw new Problem('account-already-linked');
    const { email: address } = facts.person;
    if (address === undefined) throw new Problem('wrong-state', 'The person has no e-mail address.');
    const invitation = await invite(store, { ...facts, address }, body, call);
    const { state: _, createdAt: __, address: ___, ...answer } = invitation;
    return answer;
  },

  async inviteGuardians({ params: { organisationId }, query: { cursor, limit } }, call) {
    const list: List = { name: 'guardian-invitations', filter: { organisationId } };
    const range = { limit, ...(cursor !== undefined && { after: decodeCursor(list, cursor, PersonId) as PersonId }) };
    const { personIds, next } = await store.guardianIds(organisationId, range, call);
    const items: { personId: PersonId; outcome: GuardianOutcome }[] = [];
    for (let i = 0; i < personIds.length; i += GUARDIANS_AT_ONCE_MAX) {
      const outcomes = personIds.slice(i, i + GUARDIANS_AT_ONCE_MAX).map(async (personId) => {
        const outcome = await inviteGuardian(store, organisationId, personId, call);
        return outcome === undefined ? [] : [{ personId, outcome }];
      });
      items.push(...(await Promise.all(outcomes)).flat());
    }
    return { items, ...(next !== undefined && { next: encodeCursor(list, next) }) };
  },

  async listJoinRequests({ params }, call) {
    const requests = await store.joinRequests(params.organisationId, call);
    return {
      items: requests.map(({ accountId, email, name, requestedAt }) => ({
        accountId,
        email,
        ...(name !== undefined && { name }),
        requestedAt,
      })),
    };
  },

  async approveJoinRequest({ params, body }, call) {
    const request = await store.joinRequest(params.organisationId, params.accountId, call);
    if (!request) throw new Problem('account-not-found');
    const facts = await store.personToInvite(params.organisationId, body.personId, call);
    if (!facts) throw new Problem('person-not-found');
    if (facts.isLinked) throw new Problem('account-already-linked');
    const { person, organisation } = facts;
    const given = invitedRole(body, {
      kind: person.kind,
      personId: person.id,
      profile: organisation.profile,
      inviter: call.role!.role,
      today: dayIn(organisation.timeZone, call.now),
    });
    const answer = { organisationId: params.organisationId, personId: person.id };
    await store.approve(
      organisation.id,
      request,
      roleFor({ personId: person.id, ...given }, organisation, call),
      call,
      answer,
    );
    return answer;
  },
});
