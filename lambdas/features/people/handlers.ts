import { type Call, personIdsOf, type RoleCaller } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import type { GroupId, OrganisationId, PersonId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import {
  type Block,
  type blockEntity,
  fieldsNotHeld,
  type GuardianLink,
  type guardianLinkEntity,
  type PersonKind,
  type PersonRecord,
  PersonSortKey,
  PLACEMENTS_MAX,
  type Placement,
  type personEntity,
} from './person.ts';
import { withPlacement } from './placement.ts';
import type { personRoutes } from './routes.ts';
import { audienceOf, guardianFor, personFor, summaryOf } from './views.ts';

type StoredPerson = Stored<typeof personEntity>;
type StoredLink = Stored<typeof guardianLinkEntity>;
type StoredBlock = Stored<typeof blockEntity>;

export interface PersonPage {
  readonly persons: readonly PersonRecord[];
  /** Where the page ended: a sort key. */
  readonly next?: string;
}

export interface PersonStore {
  /** Throws `email-taken` when another grown-up of the organisation has the address. */
  add<A>(person: PersonRecord, call: Call, answer: A): Promise<A>;
  /** Undefined for whoever is not there, or closed. */
  find(organisationId: OrganisationId, personId: PersonId, call: Call): Promise<StoredPerson | undefined>;
  /** Saves over the version that was read; throws `email-taken`, and `group-not-found` for an unknown new group. */
  save(before: StoredPerson, after: PersonRecord, call: Call): Promise<void>;
  listByKind(
    organisationId: OrganisationId,
    kind: PersonKind | undefined,
    range: PageRange,
    call: Call,
  ): Promise<PersonPage>;
  listByGroups(
    organisationId: OrganisationId,
    groupIds: readonly GroupId[],
    kind: PersonKind | undefined,
    range: PageRange,
    call: Call,
  ): Promise<PersonPage>;
  groupIdsOfDepartment(organisationId: OrganisationId, departmentId: string, call: Call): Promise<GroupId[]>;
  /** The child's links, former and coming ones too, with their guardians; and which day it is there. */
  guardians(
    organisationId: OrganisationId,
    childId: PersonId,
    call: Call,
  ): Promise<{
    readonly today: string;
    readonly linked: readonly { readonly link: StoredLink; readonly guardian: StoredPerson }[];
  }>;
  /** Throws `already-linked`, `blocked`, `too-many`, or `person-not-found` when one of the two is gone. */
  link<A>(organisationId: OrganisationId, childId: PersonId, link: GuardianLink, call: Call, answer: A): Promise<A>;
  findLink(
    organisationId: OrganisationId,
    childId: PersonId,
    guardianId: PersonId,
    call: Call,
  ): Promise<StoredLink | undefined>;
  changeLink(before: StoredLink, after: GuardianLink, call: Call): Promise<void>;
  unlink(link: StoredLink, call: Call): Promise<void>;
  blocks(organisationId: OrganisationId, childId: PersonId, call: Call): Promise<readonly StoredBlock[]>;
  /** Puts the block and removes the link, if there is one, in one transaction. Answers the block's version. */
  block(organisationId: OrganisationId, childId: PersonId, block: Block, call: Call): Promise<number>;
  /** Does nothing when there is none. */
  liftBlock(organisationId: OrganisationId, childId: PersonId, otherId: PersonId, call: Call): Promise<void>;
}
export interface PageRange {
  readonly limit: number;
  readonly after?: string;
  /** Who asks, as every person that they are there: whoever a block keeps from one of them is left out. */
  readonly callerIds: readonly PersonId[];
}

export const personHandlers = (people: PersonStore): HandlersFor<typeof personRoutes, Call> => ({
  async createPerson({ params, body }, call) {
    refuseFieldsNotHeld(body.kind, body);
    const person: PersonRecord = {
      ...body,
      id: call.newId('per'),
      organisationId: params.organisationId,
      placements: [],
    };
    return people.add(person, call, { ...person, shownTo: 'management' as const, version: 1 });
  },

  async listPeople({ params: { organisationId }, query }, call) {
    const { kind, groupId, limit } = query;
    const list: List = { name: 'people', filter: { organisationId, kind, groupId } };
    const range: PageRange = {
      limit,
      callerIds: personIdsOf(callerOf(call)),
      ...(query.cursor !== undefined && { after: decodeCursor(list, query.cursor, PersonSortKey) }),
    };
    const groupIds = await groupsToList(people, organisationId, groupId, call);
    const { persons, next } =
      groupIds === 'all'
        ? await people.listByKind(organisationId, kind, range, call)
        : await people.listByGroups(organisationId, groupIds, kind, range, call);
    return { items: persons.map(summaryOf), ...(next !== undefined && { next: encodeCursor(list, next) }) };
  },

  async getPerson({ params }, call) {
    const stored = await personOf(people, params, call);
    return personFor(audienceOf(callerOf(call), params.personId), stored);
  },

  async changePerson({ params, body, ifMatch }, call) {
    const before = await personOf(people, params, call);
    demandVersion(before, ifMatch);
    refuseFieldsNotHeld(before.value.kind, body);
    const after = changed(before.value, body);
    if (JSON.stringify(after) === JSON.stringify(before.value)) return personFor('management', before);
    await people.save(before, after, call);
    return personFor('management', { ...before, value: after, version: before.version + 1 });
  },

  async placePerson({ params, body, ifMatch }, call) {
    const before = await personOf(people, params, call);
    demandVersion(before, ifMatch);
    const { groupId, from } = params;
    const placements = withPlacement(before.value.placements, { groupId, from, ...body });
    if (!placements)
      throw new Problem('wrong-state', 'The placement overlaps another in this group, or ends too early.');
    if (placements.length > PLACEMENTS_MAX) throw new Problem('too-many', `At most ${PLACEMENTS_MAX} placements.`);
    const after = { ...before.value, placements };
    await people.save(before, after, call);
    return personFor('management', { ...before, value: after, version: before.version + 1 });
  },

  async removePlacement({ params, ifMatch }, call) {
    const before = await personOf(people, params, call);
    const isMeant = ({ groupId, from }: Placement) => groupId === params.groupId && from === params.from;
    if (!before.value.placements.some(isMeant)) return;
    demandVersion(before, ifMatch);
    const placements = before.value.placements.filter((placement) => !isMeant(placement));
    await people.save(before, { ...before.value, placements }, call);
  },

  async listGuardians({ params: { organisationId, personId } }, call) {
    const { today, linked } = await people.guardians(organisationId, personId, call);
    const items = linked.map(({ link, guardian }) => guardianFor(callerOf(call), link, guardian.value, today));
    return { items: items.filter((item) => item !== undefined) };
  },

  async linkGuardian({ params: { organisationId, personId }, body }, call) {
    demandOrderOfDates(body);
    return people.link(organisationId, personId, body, call, { ...body, version: 1 });
  },

  async changeGuardianLink({ params, body, ifMatch }, call) {
    demandOrderOfDates(body);
    const before = await linkOf(people, params, call);
    demandVersion(before, ifMatch);
    const after = { ...body, guardianId: params.guardianId };
    await people.changeLink(before, after, call);
    return { ...after, version: before.version + 1 };
  },

  async unlinkGuardian({ params, ifMatch }, call) {
    const link = await linkOf(people, params, call);
    demandVersion(link, ifMatch);
    await people.unlink(link, call);
  },

  async listBlocks({ params: { organisationId, personId } }, call) {
    const blocks = await people.blocks(organisationId, personId, call);
    return { items: blocks.map(({ value, version }) => ({ ...value, version })) };
  },

  async blockPerson({ params: { organisationId, personId, otherId }, body }, call) {
    const block = { ...body, personId: otherId };
    const version = await people.block(organisationId, personId, block, call);
    return { ...block, version };
  },

  async liftBlock({ params: { organisationId, personId, otherId } }, call) {
    await people.liftBlock(organisationId, personId, otherId, call);
  },
});

/** Leaders and staff with a narrow scope see the groups of that scope; a group outside it is answered as if there were none. */
async function groupsToList(
  people: PersonStore,
  organisationId: OrganisationId,
  wanted: GroupId | undefined,
  call: Call,
): Promise<readonly GroupId[] | 'all'> {
  const { scope } = callerOf(call);
  if (scope.kind === 'organisation') return wanted ? [wanted] : 'all';
  const inScope = await groupIdsInScope(people, organisationId, scope, call);
  if (wanted === undefined) return inScope;
  if (!inScope.includes(wanted)) throw new Problem('group-not-found');
  return [wanted];
}

async function groupIdsInScope(
  people: PersonStore,
  organisationId: OrganisationId,
  scope: RoleCaller['scope'],
  call: Call,
): Promise<readonly GroupId[]> {
  if (scope.kind === 'group') return [scope.id as GroupId];
  if (scope.kind === 'department') return people.groupIdsOfDepartment(organisationId, scope.id ?? '', call);
  // A role for one person has no list.
  return [];
}

/** A changed field is set, `null` empties it; what is not named stays. */
function changed(before: PersonRecord, changes: Readonly<Record<string, unknown>>): PersonRecord {
  const merged = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(merged) as PersonRecord;
}

function refuseFieldsNotHeld(kind: PersonKind, body: Readonly<Record<string, unknown>>): void {
  const { kind: _, ...fields } = body;
  const refused = fieldsNotHeld(kind, fields);
  if (refused.length === 0) return;
  const detail = `Not held about a ${kind} without consent (FW-02).`;
  throw new Problem('malformed-request', undefined, {
    errors: refused.map((field) => ({ pointer: pointer('body', field), detail })),
  });
}

function demandOrderOfDates({ from, until }: { readonly from: string; readonly until?: string | undefined }): void {
  if (until === undefined || from <= until) return;
  const errors = [{ pointer: pointer('body', 'until'), detail: 'The last day is before the first.' }];
  throw new Problem('malformed-request', undefined, { errors });
}

async function personOf(
  people: PersonStore,
  { organisationId, personId }: { organisationId: OrganisationId; personId: PersonId },
  call: Call,
): Promise<StoredPerson> {
  const stored = await people.find(organisationId, personId, call);
  if (!stored) throw new Problem('person-not-found');
  return stored;
}

async function linkOf(
  people: PersonStore,
  params: { organisationId: OrganisationId; personId: PersonId; guardianId: PersonId },
  call: Call,
): Promise<StoredLink> {
  const link = await people.findLink(params.organisationId, params.personId, params.guardianId, call);
  if (!link) throw new Problem('person-not-found', 'There is no such guardian of this child.');
  return link;
}

function demandVersion(stored: { readonly version: number }, ifMatch: number): void {
  if (stored.version !== ifMatch) throw new Problem('stale-version');
}

/** The chain lets nobody without a role reach a route for roles. */
function callerOf(call: Call): RoleCaller {
  if (!call.role) throw new Error('A route for roles without a role');
  return call.role;
}
