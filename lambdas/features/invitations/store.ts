import { type Call, personIdsOf } from '../../http/call.ts';
import { AccountId, OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn } from '../../platform/calendar.ts';
import { type Change, Closed } from '../../platform/records.ts';
import { grantRole } from '../access/grant-role.ts';
import { accountEntity, accountLinkEntity, accountOwner, accountPointers, accountRef } from '../accounts/account.ts';
import { consentEventEntity, consentTo, currentConsents } from '../consents/consent.ts';
import { accountPurpose } from '../consents/standard-purposes.ts';
import { giveConsent } from '../consents/writes.ts';
import { findLink, makeLink, useLink } from '../links/link.ts';
import { queueNotice } from '../notices/notice.ts';
import { organisationEntity, organisationOwner, organisationPointers } from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import { guardianLinkEntity, isLinkedOn, ownerOf, peoplePointers, personEntity } from '../people/person.ts';
import type { InvitationStore } from './handlers.ts';
import {
  INVITATION_DAYS,
  invitationEntity,
  isOpen,
  JOIN_REQUEST_DAYS,
  type JoinRequest,
  joinRequestEntity,
  type RegistrationEvidence,
  registrationEvidenceEntity,
} from './invitation.ts';

const DAY_SECONDS = 24 * 60 * 60;
const linkRef = (organisationId: OrganisationId, personId: PersonId) =>
  ({ entity: accountLinkEntity, owner: ownerOf(organisationId, personId) }) as const;
const alreadyLinked = () => new Problem('account-already-linked');
const invitationNotFound = () => new Problem('invitation-not-found');
/** Another request made the account of this subject a moment ago. */
class SubjectTaken extends Error {
  override readonly name = 'SubjectTaken';
}

export const invitationStore: InvitationStore = {
  async personToInvite(organisationId, personId, call) {
    const owner = ownerOf(organisationId, personId);
    const [[organisation, person, link, ...blocks], invitations, childIds] = await Promise.all([
      call.records.together([
        { entity: organisationEntity, owner: organisationOwner(organisationId) },
        { entity: personEntity, owner },
        linkRef(organisationId, personId),
        ...blocksBetween(organisationId, personIdsOf(call.role!), personId),
      ]),
      call.records.list(invitationEntity, owner),
      childIdsOf(organisationId, personId, call),
    ]);
    // Where the path names another than this person, nobody has looked for a block yet.
    if (!organisation || !person || blocks.some((block) => block !== undefined)) return undefined;
    return {
      organisation: organisation.value,
      person: person.value,
      isLinked: link !== undefined,
      open: invitations.items.map(({ value }) => value).filter(({ state }) => state === 'open'),
      childIds,
    };
  },

  async mayKnowOfAny(organisationId, { organisation, person, childIds }, { records, now }) {
    const today = dayIn(organisation.timeZone, now);
    const links = await records.getMany(
      childIds.map((childId) => ({
        entity: guardianLinkEntity,
        owner: ownerOf(organisationId, childId),
        key: person.id,
      })),
    );
    return links.some((link) => link && isLinkedOn(link.value, today) && link.value.rights !== 'pick-up-only');
  },

  async guardianIds(organisationId, { limit, after }, { records }) {
    const { pk, sk } = peoplePointers.person(organisationId, 'guardian', '' as PersonId);
    const range = { prefix: sk, limit, ...(after !== undefined && { after: `${sk}${after}` }) };
    const { items, next } = await records.pointers('core', pk, range);
    const idOf = (sortKey: string) => PersonId.parse(sortKey.slice(sk.length));
    return { personIds: items.map((pointer) => idOf(pointer.sk)), ...(next !== undefined && { next: idOf(next) }) };
  },

  async invite(organisationId, invitation, { withdraw, childIds }, call) {
    const owner = ownerOf(organisationId, invitation.personId);
    const change = call.records.change();
    for (const open of withdraw) {
      change.put({ entity: invitationEntity, owner, key: open.id }, { ...open, state: 'withdrawn' }, { version: 1 });
    }
    const { token, expiresAt } = makeLink(
      change,
      { purpose: 'accept-invitation', owner, about: invitation.id, validForSeconds: INVITATION_DAYS * DAY_SECONDS },
      call,
    );
    change.put({ entity: invitationEntity, owner, key: invitation.id }, invitation, 'new');
    queueNotice(
      change,
      { to: owner, template: 'invitation', parameters: { token, expiresAt, role: invitation.role, childIds } },
      call,
    );
    const { state: _, createdAt: __, address: ___, ...answer } = invitation;
    await change
      .activity({ event: 'person.invited', subject: owner, about: [invitation.id], detail: { role: invitation.role } })
      .commit(answer);
    return invitation;
  },

  async findInvited(token, call) {
    const link = await findLink(call.records, token);
    if (link?.purpose !== 'accept-invitation' || link.about === undefined) return undefined;
    const organisationId = OrganisationId.parse(link.owner.controller);
    const [invitation, person, organisation, account] = await call.records.together([
      { entity: invitationEntity, owner: link.owner, key: link.about },
      { entity: personEntity, owner: link.owner },
      { entity: organisationEntity, owner: organisationOwner(organisationId) },
      linkRef(organisationId, PersonId.parse(link.owner.subject)),
    ]);
    if (!invitation || !person || organisation?.value.state !== 'open') return undefined;
    if (!isOpen(invitation.value, person.value.email)) return undefined;
    return {
      organisation: organisation.value,
      invitation: invitation.value,
      address: person.value.email,
      isLinked: account !== undefined,
    };
  },

  async organisationByCode(code, call) {
    const [pointer] = await call.records.pointersAt([organisationPointers.code(code)]);
    const organisationId = OrganisationId.safeParse(pointer?.attributes?.['organisationId']);
    if (!organisationId.success) return undefined;
    const owner = organisationOwner(organisationId.data);
    const organisation = await call.records.get({ entity: organisationEntity, owner });
    return organisation?.value.state === 'open' ? organisation.value : undefined;
  },

  async recordEvidence(organisationId, personId, evidence, call) {
    const owner = ownerOf(organisationId, personId);
    const change = call.records.change().put(evidenceRef(owner, call), evidence, 'new');
    await consentToAccount(change, organisationId, personId, evidence, call);
    await change
      .activity({
        event: `registration.${evidence.basis}`,
        subject: owner,
        detail: { statementVersion: evidence.statementVersion },
      })
      .commit()
      .catch(asGoneInvitation);
  },

  async accountOfSub(sub, call) {
    const found = AccountId.safeParse(await call.records.find('operator', 'sub', sub));
    return found.success ? found.data : undefined;
  },

  async createAccount({ id, sub, email, language }, call) {
    const owner = accountOwner(id);
    const account = {
      id,
      sub,
      email,
      language,
      settings: {},
      createdAt: call.now.toISOString(),
      notBeforeEpochSeconds: 0,
    };
    try {
      await call.records
        .change()
        .put(accountRef(id), account, 'new')
        .claim('operator', 'sub', sub, id, () => new SubjectTaken())
        .activity({ event: 'account.created', subject: owner })
        .commit();
      return id;
    } catch (error) {
      const holder = error instanceof SubjectTaken ? await this.accountOfSub(sub, call) : undefined;
      if (holder) return holder;
      throw error;
    }
  },

  async accept(token, invited, accountId, role, evidence, call, answer) {
    const { organisation, invitation } = invited;
    const owner = ownerOf(organisation.id, invitation.personId);
    const link = await findLink(call.records, token);
    if (!link) throw invitationNotFound();
    const change = linked(call, organisation.id, invitation.personId, accountId);
    useLink(change, link).put(
      { entity: invitationEntity, owner, key: invitation.id },
      { ...invitation, state: 'accepted' },
      { version: 1 },
      { otherwise: invitationNotFound },
    );
    if (evidence) {
      change.put(evidenceRef(owner, call), evidence, 'new');
      await consentToAccount(change, organisation.id, invitation.personId, evidence, call);
    }
    await grantRole(change, organisation.id, role, accountId)
      .activity({ event: 'invitation.accepted', subject: owner, about: [invitation.id, accountId, role.id] })
      .commit(answer)
      .catch(asGoneInvitation);
  },

  async askToAccept(invited, token, call) {
    const { organisation, invitation } = invited;
    const owner = ownerOf(organisation.id, invitation.personId);
    const childIds = await childIdsOf(organisation.id, invitation.personId, call);
    const change = call.records.change();
    // The same invitation once more, now that its reader knows that there is an account: the token stays valid.
    queueNotice(
      change,
      {
        to: owner,
        template: 'invitation',
        parameters: { token, expiresAt: invitation.expiresAt, role: invitation.role, childIds },
      },
      call,
    );
    await change.activity({ event: 'invitation.repeated', subject: owner, about: [invitation.id] }).commit();
  },

  async requestToJoin(organisationId, request, call) {
    const owner = organisationOwner(organisationId);
    const expiresAtEpochSeconds = Math.floor(call.now.getTime() / 1000) + JOIN_REQUEST_DAYS * DAY_SECONDS;
    const ref = { entity: joinRequestEntity, owner, key: request.accountId };
    const earlier = await call.records.get(ref);
    await call.records
      .change()
      .put(ref, request, earlier ? { version: earlier.version } : 'new', { expiresAtEpochSeconds })
      .activity({ event: 'join-request.made', subject: owner, about: [request.accountId] })
      .commit();
  },

  async joinRequests(organisationId, call) {
    const { items } = await call.records.list(joinRequestEntity, organisationOwner(organisationId), { limit: 100 });
    return items.map(({ value }) => value);
  },

  async joinRequest(organisationId, accountId, call) {
    return (await call.records.get(joinRequestRef(organisationId, { accountId })))?.value;
  },

  async approve(organisationId, request, role, call, answer) {
    const { personId } = role;
    const owner = ownerOf(organisationId, personId);
    const stored = await call.records.get(joinRequestRef(organisationId, request));
    if (!stored) throw new Problem('account-not-found');
    const change = linked(call, organisationId, personId, request.accountId)
      .remove(joinRequestRef(organisationId, request), { version: stored.version })
      .put(evidenceRef(owner, call), request.evidence, 'new');
    await consentToAccount(change, organisationId, personId, request.evidence, call);
    await grantRole(change, organisationId, role, request.accountId)
      .activity({ event: 'join-request.approved', subject: owner, about: [request.accountId, role.id] })
      .commit(answer);
  },
};

const joinRequestRef = (organisationId: OrganisationId, { accountId }: Pick<JoinRequest, 'accountId'>) =>
  ({ entity: joinRequestEntity, owner: organisationOwner(organisationId), key: accountId }) as const;

const evidenceRef = (owner: ReturnType<typeof ownerOf>, call: Call) =>
  ({ entity: registrationEvidenceEntity, owner, key: call.requestId }) as const;

/** Under `safety` the account rests on this consent (SM-07): it is one like any other, and can be withdrawn like any other. */
async function consentToAccount(
  change: Change,
  organisationId: OrganisationId,
  personId: PersonId,
  { basis, statementVersion, language }: RegistrationEvidence,
  call: Call,
): Promise<void> {
  if (basis !== 'consented') return;
  const events = await call.records.list(consentEventEntity, ownerOf(organisationId, personId));
  const before = consentTo(currentConsents(events.items.map(({ value }) => value)), accountPurpose.id);
  if (before && !before.ended) return;
  giveConsent(
    change,
    {
      organisationId,
      principalId: personId,
      purpose: accountPurpose,
      open: undefined,
      by: { personId, capacity: 'self' },
      statementVersion,
      language,
      method: 'registration',
    },
    call,
  );
}

async function childIdsOf(organisationId: OrganisationId, personId: PersonId, { records }: Call): Promise<PersonId[]> {
  const children = await records.pointers('core', `${organisationId}#${personId}`, { prefix: 'CHILD#' });
  return children.items.map(({ sk }) => PersonId.parse(sk.slice('CHILD#'.length)));
}

/** Whoever was invited has been erased meanwhile, and the invitation with them. */
function asGoneInvitation(error: unknown): never {
  throw error instanceof Closed ? invitationNotFound() : error;
}

/** One account per person, whoever is faster. */
function linked(call: Call, organisationId: OrganisationId, personId: PersonId, accountId: AccountId) {
  return call.records
    .change()
    .put(linkRef(organisationId, personId), { accountId, since: call.now.toISOString() }, 'new', {
      otherwise: alreadyLinked,
    })
    .requirePresent({ entity: accountEntity, owner: accountOwner(accountId) }, () => new Problem('account-not-found'))
    .point(accountPointers.person(accountId, organisationId, personId));
}
