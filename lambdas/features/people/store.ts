import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn } from '../../platform/calendar.ts';
import { type Pointer, type Records, StaleVersion } from '../../platform/records.ts';
import { groupEntity, organisationEntity, organisationOwner } from '../organisations/organisation.ts';
import { blockedFor } from './blocks.ts';
import type { PersonPage, PersonStore } from './handlers.ts';
import { blockEntity, guardianLinkEntity, LINKS_MAX, ownerOf, type PersonKind, peoplePointers } from './person.ts';
import {
  addBlock,
  addLink,
  addPerson,
  blockRef,
  claimsFor,
  IdentityTaken,
  linkRef,
  personRef,
  removeLink,
  saveLink,
  savePerson,
} from './writes.ts';

const TRIES_MAX = 3;
const GROUPS_MAX = 100;

export const personStore: PersonStore = {
  async add(person, call, answer) {
    return again(IdentityTaken, async () => {
      const change = call.records.change();
      addPerson(change, person, await claimsFor(call.records, undefined, person));
      return change.commit(answer);
    });
  },

  find: (organisationId, personId, call) => call.records.get(personRef(organisationId, personId)),

  async save(before, after, call) {
    await again(IdentityTaken, async () => {
      const change = call.records.change();
      savePerson(change, before, after, await claimsFor(call.records, before.value, after));
      await change.commit();
    });
  },

  async listByKind(organisationId, kind, { limit, after, callerIds }, { records }) {
    const { pk } = peoplePointers.person(organisationId, kind ?? 'child', '' as PersonId);
    const range = { limit, ...(kind && { prefix: `${kind}#` }), ...(after !== undefined && { after }) };
    const [page, blocked] = await Promise.all([
      records.pointers('core', pk, range),
      blockedFor(records, organisationId, callerIds),
    ]);
    return readPage(records, organisationId, page.items, page.next, blocked);
  },

  async listByGroups(organisationId, groupIds, kind, { limit, after, callerIds }, { records }) {
    const [blocked, ...pages] = await Promise.all([
      blockedFor(records, organisationId, callerIds),
      ...groupIds.map((groupId) =>
        records.pointers('core', peoplePointers.groupMember(organisationId, groupId, '' as PersonId).pk, {
          prefix: 'MEMBER#',
          limit,
          ...(after !== undefined && { after }),
        }),
      ),
    ]);
    // Somebody may be in several groups; each group's page begins after the same person, so that merging them is a page.
    const bySortKey = new Map(pages.flatMap(({ items }) => items).map((pointer) => [pointer.sk, pointer]));
    const merged = [...bySortKey.values()].sort((one, other) => (one.sk < other.sk ? -1 : 1));
    const shown = merged.slice(0, limit);
    const more = merged.length > limit || pages.some(({ next }) => next !== undefined);
    const ofKind = shown.filter((pointer) => kind === undefined || pointer.attributes?.['kind'] === kind);
    return readPage(records, organisationId, ofKind, more ? shown.at(-1)?.sk : undefined, blocked);
  },

  async groupIdsOfDepartment(organisationId, departmentId, { records }) {
    const groups = await records.list(groupEntity, organisationOwner(organisationId), { limit: GROUPS_MAX });
    return groups.items.filter(({ value }) => value.departmentId === departmentId).map(({ value }) => value.id);
  },

  async guardians(organisationId, childId, { records, now }) {
    const [links, organisation] = await Promise.all([
      records.list(guardianLinkEntity, ownerOf(organisationId, childId), { limit: LINKS_MAX }),
      records.get({ entity: organisationEntity, owner: organisationOwner(organisationId) }),
    ]);
    if (!organisation) throw new Problem('organisation-not-found');
    const guardians = await records.getMany(
      links.items.map(({ value }) => personRef(organisationId, value.guardianId)),
    );
    const linked = links.items.flatMap((link, i) => {
      const guardian = guardians[i];
      return guardian ? [{ link, guardian }] : [];
    });
    return { today: dayIn(organisation.value.timeZone, now), linked };
  },

  async link(organisationId, childId, link, { records }, answer) {
    const [[child, guardian], links] = await Promise.all([
      records.together([personRef(organisationId, childId), personRef(organisationId, link.guardianId)]),
      records.list(guardianLinkEntity, ownerOf(organisationId, childId), { limit: LINKS_MAX }),
    ]);
    demandChildAndGrownUp(child?.value.kind, guardian?.value.kind, childId, link.guardianId);
    if (links.items.length >= LINKS_MAX) throw new Problem('too-many', `At most ${LINKS_MAX} guardians.`);
    const change = records.change();
    addLink(change, organisationId, childId, link);
    return change.commit(answer);
  },

  findLink: (organisationId, childId, guardianId, { records }) =>
    records.get(linkRef(organisationId, childId, guardianId)),

  async changeLink(before, after, { records }) {
    const change = records.change();
    saveLink(change, before, after);
    await change.commit();
  },

  async unlink(link, { records }) {
    const change = records.change();
    removeLink(change, link.ref.owner.controller as OrganisationId, link);
    await change.commit();
  },

  async blocks(organisationId, childId, { records }) {
    return (await records.list(blockEntity, ownerOf(organisationId, childId), { limit: LINKS_MAX })).items;
  },

  async block(organisationId, childId, block, { records }) {
    const [child, other] = await records.together([
      personRef(organisationId, childId),
      personRef(organisationId, block.personId),
    ]);
    demandChildAndGrownUp(child?.value.kind, other?.value.kind, childId, block.personId);
    return again(StaleVersion, async () => {
      const [present, [standing, link, linkBack]] = await Promise.all([
        records.list(blockEntity, ownerOf(organisationId, childId), { limit: LINKS_MAX }),
        records.together([
          blockRef(organisationId, childId, block.personId),
          linkRef(organisationId, childId, block.personId),
          linkRef(organisationId, block.personId, childId),
        ]),
      ]);
      if (!standing && present.items.length >= LINKS_MAX) throw new Problem('too-many', `At most ${LINKS_MAX} blocks.`);
      const change = records.change();
      addBlock(change, organisationId, childId, block, { block: standing, link, linkBack });
      await change.commit();
      return (standing?.version ?? 0) + 1;
    });
  },

  async liftBlock(organisationId, childId, otherId, { records }) {
    const block = await records.get(blockRef(organisationId, childId, otherId));
    if (!block) return;
    await records
      .change()
      .remove(block.ref, { version: block.version })
      .unpoint(peoplePointers.blockedFrom(organisationId, otherId, childId))
      .activity({ event: 'block.lifted', subject: block.ref.owner, about: [otherId] })
      .commit();
  },
};

/** Whoever has guardians (a child, a service recipient) and a grown-up, two different persons. */
function demandChildAndGrownUp(
  kind: PersonKind | undefined,
  otherKind: PersonKind | undefined,
  personId: PersonId,
  otherId: PersonId,
): void {
  if (kind !== 'child' && kind !== 'member') throw new Problem('person-not-found', 'There is no such child.');
  if (otherKind === undefined || otherKind === 'child' || personId === otherId) {
    throw new Problem('person-not-found', 'There is no such grown-up.');
  }
}

async function readPage(
  records: Records,
  organisationId: OrganisationId,
  pointers: readonly Pointer[],
  next: string | undefined,
  blocked: ReadonlySet<string>,
): Promise<PersonPage> {
  const ids = pointers.map(({ sk }) => sk.slice(sk.indexOf('#') + 1)).filter((id) => !blocked.has(id));
  const stored = await records.getMany(ids.map((id) => personRef(organisationId, id as PersonId)));
  const persons = stored.flatMap((person) => (person ? [person.value] : []));
  return { persons, ...(next !== undefined && { next }) };
}

/** Tries again when somebody else was faster: what was read is read anew. */
async function again<A>(when: typeof IdentityTaken | typeof StaleVersion, attempt: () => Promise<A>): Promise<A> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof when) || tries >= TRIES_MAX) throw error;
    }
  }
}
