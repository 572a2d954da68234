import { AccountId, type OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn } from '../../platform/calendar.ts';
import { type RoleRecord, rolePointers } from '../access/role.ts';
import { accountLinkEntity } from '../accounts/account.ts';
import { accountStore } from '../accounts/store.ts';
import { latestResult } from '../guarantees/result.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import { adjustmentsRef } from '../retention/adjustments.ts';
import type { Memberships, OverviewStore } from './overview-handlers.ts';
import { ROLES_READ_MAX, rolesOf } from './roles-of.ts';
import { specialCategoryAgreementRef } from './special-category.ts';

export const overviewStore: OverviewStore = {
  async facts(organisationId, { records }) {
    const [organisation, decided, agreed] = await records.together([
      organisationRef(organisationId),
      adjustmentsRef(organisationId),
      specialCategoryAgreementRef(organisationId),
    ]);
    if (!organisation) throw new Problem('organisation-not-found');
    return {
      organisation: organisation.value,
      adjustments: decided?.value.adjustments ?? {},
      agreed: agreed?.value,
    };
  },

  async roles(organisationId, { records }) {
    const roles: RoleRecord[] = [];
    for await (const role of rolesOf(records, organisationId)) roles.push(role);
    return { roles, isCutShort: roles.length >= ROLES_READ_MAX };
  },

  async namesOf(organisationId, personIds, { records }) {
    const persons = await records.getMany(personIds.map((id) => personRef(organisationId, id)));
    return persons.map((person) => person && { firstName: person.value.firstName, lastName: person.value.lastName });
  },

  async grants(organisationId, { records, now }) {
    const { items } = await records.pointers('core', rolePointers.grant(organisationId, '' as AccountId).pk);
    return items.flatMap(({ sk, attributes }) => {
      const until = Number(attributes?.['untilEpochSeconds']) * 1000;
      return until > now.getTime() ? [{ accountId: AccountId.parse(sk), until: new Date(until).toISOString() }] : [];
    });
  },

  async agree(organisationId, agreement, { records }) {
    const ref = specialCategoryAgreementRef(organisationId);
    const before = await records.get(ref);
    await records
      .change()
      .put(ref, agreement, before ? { version: before.version } : 'new')
      .activity({
        event: 'special-categories.agreed',
        subject: ref.owner,
        about: [agreement.agreedBy],
        detail: { condition: agreement.condition },
      })
      .commit();
  },

  async withdraw(organisationId, { records }) {
    const ref = specialCategoryAgreementRef(organisationId);
    const before = await records.get(ref);
    if (!before) return;
    await records
      .change()
      .remove(ref, { version: before.version })
      .activity({ event: 'special-categories.withdrawn', subject: ref.owner })
      .commit();
  },

  lastCheck: latestResult,

  async memberships(call) {
    const { account, roles, persons } = await accountStore.view(call);
    const links = await call.records.getMany(
      persons.map(({ organisationId, id }) => ({ entity: accountLinkEntity, owner: ownerOf(organisationId, id) })),
    );
    const since = new Map<OrganisationId, string>();
    const seen = (organisationId: OrganisationId, day: string) => {
      const earlier = since.get(organisationId);
      if (earlier === undefined || day < earlier) since.set(organisationId, day);
    };
    for (const { role, organisation } of roles) if (organisation) seen(organisation.id, role.validFrom);
    const stored = await call.records.getMany(
      [...new Set([...since.keys(), ...persons.map((person) => person.organisationId)])].map(organisationRef),
    );
    const organisations = new Map(stored.flatMap((one) => (one ? [[one.value.id, one.value] as const] : [])));
    for (const [i, { organisationId }] of persons.entries()) {
      const [link, organisation] = [links[i], organisations.get(organisationId)];
      if (link && organisation) seen(organisationId, dayIn(organisation.timeZone, new Date(link.value.since)));
    }
    const found: Memberships['organisations'] = [...since].flatMap(([id, day]) => {
      const organisation = organisations.get(id);
      return organisation ? [{ organisation, since: day }] : [];
    });
    return { since: account.createdAt, organisations: found };
  },
};
