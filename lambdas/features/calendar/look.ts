import type { Call, RoleCaller } from '../../http/call.ts';
import type { CalendarEventId, OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn } from '../../platform/calendar.ts';
import { inOneWave } from '../attendance/one-wave.ts';
import {
  GROUPS_MAX,
  groupEntity,
  type Organisation,
  organisationOwner,
  organisationRef,
} from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import { guardianLinkEntity, ownerOf, peoplePointers, personEntity } from '../people/person.ts';
import { type EventPlace, eventPointers, eventRef, placeAt } from './calendar-index.ts';
import type { EventScope } from './event.ts';
import { departmentsOf, mayKnowOf, type Sight } from './sight.ts';
import type { StoredEvent } from './writes.ts';

const CHILDREN_MAX = 20;

export interface Look {
  readonly organisation: Organisation;
  readonly sight: Sight;
  /** Not yet decided which of them the caller sees. */
  readonly events: readonly StoredEvent[];
}

/**
 * Reads events and all that decides who sees them, in two waves: what there is, then the records. `scopes` are those of
 * events that are yet to be written.
 */
export async function look(
  organisationId: OrganisationId,
  placesOf: (records: Call['records']) => Promise<readonly EventPlace[]>,
  call: Call,
  scopes: readonly EventScope[] = [],
): Promise<Look> {
  const { records, now } = call;
  const role = roleOf(call);
  const [places, groups, childIds] = await Promise.all([
    placesOf(records),
    records.list(groupEntity, organisationOwner(organisationId), { limit: GROUPS_MAX }),
    role.role === 'guardian' ? childrenOf(organisationId, role.personId, call) : [],
  ]);
  const aboutIds = [...places.map(({ scope }) => scope), ...scopes].flatMap((scope) =>
    scope.kind === 'person' ? [scope.id] : [],
  );
  const staffFor = role.scope.kind === 'person' ? [role.scope.id as PersonId] : [];
  const ids = [...new Set([role.personId, ...childIds, ...aboutIds, ...staffFor])];
  const selves = [role.personId, ...role.otherPersonIds];
  const read = await inOneWave(records, {
    organisations: [organisationRef(organisationId)],
    events: places.map(eventRef),
    persons: ids.map((id) => ({ entity: personEntity, owner: ownerOf(organisationId, id) })),
    links: ids.map((id) => ({ entity: guardianLinkEntity, owner: ownerOf(organisationId, id), key: role.personId })),
    blocks: ids.flatMap((id) => blocksBetween(organisationId, selves, id)),
  });
  const organisation = read.organisations[0]?.value;
  if (!organisation) throw new Problem('organisation-not-found');
  const today = dayIn(organisation.timeZone, now);
  const blocksEach = read.blocks.length / ids.length;
  const people = ids.flatMap((id, i) => {
    const person = read.persons[i]?.value;
    const link = read.links[i]?.value;
    const isBlocked = read.blocks.slice(i * blocksEach, (i + 1) * blocksEach).some((block) => block !== undefined);
    if (!person || isBlocked) return [];
    const isMine =
      id === role.personId || staffFor.includes(id) || (link !== undefined && mayKnowOf({ link, isBlocked }, today));
    return [{ person, isMine }];
  });
  return {
    organisation,
    sight: {
      role,
      today,
      departmentOf: departmentsOf(groups.items.map(({ value }) => value)),
      mine: mineOf(role, people),
      others: new Map(people.map(({ person }) => [person.id, person])),
    },
    events: read.events.filter((event) => event !== undefined),
  };
}

/** A guardian who may know of no child sees nothing, their own name on the register notwithstanding. */
function mineOf(
  role: RoleCaller,
  people: readonly { person: Sight['mine'][number]; isMine: boolean }[],
): Sight['mine'] {
  const mine = people.filter(({ isMine }) => isMine).map(({ person }) => person);
  const hasChild = mine.some(({ id }) => id !== role.personId);
  return role.role === 'guardian' && !hasChild ? [] : mine;
}

async function childrenOf(
  organisationId: OrganisationId,
  guardianId: PersonId,
  { records }: Call,
): Promise<PersonId[]> {
  const { pk, sk } = peoplePointers.child(organisationId, guardianId, '' as PersonId);
  const { items } = await records.pointers('core', pk, { prefix: sk, limit: CHILDREN_MAX });
  return items.map((pointer) => pointer.sk.slice(sk.length) as PersonId);
}

/** Where an event lies; nothing for an id that there is none of. */
export const placesById =
  (organisationId: OrganisationId, id: CalendarEventId) =>
  async (records: Call['records']): Promise<EventPlace[]> => {
    const [pointer] = await records.pointersAt([eventPointers.byId(organisationId, id)]);
    const place = pointer && placeAt(organisationId, pointer);
    return place ? [place] : [];
  };

/** The chain lets nobody without a role reach a route for roles. */
export function roleOf(call: Call): RoleCaller {
  if (!call.role) throw new Error('A route for roles without a role');
  return call.role;
}
