import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Records } from '../../platform/records.ts';
import { type RoleRecord, roleEntity } from '../access/role.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import { guardianLinkEntity, isLinkedOn, ownerOf } from '../people/person.ts';
import { mayReceiveAlarms, RECEIVERS_MAX, type Receiver, receiverEntity } from './receiver.ts';
import { isWithin } from './weekly-hours.ts';

/** Roles of one person in one organisation: more is a mistake. */
const ROLES_MAX = 50;

export interface ReceiverNow {
  readonly personId: PersonId;
  readonly as: Receiver['as'];
  readonly channels: Receiver['channels'];
}

/**
 * Who may be told of a recipient's alarms at this moment, in their order: whoever is a receiver with that right, within
 * their hours, still works there or is still linked to the recipient, and is kept away by no block. Three round trips.
 * With records that look through a restriction, a restricted recipient has receivers all the same (Art. 18(2)).
 */
export async function receiversOf(
  records: Records,
  organisationId: OrganisationId,
  recipientId: PersonId,
  now: Date,
): Promise<readonly ReceiverNow[]> {
  const [organisation, { items }] = await Promise.all([
    records.get(organisationRef(organisationId)),
    records.list(receiverEntity, ownerOf(organisationId, recipientId), { limit: RECEIVERS_MAX }),
  ]);
  if (!organisation) return [];
  const { timeZone } = organisation.value;
  const on = items
    .map(({ value }) => value)
    .filter((receiver) => mayReceiveAlarms(receiver) && isWithin(receiver.hours, now, timeZone));
  const inForce = await stillReceivers(records, organisationId, recipientId, on, dayIn(timeZone, now));
  return inForce
    .toSorted((one, other) => one.place - other.place)
    .map(({ personId, as, channels }) => ({ personId, as, channels }));
}

/**
 * Those of them who still may receive: a carer with a role in force, a relative with a link in force, and nobody whom a
 * block keeps from the recipient. Two round trips.
 */
export async function stillReceivers<R extends Pick<Receiver, 'personId' | 'as'>>(
  records: Records,
  organisationId: OrganisationId,
  recipientId: PersonId,
  receivers: readonly R[],
  today: string,
): Promise<R[]> {
  const owner = ownerOf(organisationId, recipientId);
  const ids = receivers.map(({ personId }) => personId);
  const [blocks, links, roles] = await Promise.all([
    records.getMany(blocksBetween(organisationId, ids, recipientId)),
    records.getMany(ids.map((key) => ({ entity: guardianLinkEntity, owner, key }))),
    Promise.all(
      receivers.map(({ as, personId }) => (as === 'carer' ? rolesOf(records, organisationId, personId) : [])),
    ),
  ]);
  return receivers.filter(({ as }, i) => {
    // Two places for each: in the one's partition, and in the other's.
    if (blocks[2 * i] !== undefined || blocks[2 * i + 1] !== undefined) return false;
    const link = links[i]?.value;
    return as === 'carer'
      ? roles[i]!.filter(isCarer).some(isInForceOn(today))
      : link !== undefined && mayReceiveBy(link, today);
  });
}

/**
 * Whether somebody who was told of a recipient's alarm is still one to be told: with a role in force there, or linked to
 * the recipient. One round trip.
 */
export async function isStillAround(
  records: Records,
  organisationId: OrganisationId,
  recipientId: PersonId,
  personId: PersonId,
  today: string,
): Promise<boolean> {
  const [link, roles] = await Promise.all([
    records.get({ entity: guardianLinkEntity, owner: ownerOf(organisationId, recipientId), key: personId }),
    rolesOf(records, organisationId, personId),
  ]);
  const isAtWork = (one: RoleRecord) => one.role === 'administrator' || isCarer(one);
  return (link !== undefined && mayReceiveBy(link.value, today)) || roles.filter(isAtWork).some(isInForceOn(today));
}

const rolesOf = async (records: Records, organisationId: OrganisationId, personId: PersonId) =>
  (await records.list(roleEntity, ownerOf(organisationId, personId), { limit: ROLES_MAX })).items.map(
    ({ value }) => value,
  );

const isCarer = ({ role }: RoleRecord): boolean => role === 'staff' || role === 'leader';
const isInForceOn =
  (today: string) =>
  ({ state, validFrom, validUntil }: RoleRecord): boolean =>
    state === 'active' && validFrom <= today && (validUntil === undefined || today <= validUntil);

/** As with all that is told about somebody: whoever may only fetch them is told nothing. */
const mayReceiveBy = (link: Parameters<typeof isLinkedOn>[0], today: string): boolean =>
  isLinkedOn(link, today) && link.rights !== 'pick-up-only';
