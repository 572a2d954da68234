import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deviceEventEntity } from '../../../lambdas/features/device-events/device-event.ts';
import { deviceEventStore } from '../../../lambdas/features/device-events/store.ts';
import { collectRecords } from '../../../lambdas/features/exports/collect.ts';
import { geofenceRef } from '../../../lambdas/features/geofences/geofence.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { receiverRef, receivesPointer } from '../../../lambdas/features/receivers/receiver.ts';
import { findDevice } from '../../../lambdas/features/safety-devices/find-device.ts';
import { safetyDeviceRef } from '../../../lambdas/features/safety-devices/safety-device.ts';
import { safetyDeviceStore } from '../../../lambdas/features/safety-devices/store.ts';
import type { PersonId, SafetyDeviceId } from '../../../lambdas/http/ids.ts';
import { publicKeyOf, safetyDevice } from '../../../local/client/safety-device.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aPerson } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { positionAt } from '../device-events/service.ts';
import { aWorld, isAllowedToStay, type World } from '../erasure/world.ts';

let db: TestDynamoDb;
let world: World;
let recipientId: PersonId;
let carerId: PersonId;
let deviceId: SafetyDeviceId;
beforeAll(async () => {
  db = await startDynamoDb();
  world = await aWorld(db);
  const { store, organisationId } = world;
  recipientId = (await aPerson(store, organisationId, { kind: 'member' })).id;
  carerId = (await aPerson(store, organisationId, { kind: 'staff' })).id;
  deviceId = anId('sdv');
  const at = store.now().toISOString();
  const place = { organisationId, personId: recipientId };
  const [ref, geofenceId] = [safetyDeviceRef(organisationId, recipientId, deviceId), anId('gfc')];
  const device = { id: deviceId, kind: 'tracker', registeredAt: at, registeredBy: carerId } as const;
  const shape = { type: 'circle', centre: { latitude: 59.9, longitude: 10.7 }, radiusMetres: 100 } as const;
  const drawn = { id: geofenceId, name: 'Hagen', shape, alarmOn: 'leave', drawnAt: at, drawnBy: carerId } as const;
  const receiver = { personId: carerId, as: 'carer', rights: 'both', channels: ['push' as const], place: 1 } as const;
  await aCall(store)
    .records.change()
    .put(ref, device, 'new')
    .put(geofenceRef(organisationId, recipientId, geofenceId), drawn, 'new')
    .put(receiverRef(organisationId, recipientId, carerId), { ...receiver, channels: ['push'] }, 'new')
    .point(receivesPointer(organisationId, carerId, recipientId))
    .activity({ event: 'test.prepared', subject: ownerOf(organisationId, recipientId) })
    .commit();
  const pair = generateKeyPairSync('ed25519');
  await safetyDeviceStore.putKey({ ref, value: device, version: 1 }, place, publicKeyOf(pair.publicKey), aCall(store));
  const played = safetyDevice({ baseUrl: '', fetch, now: () => store.now() }, deviceId, pair);
  const events = [
    played.event({ kind: 'position', position: positionAt(0) }),
    played.event({ kind: 'alarm', position: positionAt(5) }),
  ];
  await deviceEventStore.take({ deviceId, organisationId, recipientId }, events, aCall(store));
});
afterAll(() => db.stop());

const owner = (id = recipientId) => ownerOf(world.organisationId, id);
const isInService = async () => (await findDevice(deviceId, aCall(world.store).records)) !== undefined;

describe('what safety devices leave behind', () => {
  it('is in the copy: devices, receivers, geofences, and what was sent (Art. 15)', async () => {
    const held = await collectRecords(aCall(world.store).records, owner(), { kind: 'self' });
    const names = held.map(({ entity }) => entity.name);
    for (const name of ['safety-device', 'receiver', 'geofence', 'device-event', 'whereabouts', 'alarm']) {
      expect(names).toContain(name);
    }
    expect(held.filter(({ entity }) => entity.name === 'device-event')).toHaveLength(2);
  });

  it('goes after thirty days, and lies in no table that is backed up', async () => {
    const { store, organisationId } = world;
    const rows = (await world.rows('core')).map(({ sk }) => String(sk));
    expect(rows.filter((sk) => /^(DEVICE-EVENT|WHEREABOUTS)/.test(sk))).toEqual([]);
    const [first] = (await aCall(store).records.list(deviceEventEntity, owner())).items;
    const days = (first!.expiresAtEpochSeconds! * 1000 - store.now().getTime()) / (24 * 60 * 60_000);
    expect(days).toBeCloseTo(30, 3);
    const before = store.clock;
    store.clock = new Date(before.getTime() + 31 * 24 * 60 * 60_000);
    expect((await aCall(store).records.list(deviceEventEntity, owner())).items).toEqual([]);
    expect(await aCall(store).records.get(receiverRef(organisationId, recipientId, carerId))).toBeDefined();
    store.clock = before;
  });

  it('names no carer any more who has been erased', async () => {
    const place = await world.order({ owner: owner(carerId), cause: 'request' });
    await world.run(place);
    const { store, organisationId } = world;
    expect(await aCall(store).records.get(receiverRef(organisationId, recipientId, carerId))).toBeUndefined();
  });

  it('goes with the recipient: no row is left, and the device is nobody’s', async () => {
    expect(await isInService()).toBe(true);
    const place = await world.order({ owner: owner(), cause: 'request' });
    await world.run(place);
    expect(await isInService()).toBe(false);
    const left = (await world.naming(recipientId, deviceId)).filter((row) => !isAllowedToStay(row));
    // When an alarm is looked at next: the clock finds no alarm there any more, and takes the row.
    expect(left.filter(({ pk }) => !pk.startsWith('ALARM-DUE#'))).toEqual([]);
  });
});
