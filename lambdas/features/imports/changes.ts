import * as z from 'zod';
import type { PersonId } from '../../http/ids.ts';
import type { GuardianLink, PersonRecord } from '../people/person.ts';
import { Who } from './import-row.ts';
import { changedFields, type Step } from './plan.ts';
import type { World } from './world.ts';

/** A step as the approver reads it, and as it is approved: what is written later must be among what was shown. */
export const PlannedChange = z
  .strictObject({
    who: Who,
    what: z.enum([
      'create',
      'email',
      'phone',
      'address',
      'postcode',
      'position',
      'note',
      'protected-address',
      'group',
      'link',
      'relation',
      'lives-with',
      'block',
    ]),
    /** The person: the full name. */
    name: z.string(),
    from: z.string().optional(),
    to: z.string().optional(),
  })
  .meta({ id: 'PlannedChange' });
export type PlannedChange = z.output<typeof PlannedChange>;
type What = PlannedChange['what'];

const shownFields: Partial<Record<keyof PersonRecord, What>> = {
  email: 'email',
  phone: 'phone',
  address: 'address',
  postcode: 'postcode',
  position: 'position',
  note: 'note',
  protectedAddress: 'protected-address',
  placements: 'group',
};

/** Describes the steps of a row. The world is the one before they are carried out. */
export function changesOf(steps: readonly Step[], world: World): PlannedChange[] {
  const added = new Map(steps.flatMap((step) => (step.do === 'add' ? [[step.person.id, step.person] as const] : [])));
  const nameOf = (id: PersonId) => fullName(added.get(id) ?? world.person(id)?.value);
  return steps.flatMap((step) => describeStep(step, world, nameOf));
}

function describeStep(step: Step, world: World, nameOf: (id: PersonId) => string): PlannedChange[] {
  const { who } = step;
  switch (step.do) {
    case 'add':
      return describeAdded(step.who, step.person, world);
    case 'save':
      return describeSaved(step.who, step.before.value, step.after, world);
    case 'link':
      return [{ who, what: 'link', name: nameOf(step.link.guardianId), to: step.link.rights }];
    case 'save-link':
      return describeSavedLink(step.who, step.before.value, step.after, nameOf(step.after.guardianId));
    case 'block':
      return [{ who, what: 'block', name: nameOf(step.block.personId), to: step.block.basis }];
  }
}

function describeAdded(who: Who, person: PersonRecord, world: World): PlannedChange[] {
  const name = fullName(person);
  const changes: PlannedChange[] = [{ who, what: 'create', name }];
  const group = groupOf(person, world);
  if (group !== undefined) changes.push({ who, what: 'group', name, to: group });
  if (person.protectedAddress) changes.push({ who, what: 'protected-address', name, to: 'true' });
  return changes;
}

function describeSaved(who: Who, before: PersonRecord, after: PersonRecord, world: World): PlannedChange[] {
  return changedFields(before, after).flatMap((field) => {
    const what = shownFields[field];
    if (what === undefined) return [];
    const [from, to] = [textOf(before, field, world), textOf(after, field, world)];
    return [{ who, what, name: fullName(after), ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
  });
}

function describeSavedLink(who: Who, before: GuardianLink, after: GuardianLink, name: string): PlannedChange[] {
  const changes: PlannedChange[] = [];
  if (before.relation !== after.relation) {
    changes.push({ who, what: 'relation', name, from: before.relation, to: after.relation });
  }
  if (before.livesWith !== after.livesWith) {
    changes.push({ who, what: 'lives-with', name, from: String(before.livesWith), to: String(after.livesWith) });
  }
  return changes;
}

/** Two changes with the same key are the same change, whichever row of a family they stand on. */
export const changeKey = ({ what, name, from, to }: PlannedChange): string => JSON.stringify([what, name, from, to]);

const fullName = (person: PersonRecord | undefined) => (person ? `${person.firstName} ${person.lastName}` : '');

const groupOf = (person: PersonRecord, world: World) => {
  const placement = person.placements.find(({ until }) => until === undefined || until >= world.today);
  return placement && world.groupName(placement.groupId);
};

function textOf(person: PersonRecord, field: keyof PersonRecord, world: World): string | undefined {
  if (field === 'placements') return groupOf({ ...person, placements: [...person.placements].reverse() }, world);
  const value = person[field];
  return value === undefined ? undefined : String(value);
}
