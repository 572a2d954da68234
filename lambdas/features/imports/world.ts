import type { GroupId, PersonId } from '../../http/ids.ts';
import { comparable, comparableName, type Identity } from '../people/identity.ts';
import type { GuardianLink, PersonRecord } from '../people/person.ts';
import { identityOf } from '../people/writes.ts';
import type { Step } from './plan.ts';

/** Something stored, with the version that a change to it must be based on. */
export interface Known<T> {
  readonly value: T;
  readonly version: number;
}

/**
 * What the organisation holds, as far as some rows of a register touch it. A plan is made against it; what a plan will
 * write is put in, so that the next row is planned against the outcome.
 */
export interface World {
  readonly today: string;
  groupNamed(name: string): GroupId | undefined;
  groupName(groupId: GroupId): string;
  addGroup(name: string, groupId: GroupId): void;
  person(personId: PersonId): Known<PersonRecord> | undefined;
  personBy(identity: Identity): Known<PersonRecord> | undefined;
  /** The linked guardian of this name, if the child has one. */
  guardianNamed(childId: PersonId, name: string): Known<PersonRecord> | undefined;
  link(childId: PersonId, guardianId: PersonId): Known<GuardianLink> | undefined;
  isBlocked(childId: PersonId, otherId: PersonId): boolean;
  addPerson(known: Known<PersonRecord>): void;
  addLink(childId: PersonId, known: Known<GuardianLink>): void;
  addBlock(childId: PersonId, otherId: PersonId): void;
  /** As if the steps had been written. */
  carryOut(steps: readonly Step[]): void;
}

export function newWorld(today: string): World {
  const groupIds = new Map<string, GroupId>();
  const groupNames = new Map<GroupId, string>();
  const persons = new Map<PersonId, Known<PersonRecord>>();
  const idsByIdentity = new Map<string, PersonId>();
  const links = new Map<PersonId, Map<PersonId, Known<GuardianLink>>>();
  const blocks = new Set<string>();
  const identityKey = ({ kind, value }: Identity) => `${kind} ${comparable(value)}`;

  const world: World = {
    today,
    groupNamed: (name) => groupIds.get(comparable(name)),
    groupName: (groupId) => groupNames.get(groupId) ?? groupId,
    addGroup(name, groupId) {
      groupIds.set(comparable(name), groupId);
      groupNames.set(groupId, name);
    },
    person: (personId) => persons.get(personId),
    personBy(identity) {
      const personId = idsByIdentity.get(identityKey(identity));
      return personId && persons.get(personId);
    },
    guardianNamed(childId, name) {
      const guardians = [...(links.get(childId)?.keys() ?? [])].map((guardianId) => persons.get(guardianId));
      return guardians.find((guardian) => guardian && comparableName(guardian.value) === name);
    },
    link: (childId, guardianId) => links.get(childId)?.get(guardianId),
    isBlocked: (childId, otherId) => blocks.has(`${childId} ${otherId}`),
    addPerson(known) {
      const { id } = known.value;
      const before = persons.get(id);
      const [left, taken] = [before && identityOf(before.value), identityOf(known.value)];
      if (left && idsByIdentity.get(identityKey(left)) === id) idsByIdentity.delete(identityKey(left));
      if (taken && !idsByIdentity.has(identityKey(taken))) idsByIdentity.set(identityKey(taken), id);
      persons.set(id, known);
    },
    addLink(childId, known) {
      const ofChild = links.get(childId) ?? new Map<PersonId, Known<GuardianLink>>();
      links.set(childId, ofChild.set(known.value.guardianId, known));
    },
    addBlock(childId, otherId) {
      blocks.add(`${childId} ${otherId}`);
      links.get(childId)?.delete(otherId);
    },
    carryOut(steps) {
      for (const step of steps) {
        if (step.do === 'add') world.addPerson({ value: step.person, version: 1 });
        if (step.do === 'save') world.addPerson({ value: step.after, version: step.before.version + 1 });
        if (step.do === 'link') world.addLink(step.childId, { value: step.link, version: 1 });
        if (step.do === 'save-link') {
          world.addLink(step.childId, { value: step.after, version: step.before.version + 1 });
        }
        if (step.do === 'block') world.addBlock(step.childId, step.block.personId);
      }
    },
  };
  return world;
}
