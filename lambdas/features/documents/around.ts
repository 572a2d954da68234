import { type Call, personIdsOf, type RoleCaller } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Records } from '../../platform/records.ts';
import {
  GROUPS_MAX,
  groupEntity,
  type Organisation,
  organisationOwner,
  organisationRef,
} from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import {
  guardianLinkEntity,
  isLinkedOn,
  isPlacedOn,
  ownerOf,
  type PersonRecord,
  peoplePointers,
  personEntity,
} from '../people/person.ts';
import type { AboutPerson, Structure, Whereabouts } from './reach.ts';

const CHILDREN_MAX = 50;
/** Who may know of a child: whoever only picks up does not. */
const informed = ['parental-responsibility', 'information-only'] as const;

const personRef = (organisationId: OrganisationId, personId: PersonId) =>
  ({ entity: personEntity, owner: ownerOf(organisationId, personId) }) as const;
const linkRef = (organisationId: OrganisationId, childId: PersonId, guardianId: PersonId) =>
  ({ entity: guardianLinkEntity, owner: ownerOf(organisationId, childId), key: guardianId }) as const;

/** The organisation's groups, by their departments. One wave. */
export async function structureOf(records: Records, organisationId: OrganisationId): Promise<Structure> {
  const groups = await records.list(groupEntity, organisationOwner(organisationId), { limit: GROUPS_MAX });
  const departments = new Map(groups.items.map(({ value }) => [value.id as string, value.departmentId]));
  return { departmentOf: (groupId) => departments.get(groupId) };
}

/** What decides who may see something about the person, as it is at this moment. One wave; undefined when there is nobody. */
export async function aboutPerson(
  organisationId: OrganisationId,
  personId: PersonId,
  role: RoleCaller,
  { records, now }: Pick<Call, 'records' | 'now'>,
): Promise<AboutPerson | undefined> {
  const [[organisation, person, link], blocks, structure] = await Promise.all([
    records.together([
      organisationRef(organisationId),
      personRef(organisationId, personId),
      linkRef(organisationId, personId, role.personId),
    ]),
    records.getMany(blocksBetween(organisationId, personIdsOf(role), personId)),
    role.scope.kind === 'department' ? structureOf(records, organisationId) : undefined,
  ]);
  if (!organisation || !person) return undefined;
  const today = dayIn(organisation.value.timeZone, now);
  const groupIds = person.value.placements.filter((one) => isPlacedOn(one, today)).map(({ groupId }) => groupId);
  return {
    organisation: organisation.value,
    kind: person.value.kind,
    target: {
      kind: 'person',
      personId,
      groupIds,
      departmentIds: groupIds.flatMap((groupId) => structure?.departmentOf(groupId) ?? []),
      guardianRights: link && isLinkedOn(link.value, today) ? link.value.rights : undefined,
      isBlocked: blocks.some((block) => block !== undefined),
    },
  };
}

/**
 * Where those are placed today whom the caller is there for: their children (no block between, and more than picking
 * up), and they themselves as a member. Two waves.
 */
export async function whereaboutsOf(
  organisationId: OrganisationId,
  role: RoleCaller,
  { records, now }: Pick<Call, 'records' | 'now'>,
): Promise<Whereabouts> {
  const { pk, sk } = peoplePointers.child(organisationId, role.personId, '' as PersonId);
  const { items } = await records.pointers('core', pk, { prefix: sk, limit: CHILDREN_MAX });
  const childIds = items.map((pointer) => pointer.sk.slice(sk.length) as PersonId);
  const [[organisation, self], children, links, blocks, { departmentOf }] = await Promise.all([
    records.together([organisationRef(organisationId), personRef(organisationId, role.personId)]),
    records.getMany(childIds.map((childId) => personRef(organisationId, childId))),
    records.getMany(childIds.map((childId) => linkRef(organisationId, childId, role.personId))),
    Promise.all(childIds.map((childId) => records.getMany(blocksBetween(organisationId, personIdsOf(role), childId)))),
    structureOf(records, organisationId),
  ]);
  if (!organisation) return { isServed: false, groupIds: new Set(), departmentIds: new Set() };
  const today = dayIn(organisation.value.timeZone, now);
  const mine = children.flatMap((child, i) => {
    const link = links[i]?.value;
    const isMine = link && isLinkedOn(link, today) && informed.some((rights) => rights === link.rights);
    return child && isMine && blocks[i]!.every((block) => block === undefined) ? [child.value] : [];
  });
  const served = [...mine, ...(self?.value.kind === 'member' ? [self.value] : [])].filter((one) => isHere(one, today));
  const groupIds = new Set<string>(
    served.flatMap(({ placements }) => placements.filter((one) => isPlacedOn(one, today)).map((one) => one.groupId)),
  );
  return {
    isServed: served.length > 0,
    groupIds,
    departmentIds: new Set([...groupIds].flatMap((groupId) => departmentOf(groupId) ?? [])),
  };
}

/** Whoever has left all groups is here no more; a club may have none. */
export const isHere = ({ placements }: PersonRecord, day: string): boolean =>
  placements.length === 0 || placements.some((placement) => isPlacedOn(placement, day));

export const todayIn = ({ timeZone }: Organisation, now: Date): string => dayIn(timeZone, now);
