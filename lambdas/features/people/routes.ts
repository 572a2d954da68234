import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { GroupId, PersonId } from '../../http/ids.ts';
import { inOrganisation, ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { Block, GuardianLink, LINKS_MAX, PersonFields, PlainDate, personKinds } from './person.ts';
import { BlockAnswer, Guardian, LinkAnswer, Person, PersonSummary } from './views.ts';

const ofLink = ofPerson.extend({ guardianId: PersonId });
const ofBlock = ofPerson.extend({ otherId: PersonId });
const ofPlacement = ofPerson.extend({ groupId: GroupId, from: PlainDate });

const reading = [...readingRecords, 'lookup:read'] as const;
const changing = [...changingRecords, 'lookup:read', 'lookup:write'] as const;

const { firstName, lastName, language, protectedAddress, ...canBeEmptied } = PersonFields.shape;
const PersonChanges = z
  .strictObject({
    firstName,
    lastName,
    language: language.unwrap(),
    protectedAddress: protectedAddress.unwrap(),
    ...nullable(canBeEmptied),
  })
  .partial()
  .meta({
    id: 'PersonChanges',
    description: 'Only what is named changes; `null` empties a field. Names stay (FW-02).',
  });

const LinkTerms = GuardianLink.omit({ guardianId: true });

export const personRoutes = {
  createPerson: {
    summary: 'Register a person',
    description:
      'A child, a guardian, a member of staff or a member. Only what is held without consent is taken (FW-02).',
    tag: 'People',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people',
    access: rolesThatMay('person:create'),
    params: inOrganisation,
    body: PersonFields.extend({ kind: z.enum(personKinds) }).meta({ id: 'NewPerson' }),
    success: { status: 201, body: Person },
    problems: ['email-taken'],
    needs: changing,
    creates: true,
    versioned: true,
  },
  listPeople: {
    summary: 'List people, by kind or group',
    description: 'Leaders and staff see the groups of their scope. Whoever a block keeps from the caller is left out.',
    tag: 'People',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people',
    access: rolesThatMay('person:list'),
    params: inOrganisation,
    query: z.strictObject({ ...pageQuery, kind: z.enum(personKinds).optional(), groupId: GroupId.optional() }),
    success: { status: 200, body: page(PersonSummary) },
    problems: ['group-not-found'],
    needs: [...reading, 'activity:append'],
    reads: 'people',
  },
  getPerson: {
    summary: 'Read a person',
    description: 'How much is shown depends on the role: `shownTo` says which part it is.',
    tag: 'People',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}',
    access: rolesThatMay('person:read'),
    params: ofPerson,
    success: { status: 200, body: Person },
    problems: ['person-not-found'],
    needs: [...reading, 'activity:append'],
    reads: 'person',
    versioned: true,
  },
  changePerson: {
    summary: 'Change a person',
    tag: 'People',
    method: 'PATCH',
    path: '/v1/organisations/{organisationId}/people/{personId}',
    access: rolesThatMay('person:manage'),
    params: ofPerson,
    body: PersonChanges,
    success: { status: 200, body: Person },
    problems: ['person-not-found', 'email-taken', 'stale-version'],
    needs: changing,
    versioned: true,
  },
  placePerson: {
    summary: 'Place a person in a group from a day, or set the last day',
    description: 'The same request again changes nothing. Without `until` the placement is open.',
    tag: 'People',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/people/{personId}/placements/{groupId}/{from}',
    access: rolesThatMay('person:manage'),
    params: ofPlacement,
    body: z.strictObject({ until: PlainDate.optional() }).meta({ id: 'PlacementTerms' }),
    success: { status: 200, body: Person },
    problems: ['person-not-found', 'group-not-found', 'wrong-state', 'too-many', 'stale-version'],
    needs: changing,
    versioned: true,
  },
  removePlacement: {
    summary: 'Take a placement away that was a mistake',
    description: 'As if it had never been; to end one, set its last day. The same request again changes nothing.',
    tag: 'People',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/people/{personId}/placements/{groupId}/{from}',
    access: rolesThatMay('person:manage'),
    params: ofPlacement,
    success: { status: 204 },
    problems: ['person-not-found', 'stale-version'],
    needs: changing,
    versioned: true,
  },
  listGuardians: {
    summary: 'List the guardians of a child',
    description:
      'A guardian sees the other guardians of today by name and relation alone, and not those whose address is protected.',
    tag: 'People',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/guardians',
    access: rolesThatMay('person:read'),
    params: ofPerson,
    success: { status: 200, body: z.strictObject({ items: z.array(Guardian).max(LINKS_MAX) }) },
    problems: ['person-not-found'],
    needs: [...reading, 'activity:append'],
    reads: 'person',
  },
  linkGuardian: {
    summary: 'Link a guardian to a child',
    tag: 'People',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/guardians',
    access: rolesThatMay('person:manage'),
    params: ofPerson,
    body: GuardianLink.meta({ id: 'NewGuardianLink' }),
    success: { status: 201, body: LinkAnswer },
    problems: ['person-not-found', 'already-linked', 'blocked', 'too-many'],
    needs: changing,
    creates: true,
    versioned: true,
  },
  changeGuardianLink: {
    summary: "Change a guardian's relation, rights or dates",
    tag: 'People',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/people/{personId}/guardians/{guardianId}',
    access: rolesThatMay('person:manage'),
    params: ofLink,
    body: LinkTerms.meta({ id: 'GuardianLinkTerms' }),
    success: { status: 200, body: LinkAnswer },
    problems: ['person-not-found', 'stale-version'],
    needs: changing,
    versioned: true,
  },
  unlinkGuardian: {
    summary: 'Unlink a guardian from a child',
    tag: 'People',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/people/{personId}/guardians/{guardianId}',
    access: rolesThatMay('person:manage'),
    params: ofLink,
    success: { status: 204 },
    problems: ['person-not-found', 'stale-version'],
    needs: changing,
    versioned: true,
  },
  listBlocks: {
    summary: 'List the blocks of a child',
    tag: 'People',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/blocks',
    access: rolesThatMay('person:block'),
    params: ofPerson,
    success: { status: 200, body: z.strictObject({ items: z.array(BlockAnswer).max(LINKS_MAX) }) },
    problems: ['person-not-found'],
    needs: [...reading, 'activity:append'],
    reads: 'person',
  },
  blockPerson: {
    summary: 'Put a block between a child and a grown-up',
    description: 'Beats every link, from every source: a link between the two is removed in the same transaction.',
    tag: 'People',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/people/{personId}/blocks/{otherId}',
    access: rolesThatMay('person:block'),
    params: ofBlock,
    body: Block.omit({ personId: true }).meta({ id: 'BlockTerms' }),
    success: { status: 200, body: BlockAnswer },
    problems: ['person-not-found', 'too-many'],
    needs: changing,
  },
  liftBlock: {
    summary: 'Lift a block',
    description: 'No link comes back by itself.',
    tag: 'People',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/people/{personId}/blocks/{otherId}',
    access: rolesThatMay('person:block'),
    params: ofBlock,
    success: { status: 204 },
    problems: ['person-not-found'],
    needs: changing,
  },
} as const satisfies Routes;

type Nullable<T extends Readonly<Record<string, z.ZodOptional>>> = {
  [K in keyof T]: z.ZodNullable<ReturnType<T[K]['unwrap']>>;
};
function nullable<T extends Readonly<Record<string, z.ZodOptional>>>(fields: T): Nullable<T> {
  const entries = Object.entries(fields).map(([name, field]) => [name, z.nullable(field.unwrap())]);
  return Object.fromEntries(entries) as Nullable<T>;
}
