import type { Call, DeviceCaller } from '../../http/call.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn } from '../../platform/calendar.ts';
import { Busy, Closed, type Records, StaleVersion, type Stored } from '../../platform/records.ts';
import { type Occasion, raiseAlarms } from '../alarms/raise.ts';
import {
  GEOFENCES_MAX,
  geofenceEntity,
  SHARED_GEOFENCES_MAX,
  type sharedGeofenceEntity as SharedGeofences,
  sharedGeofenceEntity,
} from '../geofences/geofence.ts';
import { organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { isPlacedOn, ownerOf, type PersonRecord } from '../people/person.ts';
import { groupRef, personRef } from '../people/writes.ts';
import { nowhere, whereaboutsEntity, whereaboutsRef } from '../positions/whereabouts.ts';
import { adjustmentsRef } from '../retention/adjustments.ts';
import { policyOf } from '../retention/policy.ts';
import { expiryAfter, terms } from '../retention/terms.ts';
import { safetyDevicePointers } from '../safety-devices/safety-device.ts';
import { afterEvents, callForHelp, type Fence, sourceOf, withoutOld } from './decisions.ts';
import { type DeviceEvent, deviceEventEntity, deviceEventRef } from './device-event.ts';
import type { DeviceEventStore } from './handlers.ts';

/** Times that events are decided because another device of the recipient, or whoever answered an alarm, was faster. */
const DECISIONS_MAX = 12;
/** A transaction holds 100; beside the events, what they cause and the keys. */
const WRITES_MAX = 95;
const WRITES_BESIDE = 6;
const WRITES_PER_OCCASION = 2;
const WRITES_PER_KIND = 6;
/** A silence of the device is counted from here; a device that is silent for longer was told of long ago. */
const HEARD_KEPT_SECONDS = 400 * 24 * 60 * 60;

export const deviceEventStore: DeviceEventStore = {
  async keptSince({ organisationId }, { records, now }) {
    return sinceKept(await keptFor(organisationId, records), now);
  },

  take: (device, events, call) => taken(device, events, call, { isStored: true }),
  hear: (device, events, call) => taken(device, events, call, { isStored: false }),
};

async function taken(
  device: DeviceCaller,
  events: readonly DeviceEvent[],
  call: Call,
  { isStored }: { readonly isStored: boolean },
): Promise<void> {
  for (let decisions = 0; decisions < DECISIONS_MAX; decisions++) {
    try {
      const rest = await takeOnce(device, events, call, isStored);
      if (!rest) return;
      for (const part of rest) await taken(device, part, call, { isStored });
      return;
    } catch (error) {
      // Erased since it signed: the device has no one any more.
      if (error instanceof Closed && decisions > 0)
        throw new Problem('signature-required', undefined, {}, { cause: error });
      if (!(error instanceof StaleVersion || error instanceof Closed)) throw error;
    }
  }
  throw new Busy('Others kept being faster');
}

/** Undefined when all is done; else the parts to be taken one after the other, because together they write too much. */
async function takeOnce(
  device: DeviceCaller,
  events: readonly DeviceEvent[],
  call: Call,
  isStored: boolean,
): Promise<readonly (readonly DeviceEvent[])[] | undefined> {
  const { deviceId, organisationId, recipientId } = device;
  const { records, now } = call;
  const known = await standingOf(device, events, call);
  const stores = isStored && known.mayStore;
  const fresh = events.filter((_, i) => known.taken[i] === undefined);
  if (stores && fresh.length === 0) return undefined;
  const { whereabouts, occasions } = stores
    ? afterEvents(withoutOld(known.before?.value ?? nowhere, sinceKept(known.keptFor, now)), fresh, {
        deviceId,
        fences: known.fences,
        timeZone: known.timeZone,
      })
    : { whereabouts: nowhere, occasions: callsForHelp(device, events) };
  const writes = (stores ? fresh.length : 0) + WRITES_BESIDE + writesFor(occasions);
  if (writes > WRITES_MAX && events.length > 1) {
    const half = Math.ceil(events.length / 2);
    return [events.slice(0, half), events.slice(half)];
  }

  const change = records.change();
  const subject = ownerOf(organisationId, recipientId);
  if (stores) {
    const receivedAt = now.toISOString();
    for (const event of fresh) {
      const value = { ...event, at: new Date(event.at).toISOString(), deviceId, receivedAt };
      const expiresAtEpochSeconds = expiryAfter(known.keptFor, new Date(event.at));
      change.put(deviceEventRef(organisationId, recipientId, event.id, deviceId), value, 'new', {
        expiresAtEpochSeconds,
      });
    }
    const expiresAtEpochSeconds = expiryAfter(
      known.keptFor,
      whereabouts.latest ? new Date(whereabouts.latest.at) : now,
    );
    const condition = known.before ? { version: known.before.version } : 'new';
    change.put(whereaboutsRef(organisationId, recipientId), whereabouts, condition, { expiresAtEpochSeconds });
  }
  const atEpochSeconds = Math.floor(now.getTime() / 1000);
  change.point({
    ...safetyDevicePointers.heard(organisationId, deviceId),
    attributes: { atEpochSeconds },
    expiresAtEpochSeconds: atEpochSeconds + HEARD_KEPT_SECONDS,
  });
  if (occasions.length > 0) await raiseAlarms(change, { organisationId, recipientId }, occasions, call);
  if (!stores) {
    change
      // Of an erased recipient nothing lies here any more that could be written to.
      .requireUnerased(subject)
      .activity({ event: 'safety-device.heard', subject, about: [deviceId], detail: { calls: occasions.length } });
  }
  await change.commit();
  return undefined;
}

/** A restriction or an objection keeps what the devices send out of the tables; it keeps no help away (Art. 18(2)). */
const callsForHelp = ({ deviceId }: DeviceCaller, events: readonly DeviceEvent[]): Occasion[] =>
  events.flatMap((event): Occasion[] => {
    const kind = callForHelp(event);
    return kind ? [{ kind, at: event.at, sourceId: sourceOf(deviceId, event, kind), deviceId }] : [];
  });

const writesFor = (occasions: readonly Occasion[]): number =>
  WRITES_PER_OCCASION * occasions.length + WRITES_PER_KIND * new Set(occasions.map(({ kind }) => kind)).size;

interface Known {
  readonly timeZone: string;
  readonly keptFor: ReturnType<typeof lengthOf>;
  /** The recipient's positions are open: neither restricted nor objected to. */
  readonly mayStore: boolean;
  readonly before: Stored<typeof whereaboutsEntity> | undefined;
  /** In the order of the events: those that were taken before. */
  readonly taken: readonly (Stored<typeof deviceEventEntity> | undefined)[];
  readonly fences: readonly Fence[];
}

/** One wave; one more where a department has geofences. */
async function standingOf(
  { deviceId, organisationId, recipientId }: DeviceCaller,
  events: readonly DeviceEvent[],
  { records, now }: Call,
): Promise<Known> {
  const owner = ownerOf(organisationId, recipientId);
  const [[organisation, adjustments, person, before, ...taken], own, shared, [mayStore = false]] = await Promise.all([
    records.together([
      organisationRef(organisationId),
      adjustmentsRef(organisationId),
      personRef(organisationId, recipientId),
      whereaboutsRef(organisationId, recipientId),
      ...events.map(({ id }) => deviceEventRef(organisationId, recipientId, id, deviceId)),
    ]),
    records.list(geofenceEntity, owner, { limit: GEOFENCES_MAX }),
    records.list(sharedGeofenceEntity, organisationOwner(organisationId), { limit: SHARED_GEOFENCES_MAX }),
    // One of the two alone would tell where they are as well: whoever objects to either has neither.
    records.mayHold([deviceEventEntity, whereaboutsEntity], [owner]),
  ]);
  // The organisation's agreement has ended: its devices are in service no more.
  if (organisation?.value.state !== 'open') throw new Problem('signature-required');
  const { timeZone, profile } = organisation.value;
  const here = await sharedHere(shared.items, person?.value, dayIn(timeZone, now), records);
  const fences = [...own.items, ...here].map(({ version, value: { id, shape, hours, alarmOn } }) => ({
    id,
    version,
    shape,
    alarmOn,
    ...(hours && { hours }),
  }));
  return { timeZone, keptFor: lengthOf(profile, adjustments?.value), mayStore, before, taken, fences };
}

/** Those of everybody, and those of the departments in which the recipient is placed today. */
async function sharedHere(
  all: readonly Stored<typeof SharedGeofences>[],
  person: PersonRecord | undefined,
  today: string,
  records: Records,
): Promise<Stored<typeof SharedGeofences>[]> {
  const isDepartments = all.some(({ value }) => value.appliesTo.kind === 'department');
  const groupIds = (person?.placements ?? []).filter((one) => isPlacedOn(one, today)).map(({ groupId }) => groupId);
  const groups =
    isDepartments && person ? await records.getMany(groupIds.map((id) => groupRef(person.organisationId, id))) : [];
  const departmentIds = new Set(groups.map((group) => group?.value.departmentId));
  return all.filter(
    ({ value: { appliesTo } }) => appliesTo.kind === 'organisation' || departmentIds.has(appliesTo.departmentId),
  );
}

async function keptFor(organisationId: DeviceCaller['organisationId'], records: Records) {
  const [organisation, adjustments] = await records.together([
    organisationRef(organisationId),
    adjustmentsRef(organisationId),
  ]);
  return organisation ? lengthOf(organisation.value.profile, adjustments?.value) : terms.position.length;
}

/** What happened before then has been kept for its term. */
const sinceKept = (length: ReturnType<typeof lengthOf>, now: Date): Date =>
  new Date(2 * now.getTime() - expiryAfter(length, now) * 1000);

const lengthOf = (
  profile: Parameters<typeof policyOf>[0],
  decided: { readonly adjustments: Parameters<typeof policyOf>[1] } | undefined,
) => policyOf(profile, decided?.adjustments).position?.length ?? terms.position.length;
