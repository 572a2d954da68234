import type { Call } from '../../http/call.ts';
import { type GroupId, type OrganisationId, PersonId, RoleId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Records } from '../../platform/records.ts';
import { type RoleRecord, rolePointers, roleRef } from '../access/role.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { blockedFor } from '../people/blocks.ts';
import { isPlacedOn, type PersonRecord } from '../people/person.ts';
import { groupRef, personRef } from '../people/writes.ts';
import { receiversOf } from '../receivers/receivers-of.ts';
import { namedIn, type Reach } from './audience.ts';
import { type ChainInForce, type Configured, configurationRef, type Place } from './configuration.ts';

/** What the clock works with; a fresh one for each look. */
export interface AlarmCall extends Call {
  /** The same through a restriction (Art. 18): whoever restricted their data is helped all the same. */
  readonly throughRestriction: Records;
}

/** Where a service recipient is, and what has been decided for such places. */
interface Surroundings {
  readonly timeZone: string;
  readonly departmentIds: readonly string[];
  /** From the most specific place to the least. */
  readonly configured: readonly Configured[];
}

/** Undefined where the organisation is gone. Three round trips. */
export async function surroundingsOf(
  organisationId: OrganisationId,
  recipientId: PersonId,
  { now, throughRestriction: records }: AlarmCall,
): Promise<Surroundings | undefined> {
  const [organisation, person] = await records.together([
    organisationRef(organisationId),
    personRef(organisationId, recipientId),
  ]);
  if (!organisation) return undefined;
  const { timeZone } = organisation.value;
  const departmentIds = person ? await departmentsOf(records, organisationId, person.value, dayIn(timeZone, now)) : [];
  const places: readonly Place[] = [
    { of: 'person', personId: recipientId },
    ...departmentIds.map((departmentId) => ({ of: 'department', departmentId }) as const),
    { of: 'organisation' },
  ];
  const stored = await records.getMany(places.map((place) => configurationRef(organisationId, place)));
  const configured = places.flatMap(({ of }, i): Configured[] => {
    const found = stored[i];
    return found ? [{ of, version: found.version, chains: found.value.chains }] : [];
  });
  return { timeZone, departmentIds, configured };
}

async function departmentsOf(
  records: Records,
  organisationId: OrganisationId,
  { placements }: PersonRecord,
  today: string,
) {
  const groupIds = placements.filter((placement) => isPlacedOn(placement, today)).map(({ groupId }) => groupId);
  const groups = await records.getMany(groupIds.map((id: GroupId) => groupRef(organisationId, id)));
  return [...new Set(groups.flatMap((group) => group?.value.departmentId ?? []))];
}

/** Who may be told of an alarm at this moment. A block between somebody and the recipient beats everything. */
export async function reachOf(
  organisationId: OrganisationId,
  recipientId: PersonId,
  chain: ChainInForce,
  { timeZone, departmentIds }: Surroundings,
  call: AlarmCall,
): Promise<Reach> {
  const { records, throughRestriction, now } = call;
  const [receivers, roles] = await Promise.all([
    receiversOf(throughRestriction, organisationId, recipientId, now),
    rolesInForce(records, organisationId, dayIn(timeZone, now)),
  ]);
  const holders = (fits: (role: RoleRecord) => boolean) => [
    ...new Set(roles.filter(fits).map(({ personId }) => personId)),
  ];
  const heads = holders(
    ({ role, scope }) => role === 'leader' && scope.kind === 'department' && departmentIds.includes(scope.id ?? ''),
  );
  const leaders =
    heads.length > 0 ? heads : holders(({ role, scope }) => role === 'leader' && scope.kind === 'organisation');
  const administrators = holders(({ role }) => role === 'administrator');
  // Whom the chain names worked there when it was made.
  const named = namedIn(chain).filter((id) => roles.some(({ personId }) => personId === id));
  const everybody = [...receivers.map(({ personId }) => personId), ...leaders, ...administrators, ...named];
  return {
    timeZone,
    receivers: receivers.map(({ personId, channels }) => ({ personId, channels: [...channels] })),
    leaders,
    administrators,
    there: await thoseThere(organisationId, recipientId, everybody, call),
  };
}

/** Those whose roles have begun and not ended; two round trips for each page of roles. */
async function rolesInForce(records: Records, organisationId: OrganisationId, today: string): Promise<RoleRecord[]> {
  const { pk } = rolePointers.inOrganisation(organisationId, '' as RoleId);
  const found: RoleRecord[] = [];
  let after: string | undefined;
  do {
    const page = await records.pointers('core', pk, after === undefined ? {} : { after });
    const refs = page.items.map(({ sk, attributes }) =>
      roleRef(organisationId, PersonId.parse(attributes?.['personId']), RoleId.parse(sk)),
    );
    for (const role of await records.getMany(refs)) {
      if (role?.value.state !== 'active' || role.value.validFrom > today) continue;
      if (role.value.validUntil === undefined || role.value.validUntil >= today) found.push(role.value);
    }
    after = page.next;
  } while (after !== undefined);
  return found;
}

/** Those of them to whom a notice can be written and whom no block keeps from the recipient; two round trips. */
export async function thoseThere(
  organisationId: OrganisationId,
  recipientId: PersonId,
  personIds: readonly PersonId[],
  { records, throughRestriction }: AlarmCall,
): Promise<ReadonlySet<PersonId>> {
  const [persons, blocked] = await Promise.all([
    records.getMany(personIds.map((id) => personRef(organisationId, id))),
    blockedFor(throughRestriction, organisationId, [recipientId]),
  ]);
  return new Set(personIds.filter((id, i) => persons[i] !== undefined && !blocked.has(id)));
}
