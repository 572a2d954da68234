import { isInScope } from '../../access/decide.ts';
import type { GroupId, OrganisationId, PersonId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Records } from '../../platform/records.ts';
import { type RoleRecord, roleEntity } from '../access/role.ts';
import { type GuardianOfChild, guardiansOf } from '../attendance/guardians.ts';
import { inOneWave } from '../attendance/one-wave.ts';
import { type Custody, custodyRef } from '../custody/custody.ts';
import { GROUPS_MAX, groupEntity, organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import { isPlacedOn, ownerOf, type PersonRecord, personEntity } from '../people/person.ts';
import { type Household, householdsOf, mayBeWrittenTo } from './households.ts';
import { isAwayOn, type OutOfOffice, outOfOfficeRef } from './out-of-office.ts';
import {
  messageThreadEntity,
  type Participant,
  type ParticipantRole,
  participantRoles,
  threadMessageEntity,
} from './thread.ts';

/** Roles that one person holds here: more is a mistake. */
const ROLES_MAX = 50;

/** What is known around a child at this moment: who may take part in talking about them, and who lives with whom. */
export interface Around {
  /** In the organisation's zone. */
  readonly today: string;
  readonly child: PersonRecord;
  readonly guardians: readonly GuardianOfChild[];
  readonly custody: Custody | undefined;
  /** Those asked for that are neither erased nor restricted, and do not object to what is kept of conversations. */
  readonly persons: ReadonlyMap<PersonId, PersonRecord>;
  readonly roles: ReadonlyMap<PersonId, readonly RoleRecord[]>;
  /** Those asked for that are away today. */
  readonly away: ReadonlyMap<PersonId, OutOfOffice>;
  /** Those asked for that a block keeps from the child. */
  readonly blocked: ReadonlySet<PersonId>;
  readonly departmentOf: ReadonlyMap<GroupId, string | undefined>;
}

/** One wave; undefined when the child is gone. `staffIds` are those whose roles decide whether they may take part. */
export async function readAround(
  records: Records,
  organisationId: OrganisationId,
  childId: PersonId,
  asked: { readonly personIds: readonly PersonId[]; readonly staffIds: readonly PersonId[]; readonly now: Date },
): Promise<Around | undefined> {
  const personIds = [...new Set([...asked.personIds, ...asked.staffIds])];
  const staffIds = [...new Set(asked.staffIds)];
  const [read, open, guardians, groups, roles] = await Promise.all([
    inOneWave(records, {
      organisations: [organisationRef(organisationId)],
      children: [personRef(organisationId, childId)],
      persons: personIds.map((id) => personRef(organisationId, id)),
      away: staffIds.map((id) => outOfOfficeRef(organisationId, id)),
      blocks: blocksBetween(organisationId, personIds, childId),
      custody: [custodyRef(organisationId, childId)],
    }),
    records.mayHold(
      [messageThreadEntity, threadMessageEntity],
      personIds.map((id) => ownerOf(organisationId, id)),
    ),
    guardiansOf(records, organisationId, childId),
    records.list(groupEntity, organisationOwner(organisationId), { limit: GROUPS_MAX }),
    Promise.all(staffIds.map((id) => records.list(roleEntity, ownerOf(organisationId, id), { limit: ROLES_MAX }))),
  ]);
  const [organisation, child] = [read.organisations[0]?.value, read.children[0]?.value];
  if (!organisation || !child) return undefined;
  const today = dayIn(organisation.timeZone, asked.now);
  const isBlocked = (_: PersonId, i: number) =>
    read.blocks[2 * i] !== undefined || read.blocks[2 * i + 1] !== undefined;
  return {
    today,
    child,
    guardians,
    custody: read.custody[0]?.value,
    persons: new Map(read.persons.flatMap((stored, i) => (stored && open[i] ? [[stored.value.id, stored.value]] : []))),
    roles: new Map(staffIds.map((id, i) => [id, roles[i]!.items.map(({ value }) => value)])),
    away: new Map(
      staffIds.flatMap((id, i) => {
        const out = read.away[i]?.value;
        return out && isAwayOn(out, today) ? [[id, out]] : [];
      }),
    ),
    blocked: new Set(personIds.filter(isBlocked)),
    departmentOf: new Map(groups.items.map(({ value }) => [value.id, value.departmentId])),
  };
}

/**
 * Whether somebody may take part today, and as what: a guardian that is linked to the child and more than picks up, a
 * member in what is about themselves, staff whose role reaches the child. A block beats all of them. Pure.
 */
export function takesPartAs(personId: PersonId, around: Around): ParticipantRole | undefined {
  if (!around.persons.has(personId) || around.blocked.has(personId)) return undefined;
  const guardian = around.guardians.find(({ link }) => link.guardianId === personId);
  if (guardian) return mayBeWrittenTo(guardian, around.today) ? 'guardian' : undefined;
  if (personId === around.child.id) return around.child.kind === 'member' ? 'member' : undefined;
  const reaching = (around.roles.get(personId) ?? []).filter((role) => reaches(role, around));
  return participantRoles.find((name) => reaching.some(({ role }) => role === name));
}

function reaches(role: RoleRecord, around: Around): boolean {
  const { today, child } = around;
  if (role.role !== 'leader' && role.role !== 'staff') return false;
  const isInForce = role.validFrom <= today && (role.validUntil === undefined || today <= role.validUntil);
  if (role.state !== 'active' || !isInForce) return false;
  const { scope } = role;
  return isInScope({ kind: scope.kind, ...(scope.id !== undefined && { id: scope.id }) }, targetOf(around, child));
}

const targetOf = (around: Around, child: PersonRecord) => {
  const groupIds = groupsToday(around);
  return {
    kind: 'person',
    personId: child.id,
    groupIds,
    departmentIds: groupIds.flatMap((id) => around.departmentOf.get(id) ?? []),
    guardianRights: undefined,
    isBlocked: false,
  } as const;
};

export const groupsToday = ({ child, today }: Pick<Around, 'child' | 'today'>): GroupId[] =>
  child.placements.filter((placement) => isPlacedOn(placement, today)).map(({ groupId }) => groupId);

/**
 * The team of the child's groups: whoever holds a staff role for just such a group. Whoever holds one for a whole
 * department or organisation is added by name: else a head would get what every family writes.
 */
export function teamOf(around: Around, staffIds: readonly PersonId[]): PersonId[] {
  const groupIds: readonly string[] = groupsToday(around);
  return staffIds.filter(
    (id) =>
      takesPartAs(id, around) === 'staff' &&
      (around.roles.get(id) ?? []).some(
        (role) => reaches(role, around) && role.scope.kind === 'group' && groupIds.includes(role.scope.id ?? ''),
      ),
  );
}

/** The guardians that may be written to, home by home. Pure. */
export function householdsAround(around: Around): Household[] {
  const ids = around.guardians.map(({ link }) => link.guardianId);
  const family = { ...around, personOf: (id: PersonId) => around.persons.get(id) };
  return householdsOf(
    ids.filter((id) => takesPartAs(id, around) === 'guardian'),
    family,
  );
}

/** Of these, those whose home is the person's. */
export const householdWith = (personId: PersonId, around: Around): readonly PersonId[] =>
  householdsAround(around).find((household) => household.includes(personId)) ?? [personId];

/** Whether a message would be read in more than one home. */
export function isOfOneHousehold(personIds: readonly PersonId[], around: Around): boolean {
  const homes = householdsAround(around).filter((household) => household.some((id) => personIds.includes(id)));
  return homes.length <= 1;
}

export const staffIdsOf = (participants: readonly Participant[]): PersonId[] =>
  participants.filter(({ role }) => role === 'leader' || role === 'staff').map(({ personId }) => personId);

const personRef = (organisationId: OrganisationId, personId: PersonId) =>
  ({ entity: personEntity, owner: ownerOf(organisationId, personId) }) as const;
