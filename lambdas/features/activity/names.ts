import type { Profile, RoleName } from '../../access/roles.ts';
import type { Language } from '../../http/call.ts';
import { AccountId, type OrganisationId, PersonId, RoleId } from '../../http/ids.ts';
import type { ControllerId } from '../../platform/entity.ts';
import type { Records } from '../../platform/records.ts';
import { roleRef } from '../access/role.ts';
import { accountPointers } from '../accounts/account.ts';
import { inOneWave } from '../attendance/one-wave.ts';
import { formerUserNumbers } from '../erasure/former-users.ts';
import { ownerOf, personEntity } from '../people/person.ts';
import type { Happening, Names } from './sentences.ts';
import { objectWordsFor, type Somebody, wordsFor } from './somebody.ts';

/** Those whom records name, as one reader may know them. */
export interface Cast {
  actorOf(entry: Happening): Somebody;
  subjectOf(entry: Happening): Somebody;
}

export const namesIn = (cast: Cast, profile: Profile | undefined): Names => ({
  actorOf: (entry, language: Language) => wordsFor(cast.actorOf(entry), profile, language),
  subjectOf: (entry, language: Language) =>
    objectWordsFor(cast.subjectOf(entry), cast.actorOf(entry), profile, language),
});

/**
 * Everyone whom records of one organisation name, with names as they are now: for whoever answers for the organisation.
 * What an erasure or a restriction has closed has no name any more. Two round trips.
 */
export async function readCast(
  records: Records,
  organisationId: OrganisationId,
  entries: readonly Happening[],
): Promise<Cast> {
  const accountIds = distinct(entries.flatMap(({ actor, person }) => (person === undefined ? accountIn(actor) : [])));
  const directly = distinct(entries.flatMap(({ subject, person }) => [...personIn(subject), ...personIn(person)]));
  const [known, roles, personOfAccount] = await Promise.all([
    readPersons(records, organisationId, directly),
    readRoles(records, organisationId, entries),
    personsOfAccounts(records, organisationId, accountIds),
  ]);
  const more = distinct([...personOfAccount.values()].filter((id) => !directly.includes(id)));
  const persons = new Map([...known, ...(more.length > 0 ? await readPersons(records, organisationId, more) : [])]);

  const personOf = (id: PersonId): Somebody => persons.get(id) ?? { kind: 'person', personId: id };
  return {
    actorOf(entry) {
      const plain = plainActor(entry);
      if (plain) return plain;
      const role = roles.get(entry.role ?? '');
      // Who works for the operator is the operator's to know.
      if (role?.isOfOperator) return { kind: 'operator-staff', role: role.name };
      // The person that it stands there as is nobody.
      if (role?.name === 'integration') return { kind: 'program', role: role.name };
      const [id] = personIn(entry.person);
      const personId = id ?? personOfAccount.get(entry.actor);
      if (personId === undefined) return { kind: 'account' };
      return { ...personOf(personId), ...(role && { role: role.name }) };
    },
    subjectOf({ subject }) {
      const [personId] = personIn(subject);
      if (personId !== undefined) return personOf(personId);
      return { kind: subject === organisationId ? 'organisation' : 'something-else' };
    },
  };
}

/** A worker, or somebody without an account; undefined for whoever was signed in. */
export function plainActor({ actor }: Happening): Somebody | undefined {
  if (actor.startsWith('system:')) return { kind: 'service' };
  return actor === 'anyone' ? { kind: 'not-signed-in' } : undefined;
}

async function readPersons(records: Records, organisationId: OrganisationId, ids: readonly PersonId[]) {
  const [persons, numbers] = await Promise.all([
    records.getMany(ids.map((id) => ({ entity: personEntity, owner: ownerOf(organisationId, id) }))),
    formerUserNumbers(records, organisationId, ids),
  ]);
  return new Map(
    ids.map((personId, i): [PersonId, Somebody] => {
      const [number, person] = [numbers.get(personId), persons[i]?.value];
      if (number !== undefined) return [personId, { kind: 'former-user', personId, number }];
      const name = person && `${person.firstName} ${person.lastName}`;
      return [personId, { kind: 'person', personId, ...(name !== undefined && { name }) }];
    }),
  );
}

export interface KnownRole {
  readonly name: RoleName;
  readonly isOfOperator: boolean;
}

/** The roles in which somebody acted, by the id of the role: held in the organisation, or at the operator. One round trip. */
export async function readRoles(
  records: Records,
  controller: ControllerId,
  entries: readonly Pick<Happening, 'role' | 'person'>[],
): Promise<ReadonlyMap<string, KnownRole>> {
  const held = new Map(
    entries.flatMap(({ role, person }) => {
      const [roleId, personId] = [RoleId.safeParse(role), PersonId.safeParse(person)];
      return roleId.success && personId.success ? [[roleId.data, personId.data] as const] : [];
    }),
  );
  const { inside, atOperator } = await inOneWave(records, {
    inside: [...held].map(([roleId, personId]) => roleRef(controller, personId, roleId)),
    atOperator: [...held].map(([roleId, personId]) => roleRef('operator', personId, roleId)),
  });
  return new Map(
    [...held.keys()].flatMap((roleId, i) => {
      const found = inside[i] ?? atOperator[i];
      const isOfOperator = controller === 'operator' || inside[i] === undefined;
      return found ? [[roleId as string, { name: found.value.role, isOfOperator }]] : [];
    }),
  );
}

/** Whom an account is in the organisation; the first one, where it is several. One round trip. */
async function personsOfAccounts(records: Records, organisationId: OrganisationId, ids: readonly AccountId[]) {
  const found = await Promise.all(
    ids.map(async (accountId) => {
      const { pk, sk } = accountPointers.person(accountId, organisationId, '' as PersonId);
      const { items } = await records.pointers('core', pk, { prefix: sk, limit: 1 });
      return items.map((pointer) => [accountId as string, PersonId.parse(pointer.sk.slice(sk.length))] as const);
    }),
  );
  return new Map(found.flat());
}

export const personIn = (id: string | undefined): readonly PersonId[] => {
  const parsed = PersonId.safeParse(id);
  return parsed.success ? [parsed.data] : [];
};
const accountIn = (id: string): readonly AccountId[] => {
  const parsed = AccountId.safeParse(id);
  return parsed.success ? [parsed.data] : [];
};
const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];
