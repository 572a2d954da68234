import { type Call, personIdsOf } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import type { Records } from '../../platform/records.ts';
import { mine } from '../activity/mine.ts';
import { personIn, plainActor, readRoles } from '../activity/names.ts';
import { type FoundIn, newestOfLogs, pageOf } from '../activity/several-logs.ts';
import { formerUserNumbers } from '../erasure/former-users.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import { ownerOf, personEntity } from '../people/person.ts';
import type { Told, Viewed, ViewStore } from './handlers.ts';
import { kindOf, mayKnowOf } from './view.ts';

export const viewStore: ViewStore = {
  async person(organisationId, personId, { records }) {
    const owner = ownerOf(organisationId, personId);
    const [organisation, person] = await records.together([
      organisationRef(organisationId),
      { entity: personEntity, owner },
    ]);
    if (!organisation || !person) return undefined;
    const { profile, timeZone } = organisation.value;
    const { firstName, lastName } = person.value;
    return { owner, organisationId, personId, name: `${firstName} ${lastName}`, profile, timeZone };
  },

  async self(call) {
    const { subjects, selves } = await mine(call);
    const viewed = subjects.flatMap(({ as, organisationId, personId, name, profile, ...logged }): Viewed[] =>
      as === 'self' && organisationId && personId && name !== undefined && profile
        ? [{ ...logged, as, organisationId, personId, name, profile }]
        : [],
    );
    return { viewed, selves };
  },

  async page(viewed, selves, { kind, ...days }, { limit, after }, call) {
    const { found, end } = await newestOfLogs(call.records.activityLog, viewed, days, after);
    const looks = found.filter(({ entry }) => kindOf(entry.event) !== undefined);
    const told = (await looksAt(looks, selves, call)).filter(({ look, subject }) => mayKnowOf(look, subject.as));
    return pageOf(told, ({ entry }) => kind === undefined || kindOf(entry.event) === kind, limit, end);
  },
};

/** Who looked, as far as it is known; one round trip. */
async function looksAt(
  found: readonly FoundIn<Viewed>[],
  selves: ReadonlySet<string>,
  { records, role }: Call,
): Promise<Told[]> {
  const byOrganisation = Map.groupBy(found, ({ subject }) => subject.organisationId);
  const readerIds = role ? personIdsOf(role) : [];
  const known = new Map(
    await Promise.all(
      [...byOrganisation].map(
        async ([organisationId, of]) =>
          [organisationId, await knownOf(organisationId, of, readerIds, records)] as const,
      ),
    ),
  );
  return found.map((one): Told => {
    const { entry, subject } = one;
    const { roles, names, former, kept } = known.get(subject.organisationId)!;
    const [personId] = personIn(entry.person);
    const look = {
      event: entry.event,
      isByReader: selves.has(entry.actor) || (personId !== undefined && selves.has(personId)),
      isBySubject: personId === subject.personId,
      plain: plainActor(entry),
      role: roles.get(entry.role ?? ''),
      isPerson: personId !== undefined,
      isFormerUser: personId !== undefined && former.has(personId),
      isKeptAway: personId !== undefined && kept.has(`${personId} ${subject.personId}`),
      name: personId && names.get(personId),
    };
    return { ...one, look };
  });
}

async function knownOf(
  organisationId: OrganisationId,
  found: readonly FoundIn<Viewed>[],
  readerIds: readonly PersonId[],
  records: Records,
) {
  const ids = [...new Set(found.flatMap(({ entry }) => personIn(entry.person)))];
  const pairs = distinctPairs(found);
  const [roles, former, persons, states, blocks] = await Promise.all([
    readRoles(
      records,
      organisationId,
      found.map(({ entry }) => entry),
    ),
    formerUserNumbers(records, organisationId, ids),
    records.getMany(ids.map((id) => ({ entity: personEntity, owner: ownerOf(organisationId, id) }))),
    // The reader's own restriction hides nothing from them, and so nothing is hidden in this read: the names of others
    // who have restricted theirs are left out here.
    Promise.all(ids.map((id) => records.keyStates(ownerOf(organisationId, id)))),
    Promise.all(
      pairs.map(({ viewerId, personId }) =>
        records.getMany(blocksBetween(organisationId, [personId, ...readerIds], viewerId)),
      ),
    ),
  ]);
  return {
    roles,
    former,
    names: new Map(
      ids.flatMap((id, i) => {
        const person = states[i]?.get('person') === 'ACTIVE' ? persons[i]?.value : undefined;
        return person ? [[id, `${person.firstName} ${person.lastName}`] as const] : [];
      }),
    ),
    kept: new Set(
      pairs
        .filter((_, i) => blocks[i]?.some((block) => block !== undefined))
        .map(({ viewerId, personId }) => `${viewerId} ${personId}`),
    ),
  };
}

function distinctPairs(found: readonly FoundIn<Viewed>[]) {
  const pairs = found.flatMap(({ entry, subject: { personId } }) =>
    personIn(entry.person).map((viewerId) => [`${viewerId} ${personId}`, { viewerId, personId }] as const),
  );
  return [...new Map(pairs).values()];
}
