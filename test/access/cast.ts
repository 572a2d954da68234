import type { RoleName } from '../../lambdas/access/roles.ts';
import { currentAgreementVersion } from '../../lambdas/features/organisations/agreement-standing.ts';
import {
  departmentRef,
  groupEntity,
  organisationOwner,
  organisationPointers,
} from '../../lambdas/features/organisations/organisation.ts';
import {
  blockEntity,
  type GuardianLink,
  guardianLinkEntity,
  ownerOf,
  type PersonRecord,
  peoplePointers,
} from '../../lambdas/features/people/person.ts';
import type { PersonId } from '../../lambdas/http/ids.ts';
import { openRecords } from '../../lambdas/platform/open-records.ts';
import { anOrganisation, aPerson, type SignedIn, someoneWith } from '../support/service.ts';
import { anId, type TestStore } from '../support/store.ts';

export const TODAY = '2026-11-23';

/** Who calls, as seen from one child of the first group. */
export const callers = [
  'administrator',
  'privacyOfficer',
  'leader',
  'staff',
  'otherStaff',
  'parent',
  'informed',
  'otherParent',
  'former',
  'blocked',
  'child',
  'outsider',
  'erased',
  'gone',
] as const;
export type CallerName = (typeof callers)[number];

/** The role that each calls in, where it is one in this organisation. */
export const roleOf: Readonly<Partial<Record<CallerName, RoleName>>> = {
  administrator: 'administrator',
  privacyOfficer: 'privacy-officer',
  leader: 'leader',
  staff: 'staff',
  otherStaff: 'staff',
  parent: 'guardian',
  informed: 'guardian',
  otherParent: 'guardian',
  former: 'guardian',
  blocked: 'guardian',
  child: 'member',
};

export type Cast = Awaited<ReturnType<typeof aCast>>;

/** A family organisation with two groups, one child that all is about, and everybody who might want to know of it. */
export async function aCast(store: TestStore) {
  const accepted = { profile: 'family', acceptedAgreementVersion: currentAgreementVersion('family') } as const;
  const organisation = await anOrganisation(store, accepted);
  const elsewhere = await anOrganisation(store, accepted);
  const { id: organisationId } = organisation;
  const [groupId, otherGroupId, departmentId] = [anId('grp'), anId('grp'), anId('dep')];
  const owner = organisationOwner(organisationId);
  const change = () =>
    openRecords(store, { requestId: 'setup', actor: 'setup', newEventId: () => anId('evt') })
      .change()
      .activity({ event: 'test.prepared', subject: owner });
  await change()
    .put(departmentRef(organisationId, departmentId), { id: departmentId, name: 'Nord', state: 'open' }, 'new')
    .put({ entity: groupEntity, owner, key: groupId }, { id: groupId, name: 'Blåbær', state: 'open' }, 'new')
    .put(
      { entity: groupEntity, owner, key: otherGroupId },
      { id: otherGroupId, name: 'Tyttebær', state: 'open' },
      'new',
    )
    .point({ ...organisationPointers.all(organisationId), attributes: { timeZone: 'Europe/Oslo' } })
    .commit();

  const someone = (more: Partial<PersonRecord>) => aPerson(store, organisationId, more);
  const placements = [{ groupId, from: '2026-08-03' }];
  const child = await someone({ firstName: 'Emil', placements });
  const playmate = await someone({ firstName: 'Liv', placements });
  const grownUp = (firstName: string, kind: PersonRecord['kind'] = 'guardian') =>
    someone({ firstName, kind, email: `${firstName.toLowerCase()}@example.no` });

  async function link(childId: PersonId, guardianId: PersonId, more: Partial<GuardianLink> = {}) {
    const ref = { entity: guardianLinkEntity, owner: ownerOf(organisationId, childId), key: guardianId };
    const value: GuardianLink = {
      guardianId,
      relation: 'mother',
      rights: 'parental-responsibility',
      livesWith: true,
      from: '2026-01-01',
      ...more,
    };
    await change()
      .put(ref, value, 'new')
      .point(peoplePointers.child(organisationId, guardianId, childId))
      .commit();
  }
  const asGuardian = (personId: PersonId) =>
    someoneWith(store, organisationId, 'guardian', { personId, scope: { kind: 'person', id: personId } });
  const inOffice = async (role: RoleName, firstName: string, scope?: { kind: 'group'; id: typeof groupId }) =>
    someoneWith(store, organisationId, role, {
      personId: (await grownUp(firstName, 'staff')).id,
      ...(scope && { scope }),
    });

  const parent = await grownUp('Kari');
  await link(child.id, parent.id);
  const informed = await grownUp('Ola');
  await link(child.id, informed.id, { relation: 'father', rights: 'information-only', livesWith: false });
  const otherParent = await grownUp('Turid');
  await link(playmate.id, otherParent.id);
  const former = await grownUp('Gro');
  await link(child.id, former.id, { relation: 'foster-parent', until: '2026-11-22' });
  await link(playmate.id, former.id, { relation: 'other' });
  const blocked = await grownUp('Per');
  await link(child.id, blocked.id, { relation: 'father' });
  await link(playmate.id, blocked.id, { relation: 'father' });
  await change()
    .put(
      { entity: blockEntity, owner: ownerOf(organisationId, child.id), key: blocked.id },
      { personId: blocked.id, basis: 'court-order', since: '2026-10-01' },
      'new',
    )
    .point(peoplePointers.blockedFrom(organisationId, blocked.id, child.id))
    .commit();
  const erased = await grownUp('Siri');
  await link(child.id, erased.id);
  const gone = await grownUp('Nils');
  await link(child.id, gone.id);

  const who: Record<CallerName, SignedIn> = {
    administrator: await inOffice('administrator', 'Anne'),
    privacyOfficer: await inOffice('privacy-officer', 'Paul'),
    leader: await inOffice('leader', 'Lise'),
    staff: await inOffice('staff', 'Stein', { kind: 'group', id: groupId }),
    otherStaff: await inOffice('staff', 'Sigrid', { kind: 'group', id: otherGroupId }),
    parent: await asGuardian(parent.id),
    informed: await asGuardian(informed.id),
    otherParent: await asGuardian(otherParent.id),
    former: await asGuardian(former.id),
    blocked: await asGuardian(blocked.id),
    child: await someoneWith(store, organisationId, 'member', {
      personId: child.id,
      scope: { kind: 'person', id: child.id },
    }),
    outsider: await someoneWith(store, elsewhere.id, 'administrator', {
      personId: (await aPerson(store, elsewhere.id, { kind: 'staff' })).id,
    }),
    erased: await asGuardian(erased.id),
    gone: await asGuardian(gone.id),
  };
  const fences = change();
  for (const retentionClass of ['person', 'membership', 'photo', 'attendance', 'daily-life'] as const) {
    fences.keys({ do: 'erase', owner: ownerOf(organisationId, erased.id), retentionClass });
  }
  await fences
    .keys({
      do: 'erase',
      owner: { controller: 'operator', subject: who.gone.accountId },
      retentionClass: 'account',
    })
    .commit();
  return { organisationId, groupId, otherGroupId, departmentId, child, playmate, who, change };
}
