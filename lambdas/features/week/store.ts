import type { OwnPerson } from '../../http/call.ts';
import type { GroupId, OrganisationId, PersonId } from '../../http/ids.ts';
import { PersonId as PersonIdSchema } from '../../http/ids.ts';
import type { Ref } from '../../platform/entity.ts';
import type { Records } from '../../platform/records.ts';
import { ownPersonsOf } from '../access/own-persons.ts';
import { roleRef } from '../access/role.ts';
import { accountRef } from '../accounts/account.ts';
import { attendanceDayRef } from '../attendance/attendance-day.ts';
import { inOneWave } from '../attendance/one-wave.ts';
import { type EventPlace, eventRef, eventsBetween } from '../calendar/calendar-index.ts';
import { custodyRef } from '../custody/custody.ts';
import { type Inbox, inboxOf } from '../messages/inbox.ts';
import { GROUPS_MAX, groupEntity, organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import { guardianLinkEntity, ownerOf, peoplePointers, personEntity } from '../people/person.ts';
import { closuresBetween } from '../reservations/closures-between.ts';
import type { OpeningDays } from '../reservations/opening.ts';
import type { WeekStore } from './handlers.ts';
import type { KnownPerson, KnownPlace } from './known.ts';
import { findPageLink, makePageLink, openPage } from './page-link.ts';
import { CHILDREN_MAX, ENTRIES_MAX } from './week.ts';

/** Events that are opened at once, in one organisation and in all: more, for one family's groups, is a mistake. */
const EVENTS_READ_MAX = 400;
const EVENTS_READ_IN_ALL_MAX = 1500;

export const weekStore: WeekStore = {
  async known(own, days, { records }) {
    const organisationIds = [...new Set(own.map(({ organisationId }) => organisationId))];
    const [selves, organisations] = await Promise.all([
      Promise.all(own.map((me) => selfOf(me, records))),
      Promise.all(organisationIds.map((id) => organisationOf(id, days, records))),
    ]);
    const pairs = pairsOf(selves);
    const eventsMax = Math.min(EVENTS_READ_MAX, Math.floor(EVENTS_READ_IN_ALL_MAX / organisationIds.length));
    const concerned = new Set(pairs.map(({ personId }): string => personId));
    const mayBeTheirs = organisations.map((organisation) => ({
      ...organisation,
      places: organisation.places.filter((place) => mayConcern(place, concerned)),
    }));
    const wanted = mayBeTheirs.every(({ places }) => places.length <= eventsMax)
      ? mayBeTheirs
      : (await amongTheirGroups(mayBeTheirs, pairs, records)).map((organisation) => ({
          ...organisation,
          places: organisation.places.slice(0, eventsMax),
        }));

    const read = await inOneWave(records, {
      organisations: organisationIds.map(organisationRef),
      roles: own.flatMap((me) => me.roleIds.map((roleId) => roleRef(me.organisationId, me.personId, roleId))),
      persons: pairs.map(({ me, personId }) => ({ entity: personEntity, owner: ownerOf(me.organisationId, personId) })),
      links: pairs.map(({ me, personId }) => ({
        entity: guardianLinkEntity,
        owner: ownerOf(me.organisationId, personId),
        key: me.personId,
      })),
      blocks: pairs.flatMap(({ me, personId }) => blocksBetween(me.organisationId, selvesOf(me, own), personId)),
      custody: pairs.map(({ me, personId }) => custodyRef(me.organisationId, personId)),
      days: pairs.flatMap(({ me, personId }) => days.map((day) => attendanceDayRef(me.organisationId, personId, day))),
      events: wanted.flatMap(({ places }) => places.map(eventRef)),
    });

    const blocks = new Set(read.blocks.flatMap((block) => (block ? [placeOf(block.ref)] : [])));
    const roles = read.roles.flatMap((stored) => (stored ? [stored.value] : []));
    const known = new Map<OwnPerson, KnownPlace>();
    for (const { me, inbox } of selves) {
      const at = organisationIds.indexOf(me.organisationId);
      const [organisation, facts] = [read.organisations[at]?.value, wanted[at]];
      if (!organisation || !facts) continue;
      const events = read.events.flatMap((event) =>
        event?.ref.owner.controller === me.organisationId ? [event.value] : [],
      );
      const { opening, departmentOf } = facts;
      const mine = roles.filter(({ personId }) => personId === me.personId);
      known.set(me, { organisation, callerId: me.personId, roles: mine, inbox, opening, events, departmentOf });
    }
    const persons = pairs.flatMap(({ me, personId }, i): KnownPerson[] => {
      const [place, person] = [known.get(me), read.persons[i]?.value];
      if (!place || !person) return [];
      const between = blocksBetween(me.organisationId, selvesOf(me, own), personId);
      return [
        {
          place,
          person,
          link: read.links[i]?.value,
          isBlocked: between.some((ref) => blocks.has(placeOf(ref))),
          custody: read.custody[i]?.value,
          days: days.map((_, n) => read.days[i * days.length + n]?.value),
        },
      ];
    });
    return { places: [...known.values()], persons };
  },

  makeLink: makePageLink,
  findLink: findPageLink,
  open: (link, { records }) => openPage(link, records),

  async reader(accountId, { records }) {
    const [account, own] = await Promise.all([records.get(accountRef(accountId)), ownPersonsOf(accountId, records)]);
    return account && { account: account.value, own };
  },
};

interface Self {
  readonly me: OwnPerson;
  readonly childIds: readonly PersonId[];
  readonly inbox: Inbox;
}

/** Whose guardian one is, and what waits to be read; one wave. */
async function selfOf(me: OwnPerson, records: Records): Promise<Self> {
  const { pk, sk } = peoplePointers.child(me.organisationId, me.personId, '' as PersonId);
  const [{ items }, inbox] = await Promise.all([
    records.pointers('core', pk, { prefix: sk, limit: CHILDREN_MAX }),
    inboxOf(records, me.organisationId, me.personId),
  ]);
  return { me, inbox, childIds: items.map((pointer) => PersonIdSchema.parse(pointer.sk.slice(sk.length))) };
}

interface OrganisationFacts {
  readonly opening: OpeningDays;
  readonly places: readonly EventPlace[];
  readonly departmentOf: ReadonlyMap<GroupId, string>;
}

/** When it is open, which events it has, and which groups belong together; one wave. */
async function organisationOf(
  organisationId: OrganisationId,
  days: readonly string[],
  records: Records,
): Promise<OrganisationFacts> {
  const [from, to] = [days[0]!, days.at(-1)!];
  const [opening, places, groups] = await Promise.all([
    closuresBetween(records, organisationId, from, to),
    eventsBetween(records, organisationId, from, to),
    records.list(groupEntity, organisationOwner(organisationId), { limit: GROUPS_MAX }),
  ]);
  const departmentOf = new Map(
    groups.items.flatMap(({ value: { id, departmentId } }) =>
      departmentId === undefined ? [] : [[id, departmentId as string] as const],
    ),
  );
  return { opening, places, departmentOf };
}

interface Pair {
  readonly me: OwnPerson;
  readonly personId: PersonId;
}

/** The caller with themselves, and with each child; what may be seen of them is decided later. */
const pairsOf = (selves: readonly Self[]): Pair[] =>
  selves
    .flatMap(({ me, childIds }) => [me.personId, ...childIds].map((personId): Pair => ({ me, personId })))
    .slice(0, ENTRIES_MAX);

/** What is about a person is opened for that person's own alone; in which groups they are is not known yet. */
const mayConcern = ({ scope }: EventPlace, personIds: ReadonlySet<string>): boolean =>
  scope.kind !== 'person' || personIds.has(scope.id);

/**
 * Where too much happens to open all of it (a calendar feed tells of most of a year, and an organisation has many groups):
 * what is for groups that one of them is or was placed in. One wave more.
 */
async function amongTheirGroups(
  organisations: readonly OrganisationFacts[],
  pairs: readonly Pair[],
  records: Records,
): Promise<readonly OrganisationFacts[]> {
  const persons = await records.getMany(
    pairs.map(({ me, personId }) => ({ entity: personEntity, owner: ownerOf(me.organisationId, personId) })),
  );
  const groupIds = persons.flatMap((person) => person?.value.placements.map(({ groupId }) => groupId) ?? []);
  return organisations.map((organisation) => {
    const departmentIds = groupIds.map((groupId) => organisation.departmentOf.get(groupId));
    const theirs = new Set<string | undefined>([...groupIds, ...departmentIds]);
    const isTheirs = ({ scope }: EventPlace) =>
      (scope.kind !== 'group' && scope.kind !== 'department') || theirs.has(scope.id);
    return { ...organisation, places: organisation.places.filter(isTheirs) };
  });
}

/** A block keeps the one who signs in from the child, as whichever person they have it. */
const selvesOf = ({ organisationId }: OwnPerson, own: readonly OwnPerson[]): PersonId[] =>
  own.filter((one) => one.organisationId === organisationId).map(({ personId }) => personId);

const placeOf = ({ owner, key }: Pick<Ref, 'owner' | 'key'>) => `${owner.controller} ${owner.subject} ${key}`;
