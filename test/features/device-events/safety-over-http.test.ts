import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerAlarm } from '../../../lambdas/features/alarms/answer.ts';
import { tickHint } from '../../../lambdas/features/alarms/clock.ts';
import { deviceEventEntity } from '../../../lambdas/features/device-events/device-event.ts';
import { deviceEventHandlers } from '../../../lambdas/features/device-events/handlers.ts';
import { deviceEventRoutes } from '../../../lambdas/features/device-events/routes.ts';
import { deviceEventStore } from '../../../lambdas/features/device-events/store.ts';
import { sharedGeofenceRef } from '../../../lambdas/features/geofences/geofence.ts';
import { limits } from '../../../lambdas/features/misuse/limits.ts';
import { currentAgreementVersion } from '../../../lambdas/features/organisations/agreement-standing.ts';
import { organisationRef } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { whereaboutsRef } from '../../../lambdas/features/positions/whereabouts.ts';
import { receiversOf } from '../../../lambdas/features/receivers/receivers-of.ts';
import { close as closeFor, open as openFor } from '../../../lambdas/features/requests/closing.ts';
import type { RequestRecord } from '../../../lambdas/features/requests/request.ts';
import { adjustmentsRef } from '../../../lambdas/features/retention/adjustments.ts';
import { silentDevices } from '../../../lambdas/features/safety-devices/silent-devices.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { counters as countersOn } from '../../../lambdas/platform/counters.ts';
import { publicKeyOf, safetyDevice } from '../../../local/client/safety-device.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aService, someoneWith } from '../../support/service.ts';
import { aCall, anId, aStore } from '../../support/store.ts';
import { anAlarmClock } from '../alarms/safety-home.ts';
import { aMaker } from '../exports/world.ts';
import { aSafetyService, positionAt, type SafetyService } from './service.ts';

let db: TestDynamoDb;
let service: SafetyService;
let recipientId: PersonId;
beforeAll(async () => {
  db = await startDynamoDb();
  const store = await aStore(db.client, await db.createTables(), ['operator']);
  // Roles stand open for half an hour from here.
  store.clock = new Date('2026-11-23T11:00:00Z');
  service = await aSafetyService(store);
});
afterAll(() => db.stop());
beforeEach(async () => {
  service.at('2026-11-23T11:00:00Z');
  recipientId = await service.recipient();
});

const refused = (slug: string) => expect.objectContaining({ name: 'ProblemError', slug });
const ofRecipient = () => ({ organisationId: service.organisationId, personId: recipientId });
const owner = () => ownerOf(service.organisationId, recipientId);
const minutesLater = (minutes: number) => service.at(new Date(service.store.clock.getTime() + minutes * 60_000));
const stored = async () => (await aCall(service.store).records.list(deviceEventEntity, owner())).items;
/** What the log holds about somebody, newest first. */
const activity = async (event: string, subject = recipientId) => {
  const { activityLog } = aCall(service.store).records;
  const { items } = await activityLog.ofSubject(ownerOf(service.organisationId, subject), { limit: 200 });
  return items.filter((entry) => entry['event'] === event);
};
interface Taken {
  readonly taken: string[];
  readonly refused: object[];
}
const taken = async (answer: Response | Promise<Response>): Promise<Taken> => (await (await answer).json()) as Taken;
const close = (what: 'restrict' | 'refuse' | 'lift', entity = 'device-event') =>
  aCall(service.store)
    .records.change()
    .keys(
      what === 'refuse'
        ? { do: 'refuse', owner: owner(), retentionClass: 'position', entity }
        : { do: what, owner: owner(), retentionClass: 'position' },
    )
    .activity({ event: 'test.prepared', subject: owner() })
    .commit();

describe('a safety device', () => {
  it('is in service once it has given its key with the code, and can then send', async () => {
    const device = await service.device(recipientId, 60);
    const answer = await device.send([device.event()]);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ refused: [], selfCheckMinutes: 60 });
    const { items } = (await service.administrator.listSafetyDevices({ params: ofRecipient() })).body;
    expect(items).toMatchObject([
      { id: device.safetyDeviceId, state: 'in-service', heardOfAt: '2026-11-23T11:00:00.000Z' },
    ]);
  });

  it('gives its key once: the code is good for no other key, nor after a quarter of an hour', async () => {
    const register = () =>
      service.administrator.registerSafetyDevice({ params: ofRecipient(), body: { kind: 'pendant' } });
    const { code } = (await register()).body.enrolment;
    const publicKey = publicKeyOf(generateKeyPairSync('ed25519').publicKey);
    const other = publicKeyOf(generateKeyPairSync('ed25519').publicKey);
    const first = await service.anybody.enrolSafetyDevice({ body: { code, publicKey } });
    expect((await service.anybody.enrolSafetyDevice({ body: { code, publicKey } })).body).toEqual(first.body);
    await expect(service.anybody.enrolSafetyDevice({ body: { code, publicKey: other } })).rejects.toEqual(
      refused('enrolment-code-not-found'),
    );
    const late = (await register()).body.enrolment.code;
    minutesLater(16);
    await expect(service.anybody.enrolSafetyDevice({ body: { code: late, publicKey } })).rejects.toEqual(
      refused('enrolment-code-not-found'),
    );
  });

  it('gives its key with the newest code: an earlier one that a stranger saw is good for nothing after that', async () => {
    const { device, enrolment } = (
      await service.administrator.registerSafetyDevice({ params: ofRecipient(), body: { kind: 'pendant' } })
    ).body;
    minutesLater(1);
    const params = { ...ofRecipient(), safetyDeviceId: device.id };
    const { code } = (await service.administrator.makeEnrolmentCode({ params })).body;
    minutesLater(1);
    const pair = generateKeyPairSync('ed25519');
    const enrol = (of: string, publicKey = publicKeyOf(pair.publicKey)) =>
      service.anybody.enrolSafetyDevice({ body: { code: of, publicKey } });
    await enrol(code);
    const strangers = publicKeyOf(generateKeyPairSync('ed25519').publicKey);
    await expect(enrol(enrolment.code, strangers)).rejects.toEqual(refused('enrolment-code-not-found'));
    const own = safetyDevice(service.reach, device.id, pair);
    expect((await own.send([own.event()])).status).toBe(200);
  });

  it('changes its key by the old one, and then the old one holds no more', async () => {
    const device = await service.device(recipientId);
    const pair = generateKeyPairSync('ed25519');
    const renewed = safetyDevice(service.reach, device.safetyDeviceId, pair);
    const path = `/v1/devices/${device.safetyDeviceId}/key`;
    expect((await device.request('PUT', path, { publicKey: renewed.publicKey })).status).toBe(204);
    expect((await device.send([device.event()])).status).toBe(401);
    expect((await renewed.send([renewed.event()])).status).toBe(200);
    expect((await renewed.request('PUT', path, { publicKey: renewed.publicKey })).status).toBe(204);
  });

  it('gets another code when it has lost its key, and is renamed, and taken out of service', async () => {
    const device = await service.device(recipientId);
    const params = { ...ofRecipient(), safetyDeviceId: device.safetyDeviceId as never };
    const { code } = (await service.administrator.makeEnrolmentCode({ params })).body;
    const pair = generateKeyPairSync('ed25519');
    await service.anybody.enrolSafetyDevice({ body: { code, publicKey: publicKeyOf(pair.publicKey) } });
    const renewed = safetyDevice(service.reach, device.safetyDeviceId, pair);
    expect((await renewed.send([renewed.event()])).status).toBe(200);
    expect((await device.send([device.event()])).status).toBe(401);

    const [{ version } = { version: 0 }] = (await service.administrator.listSafetyDevices({ params: ofRecipient() }))
      .body.items;
    const changed = await service.administrator.changeSafetyDevice({
      params,
      ifMatch: version,
      body: { label: 'Ved senga', selfCheckMinutes: 30 },
    });
    expect(changed.body).toMatchObject({ label: 'Ved senga', selfCheckMinutes: 30, version: version + 1 });
    expect(await (await renewed.send([renewed.event()])).json()).toMatchObject({ selfCheckMinutes: 30 });
    await expect(
      service.administrator.changeSafetyDevice({ params, ifMatch: version, body: { label: null } }),
    ).rejects.toEqual(refused('stale-version'));
    await service.administrator.removeSafetyDevice({ params, ifMatch: version + 1 });
    expect((await renewed.send([renewed.event()])).status).toBe(401);
    const { administrator } = service;
    const gone = refused('safety-device-not-found');
    await expect(administrator.removeSafetyDevice({ params, ifMatch: 1 })).rejects.toEqual(gone);
    await expect(administrator.changeSafetyDevice({ params, ifMatch: 1, body: {} })).rejects.toEqual(gone);
    await expect(administrator.makeEnrolmentCode({ params })).rejects.toEqual(gone);
  });

  it('speaks for itself alone: another’s signature, an unsigned request and an unknown device are told how to sign', async () => {
    const [one, other] = [await service.device(recipientId), await service.device(await service.recipient())];
    const path = `/v1/devices/${other.safetyDeviceId}/events`;
    const unknown = safetyDevice(service.reach, anId('sdv'));
    const unsigned = await service.reach.fetch(`https://vern.test${path}`, { method: 'POST', body: '{}' });
    for (const answer of [
      await one.request('POST', path, { events: [one.event()] }),
      await unknown.send([]),
      unsigned,
    ]) {
      expect(answer.status).toBe(401);
      expect(answer.headers.get('accept-signature')).toContain('"content-digest"');
      expect(answer.headers.get('www-authenticate')).toBe('Signature');
      expect(await answer.json()).toMatchObject({ type: 'https://vern.test/problems/signature-required' });
    }
    expect(await stored()).toEqual([]);
  });

  it('is heard from behind an address from which a stranger has sent too much: what it signs is counted for itself', async () => {
    const { store, reach } = service;
    const counting = Object.defineProperty({ ...store }, 'clock', { get: () => store.clock });
    const counted = aService(
      Object.assign(counting, { counters: countersOn(db.client, store.tableNames) }),
      deviceEventRoutes,
      deviceEventHandlers(deviceEventStore),
    );
    const { safetyDeviceId } = await service.device(recipientId);
    const params = { ...ofRecipient(), safetyDeviceId: safetyDeviceId as never };
    const { code } = (await service.administrator.makeEnrolmentCode({ params })).body;
    const pair = generateKeyPairSync('ed25519');
    await service.anybody.enrolSafetyDevice({ body: { code, publicKey: publicKeyOf(pair.publicKey) } });
    const through = { ...reach, fetch: (url: string, init: RequestInit) => counted.send(url, init) };
    const [device, stranger] = [
      safetyDevice(through, safetyDeviceId, pair),
      safetyDevice(through, safetyDeviceId, generateKeyPairSync('ed25519')),
    ];
    const path = `https://vern.test/v1/devices/${safetyDeviceId}/events`;
    const unsigned = () => counted.send(path, { method: 'POST', body: '{}' });
    const { requestsMax } = limits.find(({ of }) => of === 'unsigned')!;
    for (let i = 1; i < requestsMax; i++) expect((await unsigned()).status).toBe(401);
    expect((await stranger.send([stranger.event()])).status).toBe(401);
    const refusedNow = await unsigned();
    expect(refusedNow.status).toBe(429);
    expect(Number(refusedNow.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await stranger.send([stranger.event()])).status).toBe(429);
    expect((await device.send([device.event({ kind: 'alarm' })])).status).toBe(200);
    expect(await service.alarms(recipientId)).toMatchObject([{ kind: 'button' }]);
  });

  it('is for service recipients, of organisations that give people devices, and not without end', async () => {
    const carerId = await service.carer();
    const body = { kind: 'bracelet' } as const;
    await expect(
      service.administrator.registerSafetyDevice({ params: { ...ofRecipient(), personId: carerId }, body }),
    ).rejects.toEqual(refused('not-a-service-recipient'));
    for (let i = 0; i < 10; i++) await service.administrator.registerSafetyDevice({ params: ofRecipient(), body });
    await expect(service.administrator.registerSafetyDevice({ params: ofRecipient(), body })).rejects.toEqual(
      refused('too-many'),
    );
  });

  it('that has been silent for longer than it may be is found, once for each silence', async () => {
    const { store, organisationId } = service;
    const device = await service.device(recipientId, 60);
    await service.device(recipientId);
    const silent = async () =>
      (await silentDevices(aCall(store).records, organisationId, { now: store.clock, openedAt: undefined })).filter(
        (one) => one.recipientId === recipientId,
      );
    expect(await silent()).toEqual([]);
    minutesLater(61);
    const [first] = await silent();
    expect(first).toMatchObject({ deviceId: device.safetyDeviceId, since: '2026-11-23T11:00:00.000Z' });
    minutesLater(5);
    expect(await silent()).toEqual([first]);
    await device.send([device.event()]);
    expect(await silent()).toEqual([]);
    minutesLater(61);
    expect((await silent())[0]?.sourceId).not.toBe(first?.sourceId);
  });
});

describe('what it sends', () => {
  it('is taken once, however often and in whatever order it comes', async () => {
    const device = await service.device(recipientId);
    const events = [3, 1, 2].map((minute) => {
      const at = new Date(service.store.clock.getTime() - minute * 60_000).toISOString();
      return device.event({ at, kind: 'position', position: positionAt(minute), sequence: 10 - minute });
    });
    const alarm = device.event({ kind: 'alarm' });
    const first = await taken(device.send([events[0]!, alarm]));
    expect(first.taken).toEqual([events[0]!.id, alarm.id]);
    const again = await taken(device.send([alarm, ...events, events[1]!]));
    expect(again.taken.toSorted()).toEqual([alarm, ...events].map(({ id }) => id).toSorted());
    expect((await stored()).map(({ value }) => value.id).toSorted()).toEqual(again.taken.toSorted());
    expect(await service.alarms(recipientId)).toHaveLength(1);
    const { latest } = (await aCall(service.store).records.get(whereaboutsRef(service.organisationId, recipientId)))!
      .value;
    expect(latest?.id).toBe(events[1]!.id);
  });

  it('is taken once when it is sent twice at the same moment', async () => {
    const device = await service.device(recipientId);
    const events = Array.from({ length: 5 }, () => device.event({ kind: 'fall' }));
    const answers = await Promise.all([device.send(events), device.send(events), device.send(events)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await stored()).toHaveLength(5);
    const alarms = await service.alarms(recipientId);
    expect(alarms).toHaveLength(1);
    expect(await activity('alarm.raised')).toMatchObject([{ about: [alarms[0]!.id] }]);
  });

  it('is taken a hundred at a time, also when each calls for help', async () => {
    const device = await service.device(recipientId);
    const start = service.store.clock.getTime() - 100_000;
    const events = Array.from({ length: 100 }, (_, i) =>
      device.event({
        at: new Date(start + i * 1000).toISOString(),
        kind: i % 2 ? 'alarm' : 'position',
        position: positionAt(i),
      }),
    );
    const answer = await device.send(events);
    expect([answer.status, (await taken(answer)).taken.length]).toEqual([200, 100]);
    expect(await stored()).toHaveLength(100);
  });

  it('is refused when it is from the future, or older than positions are kept', async () => {
    const { store, organisationId } = service;
    const device = await service.device(recipientId);
    const at = (days: number) => new Date(store.clock.getTime() + days * 24 * 60 * 60_000).toISOString();
    const [old, ahead, week] = [
      device.event({ at: at(-31) }),
      device.event({ at: at(1) }),
      device.event({ at: at(-8) }),
    ];
    expect(await (await device.send([old, ahead, week])).json()).toEqual({
      taken: [week.id],
      refused: [
        { id: old.id, reason: 'too-old' },
        { id: ahead.id, reason: 'in-the-future' },
      ],
    });
    const decided = {
      adjustments: { position: { length: { days: 7 } } },
      decidedBy: anId('per'),
      decidedAt: store.clock.toISOString(),
    };
    await service.change().put(adjustmentsRef(organisationId), decided, 'new').commit();
    const shorter = await (await device.send([week, device.event({ at: at(-1) })])).json();
    expect(shorter).toMatchObject({ taken: [expect.any(String)], refused: [{ id: week.id, reason: 'too-old' }] });
    const { expiresAtEpochSeconds } = (await stored()).at(-1)!;
    expect(expiresAtEpochSeconds).toBe(Date.parse(at(6)) / 1000);
    await service.change().remove(adjustmentsRef(organisationId), { version: 1 }).commit();
  });

  it('calls for help whatever its clock says: from the future it is not kept, and it raises its alarm once', async () => {
    const device = await service.device(recipientId);
    const at = new Date(service.store.clock.getTime() + 24 * 60 * 60_000).toISOString();
    const [call, elsewhere] = [
      device.event({ at, kind: 'alarm' }),
      device.event({ at, kind: 'position', position: positionAt(0) }),
    ];
    for (let times = 0; times < 2; times++) {
      const { refused: all } = await taken(device.send([call, elsewhere]));
      expect(all).toEqual([call, elsewhere].map(({ id }) => ({ id, reason: 'in-the-future' })));
      minutesLater(1);
    }
    expect(await stored()).toEqual([]);
    const happened = { kind: 'button', happenedAt: '2026-11-23T11:00:00.000Z' };
    expect(await service.alarms(recipientId)).toMatchObject([{ ...happened, history: [{ what: 'raised' }] }]);
  });

  it('tells of who leaves a geofence of their own and of their department’s', async () => {
    const departmentId = await service.department();
    recipientId = await service.recipient(await service.group(departmentId));
    const device = await service.device(recipientId);
    const shape = { type: 'circle', centre: { latitude: 59.9139, longitude: 10.7522 }, radiusMetres: 100 } as const;
    const wide = { ...shape, radiusMetres: 1000 };
    await service.administrator.drawGeofence({
      params: ofRecipient(),
      body: { name: 'Hagen', shape, alarmOn: 'leave' },
    });
    await service.administrator.drawSharedGeofence({
      params: { organisationId: service.organisationId },
      body: { name: 'Bygda', shape: wide, alarmOn: 'both', appliesTo: { kind: 'department', departmentId } },
    });
    const walk = async (metres: number) => {
      minutesLater(1);
      await device.send([device.event({ kind: 'position', position: positionAt(metres) })]);
      return (await service.alarms(recipientId)).map(({ kind }) => kind).toSorted();
    };
    expect(await walk(0)).toEqual([]);
    expect(await walk(500)).toEqual(['geofence-left']);
    const [{ history } = { history: [] }] = await service.alarms(recipientId);
    expect(await walk(2000)).toEqual(['geofence-left']);
    expect((await service.alarms(recipientId))[0]!.history.length).toBeGreaterThan(history.length);
    expect(await walk(0)).toEqual(['geofence-entered', 'geofence-left']);
  });

  it('is kept out of the tables by a restriction and an objection, and a call for help comes through all the same', async () => {
    const device = await service.device(recipientId);
    await device.send([device.event({ kind: 'position', position: positionAt(0) })]);
    for (const what of ['restrict', 'lift', 'refuse'] as const) {
      await close(what);
      if (what === 'lift') continue;
      const answer = await device.send([
        device.event({ kind: 'position', position: positionAt(5) }),
        device.event({ kind: 'alarm' }),
      ]);
      expect(answer.status).toBe(200);
    }
    await aCall(service.store)
      .records.change()
      .keys({ do: 'allow', owner: owner(), retentionClass: 'position', entity: 'device-event' })
      .activity({ event: 'test.prepared', subject: owner() })
      .commit();
    expect(await stored()).toHaveLength(1);
    expect(await service.alarms(recipientId)).toMatchObject([{ kind: 'button' }]);
  });

  it('is kept out as a whole by an objection to a part of it, which takes no call for help with it', async () => {
    const device = await service.device(recipientId);
    await device.send([device.event({ kind: 'position', position: positionAt(0) })]);
    const self = await service.as('member', { personId: recipientId, scope: { kind: 'person', id: recipientId } });
    const shown = async (body: object = {}) =>
      (await self.lookAtPositions({ params: ofRecipient(), body })).body.items.length;
    const period = { from: '2026-11-23T10:00:00Z', to: '2026-11-23T12:00:00Z' };
    expect([await shown(), await shown(period)]).toEqual([1, 1]);
    for (const entity of ['whereabouts', 'device-event']) {
      await close('refuse', entity);
      minutesLater(1);
      const moved = device.event({ kind: 'position', position: positionAt(900) });
      expect((await device.send([moved, device.event({ kind: 'fall' })])).status).toBe(200);
      expect([await shown(), await shown(period)]).toEqual([0, 0]);
      await aCall(service.store)
        .records.change()
        .keys({ do: 'allow', owner: owner(), retentionClass: 'position', entity })
        .activity({ event: 'test.prepared', subject: owner() })
        .commit();
    }
    expect([await shown(), await shown(period)]).toEqual([1, 1]);
    const [alarm] = await service.alarms(recipientId);
    expect(alarm).toMatchObject({ kind: 'fall', history: [{ what: 'raised' }, { what: 'raised-again' }] });
  });

  it('is taken no more when the agreement has ended', async () => {
    const device = await service.device(recipientId);
    const { organisation, organisationId } = service;
    const ref = organisationRef(organisationId);
    await service
      .change()
      .put(ref, { ...organisation, state: 'closed' }, { version: 1 })
      .commit();
    expect((await device.send([device.event()])).status).toBe(401);
    await service.change().put(ref, organisation, { version: 2 }).commit();
  });
});

describe('whoever looks where somebody is', () => {
  const look = { reason: 'alarm' } as const;
  async function aWalk() {
    const device = await service.device(recipientId);
    for (const metres of [0, 50, 100]) {
      await device.send([device.event({ kind: 'position', position: positionAt(metres) })]);
      minutesLater(1);
    }
    return device;
  }

  it('is a receiver with the right to positions, within their hours, with a reason; and it is recorded for both', async () => {
    const device = await aWalk();
    const carerId = await service.carer();
    const carer = await service.as('staff', { personId: carerId });
    const ask = (body: object = look) => carer.lookAtPositions({ params: ofRecipient(), body });
    await expect(ask()).rejects.toEqual(refused('no-right-to-positions'));
    await service.administrator.addReceiver({
      params: ofRecipient(),
      body: {
        personId: carerId,
        rights: 'both',
        channels: ['push'],
        place: 1,
        hours: [{ days: ['monday'], from: '08:00', until: '12:20' }],
      },
    });
    await expect(ask({})).rejects.toEqual(refused('reason-required'));
    const before = (await activity('positions.seen')).length;
    const { items } = (await ask()).body;
    expect(items).toMatchObject([{ safetyDeviceId: device.safetyDeviceId, position: positionAt(100) }]);
    const seen = await activity('positions.seen');
    expect(seen).toHaveLength(before + 1);
    expect(seen[0]).toMatchObject({ person: carerId, detail: { reason: 'alarm', positions: 1 } });
    const [own] = await activity('position-look.made', carerId);
    expect(own).toMatchObject({ about: [recipientId], detail: { reason: 'alarm' } });

    service.at('2026-11-23T11:25:00Z');
    await expect(ask()).rejects.toEqual(refused('no-right-to-positions'));
    expect(await activity('positions.seen')).toHaveLength(before + 1);
  });

  it('sees a period newest first, without its end, and learns when there is more', async () => {
    await aWalk();
    const self = await service.as('member', { personId: recipientId, scope: { kind: 'person', id: recipientId } });
    const ask = async (from: string, to: string) =>
      (await self.lookAtPositions({ params: ofRecipient(), body: { from, to } })).body;
    const all = await ask('2026-11-23T11:00:00Z', '2026-11-23T11:02:00Z');
    expect(all.items.map(({ at }) => at)).toEqual(['2026-11-23T11:01:00.000Z', '2026-11-23T11:00:00.000Z']);
    expect(all.isMore).toBe(false);
    expect((await ask('2026-11-22T11:00:00Z', '2026-11-23T11:00:00Z')).items).toEqual([]);
  });

  it('is shown, as a relative, nothing of where the recipient was outside the hours that the recipient was told', async () => {
    await aWalk();
    const relativeId = await service.relative(recipientId);
    const relative = await service.as('guardian', { personId: relativeId, scope: { kind: 'person', id: relativeId } });
    const hours = [{ days: ['monday' as const], from: '12:01', until: '12:30' }];
    const body = { personId: relativeId, rights: 'positions' as const, channels: ['email' as const], place: 2, hours };
    await service.administrator.addReceiver({ params: ofRecipient(), body });
    const period = { ...look, from: '2026-11-22T00:00:00Z', to: '2026-11-24T00:00:00Z' };
    const { items } = (await relative.lookAtPositions({ params: ofRecipient(), body: period })).body;
    expect(items.map(({ at }) => at)).toEqual(['2026-11-23T11:02:00.000Z', '2026-11-23T11:01:00.000Z']);
    expect((await activity('positions.seen'))[0]).toMatchObject({ person: relativeId, detail: { positions: 2 } });
    // Where somebody is now is known from what was sent last, whenever that was.
    service.at('2026-11-30T11:02:00Z');
    expect((await relative.lookAtPositions({ params: ofRecipient(), body: look })).body.items).toHaveLength(1);
  });

  it('is a relative with the right, and no relative whom a block keeps away', async () => {
    await aWalk();
    const relativeId = await service.relative(recipientId);
    const relative = await service.as('guardian', { personId: relativeId, scope: { kind: 'person', id: relativeId } });
    const ask = () => relative.lookAtPositions({ params: ofRecipient(), body: look });
    await expect(ask()).rejects.toEqual(refused('no-right-to-positions'));
    const body = { personId: relativeId, rights: 'positions' as const, channels: ['email' as const], place: 2 };
    expect((await service.administrator.addReceiver({ params: ofRecipient(), body })).body).toMatchObject({
      as: 'relative',
    });
    expect((await ask()).body.items).toHaveLength(1);
    expect((await relative.listReceivers({ params: ofRecipient() })).body.items).toMatchObject([
      { personId: relativeId },
    ]);
    await service.block(relativeId, recipientId);
    await expect(ask()).rejects.toEqual(refused('person-not-found'));
  });

  it('looks as what they are in the role that they stand in, whatever they were when they were added', async () => {
    await aWalk();
    const [relativeId, carerId] = [await service.relative(recipientId), await service.carer()];
    const relative = await service.as('guardian', { personId: relativeId, scope: { kind: 'person', id: relativeId } });
    const carer = await service.as('staff', { personId: carerId });
    const before = (await activity('positions.seen')).length;
    // Worked there when they were added, and now is related alone; and the other way round.
    await service.receives(relativeId, recipientId, { as: 'carer' });
    await service.receives(carerId, recipientId, { as: 'relative' });
    for (const who of [relative, carer]) {
      const asked = who.lookAtPositions({ params: ofRecipient(), body: look });
      await expect(asked).rejects.toEqual(refused('no-right-to-positions'));
    }
    expect(await activity('positions.seen')).toHaveLength(before);
  });

  it('sees nothing while the recipient’s positions are restricted', async () => {
    await aWalk();
    const carerId = await service.carer();
    await service.receives(carerId, recipientId);
    const carer = await service.as('staff', { personId: carerId });
    await close('restrict');
    expect((await carer.lookAtPositions({ params: ofRecipient(), body: look })).body.items).toEqual([]);
    await close('lift');
    expect((await carer.lookAtPositions({ params: ofRecipient(), body: look })).body.items).toHaveLength(1);
  });
});

describe('receivers', () => {
  const add = (personId: PersonId, place = 1) =>
    service.administrator.addReceiver({
      params: ofRecipient(),
      body: { personId, rights: 'both', channels: ['sms', 'push'], place },
    });
  const now = async () =>
    (await receiversOf(aCall(service.store).records, service.organisationId, recipientId, service.store.clock)).map(
      ({ personId, as }) => [personId, as],
    );

  it('are told in their order, within their hours, while they work there or are linked', async () => {
    const [carerId, relativeId] = [await service.carer(), await service.relative(recipientId)];
    await add(carerId, 2);
    const { body } = await add(relativeId, 1);
    expect(await now()).toEqual([
      [relativeId, 'relative'],
      [carerId, 'carer'],
    ]);
    const params = { ...ofRecipient(), receiverId: relativeId };
    const hours = [{ days: ['sunday' as const], from: '00:00', until: '24:00' }];
    const fields = { rights: 'alarms' as const, channels: ['email' as const], place: 3 };
    await service.administrator.changeReceiver({ params, ifMatch: body.version, body: { ...fields, hours } });
    expect(await now()).toEqual([[carerId, 'carer']]);
    await service.administrator.changeReceiver({ params, ifMatch: 2, body: fields });
    await service.block(relativeId, recipientId);
    expect(await now()).toEqual([[carerId, 'carer']]);
    await service.administrator.removeReceiver({ params: { ...params, receiverId: carerId }, ifMatch: 1 });
    expect(await now()).toEqual([]);
    const gone = { ...params, receiverId: carerId };
    await expect(service.administrator.removeReceiver({ params: gone, ifMatch: 1 })).rejects.toEqual(
      refused('receiver-not-found'),
    );
    await expect(service.administrator.changeReceiver({ params: gone, ifMatch: 1, body: fields })).rejects.toEqual(
      refused('receiver-not-found'),
    );
  });

  it('see who they are with the recipient, who reads names and hours', async () => {
    const carerId = await service.carer();
    await add(carerId);
    const self = await service.as('member', { personId: recipientId, scope: { kind: 'person', id: recipientId } });
    expect((await self.listReceivers({ params: ofRecipient() })).body.items).toMatchObject([
      { personId: carerId, name: 'Mona Olstad', rights: 'both' },
    ]);
  });

  it('are none whom nothing lets receive, none twice, and not without end', async () => {
    const stranger = await service.person({ kind: 'guardian' });
    await expect(add(stranger)).rejects.toEqual(refused('may-not-receive'));
    const blocked = await service.relative(recipientId);
    await service.block(blocked, recipientId);
    await expect(add(blocked)).rejects.toEqual(refused('may-not-receive'));
    const carerId = await service.carer();
    await add(carerId);
    await expect(add(carerId)).rejects.toEqual(refused('wrong-state'));
    const others = await Promise.all(Array.from({ length: 19 }, () => service.carer()));
    for (const id of others) await service.receives(id, recipientId);
    await expect(add(await service.carer())).rejects.toEqual(refused('too-many'));
    recipientId = await service.carer();
    await expect(add(carerId)).rejects.toEqual(refused('not-a-service-recipient'));
  });
});

describe('geofences', () => {
  const centre = { latitude: 59.9139, longitude: 10.7522 };
  const body = { name: 'Hagen', shape: { type: 'circle', centre, radiusMetres: 100 }, alarmOn: 'leave' } as const;

  it('of a recipient are drawn, drawn anew and removed', async () => {
    const drawn = (await service.administrator.drawGeofence({ params: ofRecipient(), body })).body;
    const params = { ...ofRecipient(), geofenceId: drawn.id };
    const anew = await service.administrator.redrawGeofence({ params, ifMatch: 1, body: { ...body, name: 'Huset' } });
    expect(anew.body).toMatchObject({ id: drawn.id, name: 'Huset', version: 2 });
    expect((await service.administrator.listGeofences({ params: ofRecipient() })).body.items).toEqual([anew.body]);
    await service.administrator.removeGeofence({ params, ifMatch: 2 });
    await expect(service.administrator.removeGeofence({ params, ifMatch: 2 })).rejects.toEqual(
      refused('geofence-not-found'),
    );
    await expect(service.administrator.redrawGeofence({ params, ifMatch: 2, body })).rejects.toEqual(
      refused('geofence-not-found'),
    );
  });

  it('of a recipient are for recipients, and not without end', async () => {
    for (let i = 0; i < 10; i++) await service.administrator.drawGeofence({ params: ofRecipient(), body });
    await expect(service.administrator.drawGeofence({ params: ofRecipient(), body })).rejects.toEqual(
      refused('too-many'),
    );
    recipientId = await service.carer();
    await expect(service.administrator.drawGeofence({ params: ofRecipient(), body })).rejects.toEqual(
      refused('not-a-service-recipient'),
    );
  });

  it('of a department are its head’s to draw, and no other’s', async () => {
    const { organisationId } = service;
    const [departmentId, otherId] = [await service.department(), await service.department()];
    const head = await service.as('leader', { scope: { kind: 'department', id: departmentId } });
    const ofDepartment = (id: typeof departmentId) => ({
      ...body,
      appliesTo: { kind: 'department', departmentId: id } as const,
    });
    const ofAll = { ...body, appliesTo: { kind: 'organisation' } as const };
    const own = (await head.drawSharedGeofence({ params: { organisationId }, body: ofDepartment(departmentId) })).body;
    const shared = (await service.administrator.drawSharedGeofence({ params: { organisationId }, body: ofAll })).body;
    const other = (
      await service.administrator.drawSharedGeofence({ params: { organisationId }, body: ofDepartment(otherId) })
    ).body;
    await expect(head.drawSharedGeofence({ params: { organisationId }, body: ofDepartment(otherId) })).rejects.toEqual(
      refused('department-not-found'),
    );
    await expect(head.drawSharedGeofence({ params: { organisationId }, body: ofAll })).rejects.toEqual(
      refused('not-allowed'),
    );
    const seen = (await head.listSharedGeofences({ params: { organisationId } })).body.items.map(({ id }) => id);
    expect(seen).toEqual(expect.arrayContaining([own.id, shared.id]));
    expect(seen).not.toContain(other.id);
    const params = { organisationId, geofenceId: own.id };
    await expect(head.redrawSharedGeofence({ params, ifMatch: 1, body: ofDepartment(otherId) })).rejects.toEqual(
      refused('department-not-found'),
    );
    expect(
      (await head.redrawSharedGeofence({ params, ifMatch: 1, body: ofDepartment(departmentId) })).body.version,
    ).toBe(2);
    const ofOther = { organisationId, geofenceId: other.id };
    await expect(head.removeSharedGeofence({ params: ofOther, ifMatch: 1 })).rejects.toEqual(
      refused('geofence-not-found'),
    );
    await expect(
      head.redrawSharedGeofence({ params: ofOther, ifMatch: 1, body: ofDepartment(departmentId) }),
    ).rejects.toEqual(refused('geofence-not-found'));
    await expect(
      head.removeSharedGeofence({ params: { organisationId, geofenceId: shared.id }, ifMatch: 1 }),
    ).rejects.toEqual(refused('not-allowed'));
    await head.removeSharedGeofence({ params, ifMatch: 2 });
  });

  it('of all are not without end', async () => {
    const { organisationId } = service;
    const ofAll = { ...body, appliesTo: { kind: 'organisation' } as const };
    const change = service.change();
    for (const id of Array.from({ length: 50 }, () => anId('gfc'))) {
      const fence = { ...ofAll, id, drawnAt: service.store.clock.toISOString(), drawnBy: recipientId };
      change.put(sharedGeofenceRef(organisationId, id), fence, 'new');
    }
    await change.commit();
    await expect(service.administrator.drawSharedGeofence({ params: { organisationId }, body: ofAll })).rejects.toEqual(
      refused('too-many'),
    );
  });

  it('of all are none where nobody is given a device', async () => {
    const club = await anOrganisation(service.store, {
      profile: 'family',
      acceptedAgreementVersion: currentAgreementVersion('family'),
    });
    const runs = service.service.as(await someoneWith(service.store, club.id, 'administrator'));
    const ofAll = { ...body, appliesTo: { kind: 'organisation' } as const };
    await expect(runs.drawSharedGeofence({ params: { organisationId: club.id }, body: ofAll })).rejects.toEqual(
      refused('not-a-service-recipient'),
    );
  });
});

describe('the rights of a recipient', () => {
  /** What is due of this recipient's alarms. */
  const tick = async () => {
    const own = new Set((await service.alarms(recipientId)).map(({ id }) => id));
    const due = (await service.due()).filter(({ alarmId }) => own.has(alarmId));
    for (const hint of due) await tickHint(hint, anAlarmClock(service.store));
  };
  const aRequest = (right: 'objection' | 'restriction', entities?: readonly string[]): RequestRecord => {
    const at = service.store.clock.toISOString();
    return {
      ...{ id: anId('req'), right, subject: recipientId, askedBy: { as: 'self', accountId: anId('acc') } },
      ...{ channel: 'account', language: 'nb', timeZone: 'Europe/Oslo', state: 'executing', receivedAt: at, dueAt: at },
      ...{ warned: [], inForceSince: at, ...(entities && { entities: [...entities] }) },
    };
  };
  /** As the rights' worker carries it out. */
  const carryOut = async (request: RequestRecord) => {
    const change = aCall(service.store).records.change();
    closeFor(change, owner(), request, []);
    await change.activity({ event: 'request.executed', subject: owner(), about: [request.id] }).commit();
  };
  const lift = async (request: RequestRecord) => {
    const change = aCall(service.store).records.change();
    openFor(change, owner(), request, { others: [], consents: [], erasing: new Set() });
    await change.activity({ event: 'request.ended', subject: owner(), about: [request.id] }).commit();
  };
  const anAlarm = async () => {
    const [first, second] = [await service.carer(), await service.carer()];
    await service.receives(first, recipientId);
    await service.receives(second, recipientId, { place: 2 });
    const device = await service.device(recipientId, 60);
    await device.send([
      device.event({ at: '2026-11-23T10:59:00.000Z', kind: 'position', position: positionAt(10) }),
      device.event({ kind: 'alarm', position: positionAt(20) }),
    ]);
    await tick();
    const [alarm] = await service.alarms(recipientId);
    const place = { organisationId: service.organisationId, recipientId, alarmId: alarm!.id };
    return { first, second, device, place };
  };

  it('Art. 15: hold what the devices sent, where the recipient was last and every alarm, by field and in words', async () => {
    const { first, device, place } = await anAlarm();
    await answerAlarm(place, { by: first, how: 'signed-in' }, { state: 'acknowledged' }, aCall(service.store));
    minutesLater(5);
    const over = { state: 'resolved', outcome: 'helped' } as const;
    await answerAlarm(place, { by: first, how: 'signed-in' }, over, aCall(service.store));
    const copy = await aMaker(service.store).of({ owner: owner(), audience: { kind: 'self' } });
    expect(copy.json('data/alarm.json')).toMatchObject([
      {
        ...{ kind: 'button', state: 'resolved', deviceId: device.safetyDeviceId, recipientId },
        acknowledged: { by: 'other-staff-1', how: 'signed-in' },
        resolved: { by: 'other-staff-1', outcome: 'helped', at: '2026-11-23T11:05:00.000Z' },
        history: [{ what: 'raised' }, { what: 'told' }, { what: 'acknowledged' }, { what: 'resolved' }],
      },
    ]);
    expect(copy.json('data/device-event.json')).toMatchObject([
      { kind: 'position', position: positionAt(10) },
      { kind: 'alarm', position: positionAt(20) },
    ]);
    expect(copy.json('data/whereabouts.json')).toMatchObject([
      { latest: { position: positionAt(20) }, devices: [{ id: device.safetyDeviceId }] },
    ]);
    expect(copy.json('data/safety-device.json')).toMatchObject([{ id: device.safetyDeviceId, kind: 'tracker' }]);
    expect(copy.json('data/receiver.json')).toHaveLength(2);
    expect(copy.text('data/device-event.csv')).toContain(String(positionAt(10).latitude));
    for (const [page, words] of [
      ['index.nb.html', ['Alarmer', 'alarmknappen ble trykket', 'avsluttet']],
      ['index.en.html', ['Alarms', 'the alarm button was pressed', 'resolved']],
    ] as const) {
      const text = copy.text(page);
      for (const word of [...words, String(positionAt(10).latitude)]) expect(text).toContain(word);
      // Who came is told by role (Art. 15(4)).
      for (const hint of [first, 'Mona']) expect(text).not.toContain(hint);
    }
  });

  it.each([
    ['Art. 18', 'restriction', undefined, 'person-not-found'],
    ['Art. 21', 'objection', ['device-event', 'whereabouts', 'geofence'], 0],
  ] as const)(
    '%s: the %s closes positions and stops no alarm that rings: it goes from receiver to receiver until one answers',
    async (_, right, entities, shown) => {
      const { first, second, device, place } = await anAlarm();
      const request = aRequest(right, entities);
      await carryOut(request);
      const carer = await service.as('staff', { personId: first });
      const look = { params: ofRecipient(), body: { reason: 'alarm' } } as const;
      const looked = carer.lookAtPositions(look).then(
        ({ body }) => body.items.length,
        ({ slug }) => slug,
      );
      expect(await looked).toBe(shown);

      minutesLater(3);
      await tick();
      expect((await service.notices(second)).map(({ content }) => content.template)).toEqual(['alarm-waiting']);
      // It joins the one that rings.
      await device.send([device.event({ kind: 'fall' }), device.event({ kind: 'alarm', position: positionAt(90) })]);
      expect((await service.alarms(recipientId)).map(({ kind }) => kind).toSorted()).toEqual(['button', 'fall']);
      const answer = { by: second, how: 'link' } as const;
      const answered = await answerAlarm(place, answer, { state: 'acknowledged' }, aCall(service.store));
      expect(answered).toMatchObject({ is: 'done', stored: { value: { state: 'acknowledged' } } });
      const over = { state: 'resolved', outcome: 'helped' } as const;
      expect(await answerAlarm(place, answer, over, aCall(service.store))).toMatchObject({ is: 'done' });

      // The person's own copy holds what is stored, closed or not; nothing has come to it meanwhile.
      const copy = await aMaker(service.store).of({ owner: owner(), audience: { kind: 'self' } });
      expect(copy.json('data/device-event.json')).toHaveLength(2);
      await lift(request);
      expect((await carer.lookAtPositions(look)).body.items).toMatchObject([{ position: positionAt(20) }]);
    },
  );
});
