import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inboxPointers } from '../../../lambdas/features/messages/inbox.ts';
import {
  type Notice,
  type NoticeRequest,
  noticeEntity,
  queueNotice,
} from '../../../lambdas/features/notices/notice.ts';
import { sweepOutbox } from '../../../lambdas/features/notices/outbox.ts';
import type { OutboxLine, Post } from '../../../lambdas/features/notices/outbox-call.ts';
import { NoticePreferences, preferencesRef } from '../../../lambdas/features/notices/preferences.ts';
import { redriveNotices } from '../../../lambdas/features/notices/redrive.ts';
import type { NoticeId, OrganisationId, ThreadId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOutbox } from '../../support/outbox.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';
import { aKindergarten, fakeSes } from './kindergarten.ts';

let dynamoDb: TestDynamoDb;
let store: TestStore;
let organisationId: OrganisationId;
let house: Awaited<ReturnType<typeof aKindergarten>>;
let ses: ReturnType<typeof fakeSes>;
let texts: string[];

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  organisationId = anId('org');
  // 08.00 in Oslo.
  store = await aStore(dynamoDb.client, await dynamoDb.createTables(), [organisationId, 'operator']);
  house = await aKindergarten(store, organisationId, { guardian: { phone: '+4790000000' } });
  ses = fakeSes();
  texts = [];
});

describe('what somebody wishes', () => {
  it('holds back what comes in their quiet hours, and lets through what is urgent', async () => {
    await wishes({ quietHours: { from: '20:00', until: '09:00' } });
    const quiet = await queued(checkedIn());
    const urgent = await queued(notArrived());
    await sweep();
    expect(await stateOf(quiet)).toMatchObject({ state: 'waiting', dueAt: '2026-11-23T08:00:00.000Z', attempts: 0 });
    expect(await stateOf(urgent)).toMatchObject({ state: 'accepted' });
    at('2026-11-23T08:00:00Z');
    await sweep();
    expect(await stateOf(quiet)).toMatchObject({ state: 'accepted' });
  });

  it('gathers a category into one mail, without what has been read or is no longer allowed by then', async () => {
    await wishes({ categories: { messages: { email: 'daily' } } });
    const threads = [anId('thr'), anId('thr')] as const;
    for (const threadId of threads) await waits(threadId);
    const ids = [await queued(message(threads[0])), await queued(message(threads[1]))];
    await sweep();
    expect(ses.mails).toHaveLength(0);
    const [first] = await Promise.all(ids.map((id) => stateOf(id)));
    expect(first).toMatchObject({ state: 'digested', content: { template: 'done', was: 'message-waiting' } });
    await reads(threads[0]);

    at('2026-11-23T16:00:00Z');
    await sweep();
    const mail = await PostalMime.parse(ses.mails[0]!.raw);
    expect(mail.subject).toBe('Dette venter på deg');
    expect(mail.text?.match(/^- /gm)).toHaveLength(1);
    expect(await stateOf(first!.digestId!)).toMatchObject({ state: 'accepted', content: { template: 'done' } });
  });

  it('sends no digest when nothing in it is left', async () => {
    await wishes({ categories: { messages: { email: 'daily' } } });
    const threadId = anId('thr');
    await waits(threadId);
    const id = await queued(message(threadId));
    await sweep();
    await reads(threadId);
    at('2026-11-23T16:00:00Z');
    await sweep();
    expect(ses.mails).toHaveLength(0);
    const { digestId } = (await stateOf(id))!;
    expect(await stateOf(digestId!)).toMatchObject({ state: 'not-sent', reason: 'no-longer-due' });
  });

  it('is no more than so many mails a day, however many workers send at once; the rest is gathered', async () => {
    await wishes({ mailsPerDayMax: 2 });
    const ids = await Promise.all(Array.from({ length: 4 }, () => queued(checkedIn())));
    await queued(notArrived());
    await Promise.all([sweep(), sweep(), sweep()]);
    const states = (await Promise.all(ids.map((id) => stateOf(id)))).map((notice) => notice?.state);
    expect(states.filter((state) => state === 'accepted')).toHaveLength(2);
    expect(states.filter((state) => state === 'digested')).toHaveLength(2);
    // And the urgent one, which is not counted.
    expect(ses.mails).toHaveLength(3);
  });

  it('rings once on another way beside the mail, or instead of it', async () => {
    await wishes({ categories: { arrivals: { email: 'off', sms: 'at-once' }, messages: { sms: 'at-once' } } });
    const declined = await queued(checkedIn());
    const threadId = anId('thr');
    await waits(threadId);
    await queued(message(threadId));
    await sweep();
    await sweep();
    await sweep();
    expect(await stateOf(declined)).toMatchObject({ state: 'not-sent', reason: 'declined' });
    expect(ses.mails).toHaveLength(1);
    expect(texts).toHaveLength(2);
    for (const text of texts) expect(text).not.toMatch(/Åse|Ødegård/);
    const { items } = await aCall(store).records.list(noticeEntity, house.guardian);
    expect(items.filter(({ value }) => value.channel === 'sms').map(({ value }) => value.state)).toEqual([
      'accepted',
      'accepted',
    ]);
  });

  it('is never rung twice by a text message of which nobody knows whether it went out', async () => {
    await wishes({ categories: { arrivals: { email: 'off', sms: 'at-once' } } });
    await queued(checkedIn());
    const sendSms: Post['further']['sendSms'] = async ({ text }) => {
      texts.push(text);
      return 'unknown';
    };
    for (let round = 0; round < 3; round++) {
      await sweepOutbox(outbox({ sendSms }));
      at(new Date(store.clock.getTime() + 10 * 60 * 1000).toISOString());
    }
    expect(texts).toHaveLength(1);
  });
});

describe('what has been read before its mail goes', () => {
  it('is not told of any more', async () => {
    const threadId = anId('thr');
    const id = await queued(message(threadId));
    await sweep();
    expect(await stateOf(id)).toMatchObject({ state: 'not-sent', reason: 'seen-already' });
    expect(ses.mails).toHaveLength(0);
  });
});

describe('a notice that failed for a reason of ours', () => {
  it('is sent anew when that has been mended, once', async () => {
    const id = await queued(checkedIn());
    const lines: OutboxLine[] = [];
    await sweepOutbox({ ...broken(), log: (line) => void lines.push(line) });
    const failed = { state: 'technical-failure', attempts: 0, content: { template: 'checked-in' } };
    expect(await stateOf(id)).toMatchObject(failed);
    expect(lines.map(({ event }) => event)).toEqual(['letter-failed', 'notice-failed']);
    expect(ses.mails).toHaveLength(0);

    expect(await redriveNotices(outbox())).toEqual({ redriven: 1, more: false });
    expect(await redriveNotices(outbox())).toEqual({ redriven: 0, more: false });
    await sweep();
    expect(await stateOf(id)).toMatchObject({ state: 'accepted', attempts: 1 });
    expect(ses.mails).toHaveLength(1);
  });

  it('keeps nothing of what it would have needed when nobody does so for two weeks', async () => {
    const id = await queued(checkedIn());
    await sweepOutbox({ ...broken(), log: () => {} });
    at('2026-12-07T07:00:00Z');
    await sweep();
    const content = { template: 'done', was: 'checked-in' };
    expect(await stateOf(id)).toMatchObject({ state: 'technical-failure', content });
    expect(await redriveNotices(outbox())).toEqual({ redriven: 0, more: false });
  });
});

const checkedIn = (): NoticeRequest => ({
  to: house.guardian,
  template: 'checked-in',
  parameters: { childId: house.childId, at: '2026-11-23T06:58:00.000Z' },
});
const notArrived = (): NoticeRequest => ({
  to: house.guardian,
  template: 'not-arrived',
  parameters: { childId: house.childId, expectedAt: '2026-11-23T06:30:00.000Z' },
});
const message = (about: ThreadId): NoticeRequest => ({
  to: house.guardian,
  template: 'message-waiting',
  parameters: { childId: house.childId, from: 'staff', isSensitive: false },
  about,
});

async function queued(request: NoticeRequest): Promise<NoticeId> {
  const call = aCall(store);
  const change = call.records.change();
  const id = queueNotice(change, request, call);
  await change.activity({ event: 'test.happened', subject: request.to }).commit();
  return id;
}

const wishes = (said: Parameters<typeof NoticePreferences.parse>[0] & object) =>
  aCall(store)
    .records.change()
    .put(preferencesRef(house.guardian), NoticePreferences.parse(said), 'new')
    .activity({ event: 'test.prepared', subject: house.guardian })
    .commit();

const inbox = (threadId: ThreadId) => inboxPointers.waiting(organisationId, house.guardianId, threadId);
const waits = (threadId: ThreadId) =>
  aCall(store)
    .records.change()
    .point({ ...inbox(threadId), attributes: { at: store.clock.toISOString(), childId: house.childId } })
    .activity({ event: 'test.prepared', subject: house.guardian })
    .commit();
const reads = (threadId: ThreadId) =>
  aCall(store)
    .records.change()
    .unpoint(inbox(threadId))
    .activity({ event: 'test.prepared', subject: house.guardian })
    .commit();

function outbox(further: Partial<Post['further']> = {}) {
  const sendSms: Post['further']['sendSms'] = async ({ text }) => {
    texts.push(text);
    return 'accepted';
  };
  const none = async (): Promise<never> => {
    throw new Error('an unexpected push');
  };
  const doors = { sendSms, sendPush: none, endpoints: { remove: none }, ...further };
  return anOutbox(store, { sendMail: ses.sendMail, further: doors });
}
/** As a stage with a mistake in its settings: no header can hold such an address. */
const broken = () => anOutbox(store, { sendMail: ses.sendMail, senderAddress: 'a notice' });
const sweep = () => sweepOutbox(outbox());
const at = (instant: string) => {
  store.clock = new Date(instant);
};
const stateOf = async (key: NoticeId): Promise<Notice | undefined> =>
  (await aCall(store).records.get({ entity: noticeEntity, owner: house.guardian, key }))?.value;
