import type { Call } from '../../http/call.ts';
import { AccountId, OrganisationId, PersonId, RoleId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import { type Change, StaleVersion } from '../../platform/records.ts';
import { grantRole } from '../access/grant-role.ts';
import { roleOwner, rolePointers, roleRef } from '../access/role.ts';
import { accountLinkEntity, accountOwner, accountRef } from '../accounts/account.ts';
import { INVITATION_DAYS, type Invitation, invitationEntity } from '../invitations/invitation.ts';
import { makeLink } from '../links/link.ts';
import { queueNotice } from '../notices/notice.ts';
import { organisationPointers, organisationRef } from '../organisations/organisation.ts';
import { newCode, pointAll, pointCode } from '../organisations/store.ts';
import { ownerOf } from '../people/person.ts';
import { addPerson, claimsFor } from '../people/writes.ts';
import { customerAgreementRef, periodOf } from './customer-agreement.ts';
import type { NewStaff, PlatformStore } from './handlers.ts';

const DAY_SECONDS = 24 * 60 * 60;

export const platformStore: PlatformStore = {
  async begin({ organisation, agreement, representative, invitation }, call, answer) {
    const { records } = call;
    // A crash after this leaves keys that nothing is sealed under; the next try has another id.
    await records.prepareController(organisation.id);
    const change = records.change();
    change
      .put(organisationRef(organisation.id), organisation, 'new')
      .put(customerAgreementRef(organisation.id), agreement, 'new');
    pointAll(change, organisation);
    pointCode(change, organisation.id, newCode());
    addPerson(change, representative, await claimsFor(records, undefined, representative));
    inviteRepresentative(change, ownerOf(organisation.id, representative.id), invitation, call);
    return change
      .activity({
        event: 'organisation.created',
        subject: customerOwner(organisation.id),
        about: [organisation.id, representative.id, invitation.id],
        detail: { profile: organisation.profile },
      })
      .commit(answer);
  },

  async organisations(range, { records }) {
    const { pk } = organisationPointers.all('' as OrganisationId);
    const { items, next } = await records.pointers('core', pk, range);
    const stored = await records.getMany(items.map(({ sk }) => organisationRef(OrganisationId.parse(sk))));
    return {
      organisations: stored.flatMap((organisation) => (organisation ? [organisation] : [])),
      ...(next !== undefined && { next }),
    };
  },

  isKnown: async (organisationId, { records }) => (await records.get(organisationRef(organisationId))) !== undefined,

  async customer(organisationId, { records }) {
    const [organisation, agreement] = await records.together([
      organisationRef(organisationId),
      customerAgreementRef(organisationId),
    ]);
    return organisation && agreement && { organisation, agreement };
  },

  async recordRead(organisationId, { records }) {
    await records
      .change()
      .activity({ event: 'agreement.seen', subject: customerOwner(organisationId) })
      .commit();
  },

  async saveAgreement({ organisation, agreement }, after, { records }) {
    await records
      .change()
      .put(agreement.ref, after, { version: agreement.version })
      .put(
        organisation.ref,
        { ...organisation.value, servicePeriod: periodOf(after) },
        { version: organisation.version },
      )
      .activity({
        event: 'agreement.changed',
        subject: agreement.ref.owner,
        detail: { startsOn: after.startsOn, endsOn: after.endsOn ?? 'open' },
      })
      .commit();
  },

  async staffAccount(sub, call) {
    const found = AccountId.safeParse(await call.records.find('operator', 'sub', sub));
    if (!found.success) return { accountId: call.newId('acc'), isNew: true, roles: [] };
    const { items } = await call.records.pointers('core', `operator#${found.data}`, { prefix: 'ROLE#operator#' });
    const roles = await call.records.getMany(
      items.map(({ sk, attributes }) =>
        roleRef('operator', PersonId.parse(attributes?.['personId']), RoleId.parse(sk.slice('ROLE#operator#'.length))),
      ),
    );
    return { accountId: found.data, isNew: false, roles: roles.flatMap((role) => (role ? [role.value] : [])) };
  },

  async staff({ records }) {
    const { items } = await records.pointers('core', rolePointers.inOrganisation('operator', '' as RoleId).pk);
    const found = await records.getMany(
      items.map(({ sk, attributes }) =>
        roleRef('operator', PersonId.parse(attributes?.['personId']), RoleId.parse(sk)),
      ),
    );
    const roles = found.flatMap((role) => (role && role.value.state !== 'ended' ? [role.value] : []));
    const links = await records.getMany(roles.map(({ personId }) => staffLinkRef(personId)));
    const accounts = await records.getMany(links.flatMap((link) => (link ? [accountRef(link.value.accountId)] : [])));
    const emailOf = new Map(accounts.map((account) => [account?.value.id, account?.value.email]));
    return roles.map((role, i) => ({ role, email: emailOf.get(links[i]?.value.accountId) }));
  },

  addStaff: (staff, call, answer) => addStaff(call.records.change(), staff, call).commit(answer),
};

/** The account, where it is new, with its platform role. */
export function addStaff(change: Change, { account, role }: NewStaff, call: Call): Change {
  const { id, sub, email, language, isNew } = account;
  if (isNew) {
    const createdAt = call.now.toISOString();
    change
      .put(accountRef(id), { id, sub, email, language, settings: {}, createdAt, notBeforeEpochSeconds: 0 }, 'new')
      .claim('operator', 'sub', sub, id, () => new StaleVersion('The account was created meanwhile'))
      .activity({ event: 'account.created', subject: accountOwner(id) });
  }
  change.put(staffLinkRef(role.personId), { accountId: id, since: call.now.toISOString() }, 'new');
  return grantRole(change, 'operator', role, id).activity({
    event: 'role.given',
    subject: { controller: 'operator', subject: role.personId },
    about: [role.id, id],
    detail: { role: role.role },
  });
}

const staffLinkRef = (personId: PersonId) =>
  ({ entity: accountLinkEntity, owner: roleOwner('operator', personId) }) as const;

const customerOwner = (organisationId: OrganisationId): Owner => ({ controller: 'operator', subject: organisationId });

/** The same mail and link as for anyone who is invited: the representative registers with it or accepts it. */
function inviteRepresentative(change: Change, owner: Owner, invitation: Invitation, call: Call): void {
  const validForSeconds = INVITATION_DAYS * DAY_SECONDS;
  const { token, expiresAt } = makeLink(
    change,
    { purpose: 'accept-invitation', owner, about: invitation.id, validForSeconds },
    call,
  );
  change
    .put({ entity: invitationEntity, owner, key: invitation.id }, invitation, 'new')
    .activity({ event: 'person.invited', subject: owner, about: [invitation.id], detail: { role: invitation.role } });
  const parameters = { token, expiresAt, role: invitation.role, childIds: [] };
  queueNotice(change, { to: owner, template: 'invitation', parameters }, call);
}
