import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountLinkEntity } from '../../../lambdas/features/accounts/account.ts';
import { answerAlarm } from '../../../lambdas/features/alarms/answer.ts';
import { type Hint, sweepAlarms, tickFromStream, tickHint } from '../../../lambdas/features/alarms/clock.ts';
import { configurationRef } from '../../../lambdas/features/alarms/configuration.ts';
import { alarmPointers } from '../../../lambdas/features/alarms/pointers.ts';
import { watchAlarms } from '../../../lambdas/features/alarms/watch.ts';
import { deviceRef, digestOf } from '../../../lambdas/features/devices/device.ts';
import { hashOf, linkKey } from '../../../lambdas/features/links/link.ts';
import { readKnown, reasonNotToSend } from '../../../lambdas/features/notices/facts.ts';
import { channels, type Notice, type NoticeContent } from '../../../lambdas/features/notices/notice.ts';
import { sweepOutbox } from '../../../lambdas/features/notices/outbox.ts';
import { decisionFor } from '../../../lambdas/features/notices/plan.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { safetyDevicePointers } from '../../../lambdas/features/safety-devices/safety-device.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOutbox } from '../../support/outbox.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';
import { anAlarmClock, aSafetyHome, occasion, type SafetyHome } from './safety-home.ts';
import { playSequences } from './sequences.ts';

let db: TestDynamoDb;
let store: TestStore;
let home: SafetyHome;
let recipientId: PersonId;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  store = await aStore(db.client, await db.createTables(), ['operator']);
  home = await aSafetyHome(store);
  home.at('2026-11-23T02:00:00Z');
  recipientId = await home.recipient();
});

/** A minute's sweep after so many minutes. */
const later = async (minutes: number) => {
  home.at(new Date(store.clock.getTime() + minutes * 60_000));
  return sweepAlarms(anAlarmClock(store));
};
/** In the order in which they were caused, and by their ways within one. */
const said = (notices: readonly Notice[]) =>
  notices
    .map(({ createdAt, content, channel }) => `${createdAt} ${content.template} ${channel}`)
    .sort()
    .map((line) => line.slice(line.indexOf(' ') + 1));
const place = async () => ({
  organisationId: home.organisationId,
  recipientId,
  alarmId: (await home.alarms(recipientId))[0]!.id,
});

describe('an alarm that nobody answers', () => {
  it('goes from receiver to receiver, then to all of them and the head, and does not end', async () => {
    const [first, second] = [await home.carer(), await home.relative(recipientId)];
    await home.receives(first, recipientId, { channels: ['push', 'sms'] });
    await home.receives(second, recipientId, { as: 'relative', place: 2 });
    const head = await home.person({ kind: 'staff' });
    await home.role(head, { role: 'leader' });

    await home.raise(recipientId, occasion('a'));
    expect(await home.alarms(recipientId)).toMatchObject([{ state: 'raised', told: [] }]);
    await later(0);
    expect(said(await home.notices(first))).toEqual(['alarm-waiting push', 'alarm-waiting sms']);
    expect(await home.notices(second)).toEqual([]);

    await later(2);
    expect(await home.notices(second)).toEqual([]);
    await later(1);
    expect(said(await home.notices(second))).toEqual(['alarm-waiting email']);
    // When the alarm came, not when it came to the second.
    const raisedAt = { parameters: { at: '2026-11-23T02:00:00.000Z' } };
    expect(await home.notices(second)).toMatchObject([{ content: raisedAt }]);
    await later(3);
    expect(said(await home.notices(first)).slice(2)).toEqual(['alarm-again push', 'alarm-again sms']);
    expect(await home.notices(head)).toEqual([]);
    await later(5);
    expect(said(await home.notices(head))).toEqual(['alarm-waiting email', 'alarm-waiting push', 'alarm-waiting sms']);

    for (let hour = 0; hour < 5; hour++) await later(60);
    const [alarm] = await home.alarms(recipientId);
    expect(alarm).toMatchObject({ state: 'notified' });
    expect(alarm!.history.filter(({ what, round = 0 }) => what === 'told' && round > 1)).toHaveLength(5);
    expect(await home.due()).toHaveLength(1);
  });

  it('comes to everybody sooner when it is raised again, and not more often than its first rounds', async () => {
    const first = await home.carer();
    await home.receives(first, recipientId);
    const told = async () => (await home.notices(first)).length;
    await home.raise(recipientId, occasion('a'));
    // The only receiver, all of them, and everybody: then after 15 minutes, 30, and 60.
    for (const minutes of [0, 3, 5, 15, 30]) await later(minutes);
    const before = await told();
    expect(before).toBe(5);
    await later(5);
    await home.raise(recipientId, occasion('b'));
    await later(9);
    expect(await told()).toBe(before);
    await later(1);
    expect(await told()).toBe(before + 1);
    await later(20);
    await home.raise(recipientId, occasion('c'), occasion('d'));
    await later(0);
    expect(await told()).toBe(before + 2);
    await home.raise(recipientId, occasion('d'));
    await later(14);
    expect(await told()).toBe(before + 2);
    expect(await home.due()).toHaveLength(1);
  });

  it('passes over whoever is off, kept away by a block, or no receiver of alarms', async () => {
    const [off, blocked, watcher, on] = [
      await home.carer(),
      await home.carer(),
      await home.carer(),
      await home.carer(),
    ];
    const byDay = [{ days: ['monday'], from: '08:00', until: '16:00' }] as const;
    await home.receives(off, recipientId, { hours: [...byDay].map((one) => ({ ...one, days: [...one.days] })) });
    await home.receives(blocked, recipientId, { place: 2 });
    await home.block(blocked, recipientId);
    await home.receives(watcher, recipientId, { place: 3, rights: 'positions' });
    await home.receives(on, recipientId, { place: 4 });
    await home.raise(recipientId, occasion('a'));
    await later(0);
    expect(said(await home.notices(on))).toEqual(['alarm-waiting email']);
    for (const other of [off, blocked, watcher]) expect(await home.notices(other)).toEqual([]);
  });

  it('tells as many as there are, some in each transaction and each once, and passes over whoever is named and gone', async () => {
    const ids: PersonId[] = [];
    for (let place = 1; place <= 20; place++) {
      const id = await home.carer();
      await home.receives(id, recipientId, { place, channels: ['email', 'sms', 'push'] });
      ids.push(id);
    }
    const steps = [
      { to: { kind: 'persons' as const, personIds: [anId('per')] }, channels: ['sms' as const], waitMinutes: 9 },
      { to: { kind: 'all-receivers' as const }, channels: [...channels], waitMinutes: 9 },
    ];
    const chains = [{ kinds: ['button' as const], steps, repeatMinutes: 30 }];
    const ref = configurationRef(home.organisationId, { of: 'organisation' });
    await home.change().put(ref, { chains }, 'new').commit();
    await home.raise(recipientId, occasion('a'));
    await later(0);
    for (const id of ids) {
      expect(said(await home.notices(id))).toEqual(['alarm-waiting email', 'alarm-waiting push', 'alarm-waiting sms']);
    }
    const [alarm] = await home.alarms(recipientId);
    expect(alarm!.history.map(({ to = [] }) => to.length)).toEqual([0, 9, 9, 2]);
  });

  it('comes to the administrators where there is nobody else, and says so where there is nobody at all', async () => {
    await home.raise(recipientId, occasion('a'));
    const lines: string[] = [];
    await sweepAlarms(anAlarmClock(store, { log: ({ event }) => lines.push(event) }));
    expect(lines).toEqual(['alarm-unheard']);
    const administrator = await home.person({ kind: 'staff' });
    await home.role(administrator, { role: 'administrator' });
    await later(15);
    expect(said(await home.notices(administrator))).toHaveLength(3);
  });
});

describe('an alarm that is answered', () => {
  it('calls off those who were told, and is over when it is resolved', async () => {
    const [first, second] = [await home.carer(), await home.carer()];
    await home.receives(first, recipientId);
    await home.receives(second, recipientId, { place: 2, channels: ['sms', 'email'] });
    await home.raise(recipientId, occasion('a'));
    await later(0);
    await later(3);
    const by = { by: first, how: 'signed-in' } as const;
    expect(await answerAlarm(await place(), by, { state: 'acknowledged' }, aCall(store))).toMatchObject({ is: 'done' });
    await later(1);
    expect(said(await home.notices(second))).toEqual([
      'alarm-waiting email',
      'alarm-waiting sms',
      'alarm-taken email',
      'alarm-taken sms',
    ]);
    expect(said(await home.notices(first))).toEqual(['alarm-waiting email']);
    home.at('2026-11-23T02:10:00Z');
    const over = { state: 'resolved', outcome: 'helped' } as const;
    expect(await answerAlarm(await place(), by, over, aCall(store))).toMatchObject({ is: 'done' });
    await later(0);
    expect(said(await home.notices(second)).slice(4)).toEqual(['alarm-over email']);
    expect([await home.onBoard(), await home.due()]).toEqual([[], []]);
    await later(120);
    expect(await home.alarms(recipientId)).toMatchObject([{ state: 'resolved', resolved: { outcome: 'helped' } }]);
  });

  it('rings anew after an hour in which nothing has followed, for whoever answered as well', async () => {
    const [first, second] = [await home.carer(), await home.carer()];
    await home.receives(first, recipientId);
    await home.receives(second, recipientId, { place: 2 });
    await home.raise(recipientId, occasion('a'));
    await later(0);
    await later(3);
    await answerAlarm(await place(), { by: second, how: 'link' }, { state: 'acknowledged' }, aCall(store));
    await later(0);
    await later(59);
    expect(await home.alarms(recipientId)).toMatchObject([{ state: 'acknowledged' }]);
    await later(1);
    expect(said(await home.notices(first)).at(-1)).toBe('alarm-again email');
    expect(said(await home.notices(second)).at(-1)).toBe('alarm-again email');
    const [alarm] = await home.alarms(recipientId);
    expect(alarm).toMatchObject({ state: 'notified', round: 1 });
    expect(alarm?.acknowledged).toBeUndefined();
  });

  it('takes in what happens meanwhile only while nobody has answered', async () => {
    const first = await home.carer();
    await home.receives(first, recipientId);
    const [one] = await home.raise(recipientId, occasion('a'));
    await later(0);
    expect(await home.raise(recipientId, occasion('b'), occasion('c'), occasion('a'))).toEqual([one, one, one]);
    expect(await home.raise(recipientId, occasion('d', { kind: 'fall' }))).not.toEqual([one]);
    await answerAlarm(
      { ...(await place()), alarmId: one! },
      { by: first, how: 'link' },
      { state: 'acknowledged' },
      aCall(store),
    );
    const [another] = await home.raise(recipientId, occasion('e'));
    expect(another).not.toBe(one);
    expect(await home.raise(recipientId, occasion('b'))).toEqual([one]);
    expect(await home.onBoard()).toHaveLength(3);
  });
});

describe('what an alarm goes by', () => {
  const chain = (waitMinutes: number, kinds: readonly ('button' | 'fall')[] = ['button']) => ({
    kinds: [...kinds],
    steps: [{ to: { kind: 'all-receivers' as const }, channels: ['sms' as const], waitMinutes }],
    repeatMinutes: 30,
  });
  const configure = (at: Parameters<typeof configurationRef>[1], chains: ReturnType<typeof chain>[]) =>
    home.change().put(configurationRef(home.organisationId, at), { chains }, 'new').commit();

  it('is the most specific configuration that names its kind, and stays what it was when it began', async () => {
    const departmentId = await home.department();
    recipientId = await home.recipient(await home.group(departmentId));
    await home.receives(await home.carer(), recipientId, { channels: ['email', 'sms'] });
    await configure({ of: 'organisation' }, [chain(20, ['button', 'fall'])]);
    await configure({ of: 'department', departmentId }, [chain(30)]);
    await home.raise(recipientId, occasion('a'), occasion('b', { kind: 'fall' }));
    await later(0);
    await configure({ of: 'person', personId: recipientId }, [chain(40)]);
    await later(1);
    const byKind = (await home.alarms(recipientId)).map(({ kind, chain: by }) => [
      kind,
      by?.from.of,
      by?.steps[0]?.waitMinutes,
    ]);
    expect(byKind.sort()).toEqual([
      ['button', 'department', 30],
      ['fall', 'organisation', 20],
    ]);
  });
});

describe('a wake-up', () => {
  const inserted = (hints: readonly Hint[]) =>
    hints.map(({ alarmId, dueAt }, i) => ({
      eventName: 'INSERT',
      dynamodb: {
        SequenceNumber: String(i),
        Keys: { pk: { S: 'ALARM-DUE#0' }, sk: { S: `${dueAt}#${alarmId}` } },
      },
    }));

  it('is done at once where it is due, asked for where it is not, and tried again where it failed', async () => {
    const first = await home.carer();
    await home.receives(first, recipientId);
    await home.raise(recipientId, occasion('a'));
    const asked: Hint[] = [];
    const clock = anAlarmClock(store, { wakeUp: async (hint) => void asked.push(hint) });
    expect(await tickFromStream(inserted(await home.due()), clock)).toEqual({ batchItemFailures: [] });
    expect(said(await home.notices(first))).toEqual(['alarm-waiting email']);
    expect(asked).toEqual([]);
    await tickFromStream(inserted(await home.due()), clock);
    expect(asked).toEqual([{ alarmId: (await place()).alarmId, dueAt: '2026-11-23T02:03:00.000Z' }]);
    const failing = anAlarmClock(store, { wakeUp: () => Promise.reject(new Error('no queue')), log: () => {} });
    expect(await tickFromStream(inserted(asked), failing)).toEqual({ batchItemFailures: [{ itemIdentifier: '0' }] });
  });

  it('does nothing early, late or twice', async () => {
    const first = await home.carer();
    await home.receives(first, recipientId);
    await home.raise(recipientId, occasion('a'));
    const [hint] = await home.due();
    home.at('2026-11-23T01:59:00Z');
    await tickHint(hint!, anAlarmClock(store));
    expect(await home.notices(first)).toEqual([]);
    home.at('2026-11-23T02:00:01Z');
    await Promise.all([tickHint(hint!, anAlarmClock(store)), tickHint(hint!, anAlarmClock(store))]);
    await tickHint(hint!, anAlarmClock(store));
    expect(said(await home.notices(first))).toEqual(['alarm-waiting email']);
  });
});

describe('a notice of an alarm', () => {
  it('goes by the ways chosen for it, whatever else is wished, and leads to an answer from the mail alone', async () => {
    const first = await home.carer();
    await home.receives(first, recipientId, { channels: ['email', 'sms', 'push'] });
    await home.raise(recipientId, occasion('a'));
    await later(0);
    for (const notice of await home.notices(first)) {
      const content = notice.content as NoticeContent;
      const call = aCall(store);
      const known = await readKnown(call.records, ownerOf(home.organisationId, first), content, call.now);
      expect(reasonNotToSend(notice, content, known, call.now)).toBeUndefined();
      expect(await decisionFor(notice, content, known!, ownerOf(home.organisationId, first), call)).toEqual({
        do: 'now',
        further: [],
      });
      const { token } = content.parameters as { token?: string };
      expect(token !== undefined).toBe(notice.channel === 'email');
      if (token === undefined) continue;
      const [link] = await call.records.pointersAt([linkKey(hashOf(token))]);
      expect(link?.attributes).toMatchObject({ about: (await place()).alarmId, subject: first });
      // In another's partition nothing names whom it is about.
      expect(JSON.stringify(link)).not.toContain(recipientId);
    }
  });

  it('says by SMS and push that an alarm waits, not whose, and where there is no link', async () => {
    const first = await home.person({ kind: 'staff', phone: '+4790000000' });
    await home.role(first, { role: 'staff' });
    await home.receives(first, recipientId, { channels: ['sms', 'push'] });
    const accountId = anId('acc');
    const endpointArn = 'arn:aws:sns:eu-west-1:111122223333:endpoint/APNS/vern/1';
    const seen = { addedAt: '2026-11-01T00:00:00.000Z', seenAt: '2026-11-01T00:00:00.000Z' };
    const link = { entity: accountLinkEntity, owner: ownerOf(home.organisationId, first) };
    await home
      .change()
      .put(link, { accountId, since: seen.addedAt }, 'new')
      .put(
        deviceRef(accountId, digestOf(endpointArn)),
        { id: anId('dvc'), platform: 'apple', endpointArn, ...seen },
        'new',
      )
      .commit();
    await home.raise(recipientId, occasion('a'));
    await later(0);
    const out: string[] = [];
    const sent = (text: string) => {
      out.push(text);
      return Promise.resolve('accepted' as const);
    };
    const further = {
      sendSms: ({ text }: { readonly text: string }) => sent(text),
      sendPush: ({ body }: { readonly body: string }) => sent(body),
      endpoints: { remove: async () => {} },
    };
    const sendMail = async (): Promise<never> => {
      throw new Error('no mail was chosen');
    };
    await sweepOutbox(anOutbox(store, { sendMail, further }));
    expect(out.sort()).toEqual([
      'En alarm venter på svar',
      'Vern: En alarm venter på svar. Logg inn i Vern for å lese.',
    ]);
  });

  it('is not sent past a block that has come since, nor when somebody has answered before it went', async () => {
    const [first, second] = [await home.carer(), await home.carer()];
    await home.receives(first, recipientId);
    await home.raise(recipientId, occasion('a'));
    await later(0);
    const [notice] = await home.notices(first);
    const reason = async () => {
      const call = aCall(store);
      const content = notice!.content as NoticeContent;
      const known = await readKnown(call.records, ownerOf(home.organisationId, first), content, call.now);
      return reasonNotToSend(notice!, content, known, call.now);
    };
    expect(await reason()).toBeUndefined();
    await answerAlarm(await place(), { by: second, how: 'link' }, { state: 'acknowledged' }, aCall(store));
    expect(await reason()).toBe('no-longer-due');
    home.at('2026-11-23T03:30:00Z');
    await later(0);
    expect(await reason()).toBeUndefined();
    await home.block(first, recipientId);
    expect(await reason()).toBe('no-longer-due');
  });
});

describe('the watch', () => {
  const aDevice = async (selfCheckMinutes: number, heardAt?: string) => {
    const id = anId('sdv');
    const given = Date.parse('2026-11-22T00:00:00Z') / 1000;
    const attributes = { personId: recipientId, keyGivenAtEpochSeconds: given, selfCheckMinutes };
    const change = home.change().point({ ...safetyDevicePointers.inService(home.organisationId, id), attributes });
    if (heardAt !== undefined) {
      const heard = { atEpochSeconds: Date.parse(heardAt) / 1000 };
      change.point({ ...safetyDevicePointers.heard(home.organisationId, id), attributes: heard });
    }
    await change.commit();
    return id;
  };

  it('raises one alarm for each silence of a device', async () => {
    const silent = await aDevice(60, '2026-11-23T00:30:00Z');
    await aDevice(60, '2026-11-23T01:30:00Z');
    expect(await watchAlarms(anAlarmClock(store))).toEqual({ silent: 1, raised: 1, foundAgain: 0, failed: 0 });
    expect(await watchAlarms(anAlarmClock(store))).toMatchObject({ raised: 0, failed: 0 });
    expect(await home.alarms(recipientId)).toMatchObject([
      { kind: 'silent', deviceId: silent, happenedAt: '2026-11-23T00:30:00.000Z' },
    ]);
  });

  it('raises none for a device that nobody could hear: after a restore each has its time again from the opening', async () => {
    const lost = await aDevice(60);
    await aDevice(60, '2026-11-23T01:50:00Z');
    const openedAt = new Date('2026-11-23T01:30:00Z');
    const watched = () => watchAlarms(anAlarmClock(store, { openedAt }));
    expect(await watched()).toMatchObject({ silent: 0, raised: 0 });
    home.at('2026-11-23T02:31:00Z');
    expect(await watched()).toMatchObject({ silent: 1, raised: 1 });
    expect(await home.alarms(recipientId)).toMatchObject([
      { kind: 'silent', deviceId: lost, happenedAt: openedAt.toISOString() },
    ]);
    // Closed and opened once more, without a word from it: that is the same silence.
    const anew = anAlarmClock(store, { openedAt: new Date('2026-11-23T02:35:00Z') });
    home.at('2026-11-23T04:00:00Z');
    expect((await watchAlarms(anew)).raised).toBe(1);
    expect(await home.alarms(recipientId)).toHaveLength(1);
  });

  it('wakes an alarm whose row is gone, as after a restore, and no other', async () => {
    const first = await home.carer();
    await home.receives(first, recipientId);
    const [alarmId] = await home.raise(recipientId, occasion('a'));
    const [row] = await home.due();
    await home.change().unpoint(alarmPointers.due(alarmId!, row!.dueAt)).commit();
    await later(1);
    expect(await home.notices(first)).toEqual([]);
    expect(await watchAlarms(anAlarmClock(store))).toMatchObject({ foundAgain: 1 });
    await later(0);
    expect(said(await home.notices(first))).toEqual(['alarm-waiting email']);
    expect(await watchAlarms(anAlarmClock(store))).toMatchObject({ foundAgain: 0 });
  });
});

describe('alarms, whatever happens in whatever order', () => {
  it('SM-03: none is lost, nobody is told twice, one answers (a few sequences; a thousand by VERN_TESTS=slow)', async () => {
    await playSequences(store, 8);
  }, 60_000);
});
