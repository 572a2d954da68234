import type { Profile } from '../../access/roles.ts';
import type { Call } from '../../http/call.ts';
import { type AccountId, OrganisationId, PersonId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Records } from '../../platform/records.ts';
import { accountOwner, accountPointers } from '../accounts/account.ts';
import { inOneWave } from '../attendance/one-wave.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import {
  type GuardianLink,
  guardianLinkEntity,
  isLinkedOn,
  ownerOf,
  type PersonRecord,
  peoplePointers,
  personEntity,
} from '../people/person.ts';

/** Persons that an account is, and children of one of them: more is a mistake. */
const PERSONS_MAX = 20;
const CHILDREN_MAX = 20;
/** An account is in no organisation; its days are the operator's. */
const OPERATORS_ZONE = 'Europe/Oslo';

/** A subject of whose log the caller may read. */
export interface Mine {
  readonly owner: Owner;
  /** `self`: the caller's own account, or who they are in an organisation. */
  readonly as: 'self' | 'guardian';
  readonly organisationId?: OrganisationId;
  readonly personId?: PersonId;
  readonly name?: string;
  readonly profile?: Profile;
  readonly timeZone: string;
}

export interface MyLog {
  readonly subjects: readonly Mine[];
  /** All ids that are the caller: the account, and the persons that it is. */
  readonly selves: ReadonlySet<string>;
}

interface Key {
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
}

/**
 * The account, the persons that it is, and the children whom it has parental responsibility for and no block keeps from
 * it. Three round trips.
 */
export async function mine({ account, records, now }: Call): Promise<MyLog> {
  if (!account) throw new Error('A route for accounts without an account');
  const { accountId } = account;
  const own = await personsOf(accountId, records);
  const children = (await Promise.all(own.map((me) => childrenOf(me, records)))).flat();
  const all = [...own.map((key) => ({ me: key, key })), ...children];
  const read = await inOneWave(records, {
    organisations: all.map(({ key }) => organisationRef(key.organisationId)),
    persons: all.map(({ key }) => ({ entity: personEntity, owner: ownerOf(key.organisationId, key.personId) })),
    links: all.map(({ me, key }) => ({
      entity: guardianLinkEntity,
      owner: ownerOf(key.organisationId, key.personId),
      key: me.personId,
    })),
    blocks: children.flatMap(({ key }) =>
      blocksBetween(key.organisationId, selvesIn(key.organisationId, own), key.personId),
    ),
  });
  const kept = new Set(read.blocks.flatMap((block) => (block ? [blockedPair(block.ref)] : [])));

  const subjects = all.flatMap(({ me, key }, i): Mine[] => {
    const [organisation, person, link] = [read.organisations[i]?.value, read.persons[i]?.value, read.links[i]?.value];
    const isMe = me.personId === key.personId;
    if (!organisation || !person) return [];
    const { timeZone, profile } = organisation;
    const isKeptAway = selvesIn(key.organisationId, own).some((id) => kept.has(pairOf(id, key.personId)));
    if (!isMe && (isKeptAway || !isResponsibleFor(person, link, dayIn(timeZone, now)))) return [];
    const name = `${person.firstName} ${person.lastName}`;
    return [
      {
        ...key,
        owner: ownerOf(key.organisationId, key.personId),
        as: isMe ? 'self' : 'guardian',
        name,
        profile,
        timeZone,
      },
    ];
  });
  return {
    subjects: distinct([{ owner: accountOwner(accountId), as: 'self', timeZone: OPERATORS_ZONE }, ...subjects]),
    selves: new Set([accountId, ...own.map(({ personId }) => personId)]),
  };
}

const isResponsibleFor = ({ kind }: PersonRecord, link: GuardianLink | undefined, today: string): boolean =>
  kind === 'child' && link?.rights === 'parental-responsibility' && isLinkedOn(link, today);

async function personsOf(accountId: AccountId, records: Records): Promise<Key[]> {
  const { pk } = accountPointers.person(accountId, '' as OrganisationId, '' as PersonId);
  const { items } = await records.pointers('core', pk, { prefix: 'PERSON#', limit: PERSONS_MAX });
  return items.map(({ sk }) => {
    const [, organisationId, personId] = sk.split('#');
    return { organisationId: OrganisationId.parse(organisationId), personId: PersonId.parse(personId) };
  });
}

async function childrenOf(me: Key, records: Records): Promise<{ readonly me: Key; readonly key: Key }[]> {
  const { pk, sk } = peoplePointers.child(me.organisationId, me.personId, '' as PersonId);
  const { items } = await records.pointers('core', pk, { prefix: sk, limit: CHILDREN_MAX });
  return items.map((pointer) => ({
    me,
    key: { organisationId: me.organisationId, personId: PersonId.parse(pointer.sk.slice(sk.length)) },
  }));
}

/** A block keeps the one who signs in from the child, as whichever person they have it. */
const selvesIn = (organisationId: OrganisationId, own: readonly Key[]): PersonId[] =>
  own.filter((one) => one.organisationId === organisationId).map(({ personId }) => personId);

const pairOf = (one: string, other: string) => [one, other].sort().join(' ');
const blockedPair = ({ owner, key }: { readonly owner: Owner; readonly key?: string }) =>
  pairOf(owner.subject, key ?? '');

/** Once each, and as the caller's own where it is both. */
function distinct(subjects: readonly Mine[]): readonly Mine[] {
  const bySubject = new Map<string, Mine>();
  for (const one of subjects) {
    const id = `${one.owner.controller}#${one.owner.subject}`;
    if (bySubject.get(id)?.as !== 'self') bySubject.set(id, one);
  }
  return [...bySubject.values()];
}
