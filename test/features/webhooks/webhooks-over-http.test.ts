import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  deliverMessage,
  sweepWebhooks,
  type WebhookSender,
  type WebhookTask,
} from '../../../lambdas/features/webhooks/deliver.ts';
import type { OutboundMessage, Posted } from '../../../lambdas/platform/outbound.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aPerson } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';
import { type Programs, somePrograms } from '../service-clients/world.ts';

let db: TestDynamoDb;
let store: TestStore;
let world: Programs;
let queue: WebhookTask[];
let sent: OutboundMessage[];
let answer: Posted;
let sender: WebhookSender;
const lines: object[] = [];
beforeAll(async () => {
  db = await startDynamoDb();
  store = await aStore(db.client, await db.createTables(), ['operator']);
});
afterAll(() => db.stop());
beforeEach(async () => {
  world = await somePrograms(db, store);
  // What happened before is none of its business, and the clock of a test stands still.
  await world.sequence();
  [queue, sent, answer] = [[], [], { status: 200, milliseconds: 3 }];
  sender = {
    post: async (message) => {
      sent.push(message);
      return answer;
    },
    openCall: () => aCall(world.store),
    release: async (tasks) => void queue.push(...tasks),
    hasTimeLeft: () => true,
    log: (line) => lines.push(line),
  };
});

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
const refused = (slug: string) => ({ name: 'ProblemError', slug });
const inHouse = () => ({ organisationId: world.organisationId });
const admin = () => world.service.as(world.administrator);
const url = 'https://hooks.example.no/vern';
async function aWebhook(events = ['person.*']) {
  const { webhook, secret = '' } = (await admin().createWebhook({ params: inHouse(), body: { url, events } })).body;
  return { webhook, secret };
}
const messagesOf = async (id: string) =>
  (await admin().listWebhookMessages({ params: { ...inHouse(), webhookId: id as never } })).body.items;

/** As every minute: the log, the sweep, and what the queue then holds. */
async function minute() {
  await world.sequence();
  const swept = await sweepWebhooks(sender);
  for (const task of queue.splice(0)) await deliverMessage(task, sender);
  return swept;
}

afterEach(async () => {
  for (const { id } of (await admin().listWebhooks({ params: inHouse() })).body.items) {
    await admin().endWebhook({ params: { ...inHouse(), webhookId: id } });
  }
});

describe('a webhook', () => {
  it('is told of each change that it asked for, once, signed', async () => {
    const { webhook, secret } = await aWebhook(['person.created']);
    const people = [await aPerson(world.store, world.organisationId), await aPerson(world.store, world.organisationId)];
    await admin().createDepartment({ params: inHouse(), body: { name: 'Nord' } });
    await minute();
    await minute();
    expect(sent.map(({ body }) => JSON.parse(body).data.subjectId).sort()).toEqual(people.map(({ id }) => id).sort());
    // The reference checks the timestamp against the real clock, which the store's is not.
    for (const { body, headers } of sent) {
      const unsigned = new Verifier(secret).sign(
        headers['webhook-id']!,
        new Date(Number(headers['webhook-timestamp']) * 1000),
        body,
      );
      expect(headers['webhook-signature']).toBe(unsigned);
    }
    expect((await messagesOf(webhook.id)).map(({ state }) => state)).toEqual(['delivered', 'delivered']);
  });

  it('is made once by a request that is repeated, which is told everything but the secret', async () => {
    const request = { params: inHouse(), body: { url, events: ['person.*'] }, idempotencyKey: 'hook-1' };
    const [first, twin] = await Promise.all([admin().createWebhook(request), admin().createWebhook(request)]);
    expect(twin.body.webhook).toEqual(first.body.webhook);
    expect([first, twin].filter(({ body }) => body.secret !== undefined)).toHaveLength(1);
    expect((await admin().createWebhook(request)).body).toEqual({ webhook: first.body.webhook });
    expect((await admin().listWebhooks({ params: inHouse() })).body.items).toHaveLength(1);
  });

  it('comes to rest: what it writes down itself gives no further message and no further record', async () => {
    await aWebhook(['organisation.*']);
    for (let i = 0; i < 3; i++) await minute();
    const before = await aCall(world.store).records.activityLog.nextLeaf(world.organisationId);
    for (let i = 0; i < 3; i++) await minute();
    expect(await aCall(world.store).records.activityLog.nextLeaf(world.organisationId)).toBe(before);
  });

  it('is tried again after what failed, and found by the sweep when the queue has lost it', async () => {
    const { webhook } = await aWebhook();
    await aPerson(world.store, world.organisationId);
    answer = { failure: 'timeout', milliseconds: 15_000 };
    await minute();
    expect(queue).toMatchObject([{ delaySeconds: 5 }]);
    // Lost: nothing of the queue is handed out.
    queue.length = 0;
    world.later(60 * SECOND);
    expect((await minute()).again).toBe(0);
    world.later(70 * SECOND);
    answer = { status: 200, milliseconds: 1 };
    expect((await minute()).again).toBe(1);
    expect(await messagesOf(webhook.id)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    expect((await minute()).again).toBe(0);
    expect(new Set(sent.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('is not tried before its time by a task that came twice', async () => {
    await aWebhook();
    await aPerson(world.store, world.organisationId);
    answer = { status: 500, milliseconds: 1 };
    await world.sequence();
    await sweepWebhooks(sender);
    const [task] = queue.splice(0);
    await deliverMessage(task!, sender);
    await deliverMessage(task!, sender);
    expect(sent).toHaveLength(1);
  });

  it('is turned off when its receiver is gone, its administrators are told, and it catches up when it is on again', async () => {
    const { webhook } = await aWebhook();
    const ofWebhook = { ...inHouse(), webhookId: webhook.id };
    await aPerson(world.store, world.organisationId);
    answer = { status: 410, milliseconds: 1 };
    await minute();
    const { body: off, etag } = await admin().getWebhook({ params: ofWebhook });
    expect(off).toMatchObject({ state: 'disabled', disabledReason: 'gone' });
    expect(await world.told()).toEqual(['webhook-disabled']);
    const missed = await aPerson(world.store, world.organisationId);
    sent.length = 0;
    await minute();
    expect(sent).toEqual([]);
    answer = { status: 200, milliseconds: 1 };
    await admin().changeWebhook({ params: ofWebhook, body: { state: 'active' }, ifMatch: etag! });
    await minute();
    expect(sent.map(({ body }) => JSON.parse(body).data.subjectId)).toEqual([missed.id]);
  });

  it('is sent again what is asked for, with the ids that it had', async () => {
    const { webhook } = await aWebhook();
    const ofWebhook = { ...inHouse(), webhookId: webhook.id };
    for (let i = 0; i < 3; i++) await aPerson(world.store, world.organisationId);
    await minute();
    const first = sent.map(({ headers }) => headers['webhook-id']);
    sent.length = 0;
    const replay = (body: Parameters<ReturnType<typeof admin>['replayWebhookMessages']>[0]['body']) =>
      admin().replayWebhookMessages({ params: ofWebhook, body });
    expect((await replay({ since: new Date(world.store.clock.getTime() - DAY).toISOString() })).body.count).toBe(3);
    await minute();
    expect(sent.map(({ headers }) => headers['webhook-id']).sort()).toEqual(first.sort());
    expect((await replay({ messageId: first[0] as never })).body).toEqual({ count: 1 });
    expect((await replay({ after: first[2] as never })).body.count).toBe(0);
    await expect(replay({ messageId: anId('evt') })).rejects.toMatchObject(refused('webhook-message-not-found'));
  });

  it('gets nothing more once it is ended', async () => {
    const { webhook } = await aWebhook();
    await aPerson(world.store, world.organisationId);
    await world.sequence();
    await sweepWebhooks(sender);
    const ofWebhook = { ...inHouse(), webhookId: webhook.id };
    await admin().endWebhook({ params: ofWebhook });
    world.later(5 * 60 * SECOND);
    await minute();
    await minute();
    expect(sent).toEqual([]);
    expect((await sweepWebhooks(sender)).again).toBe(0);
    const gone = refused('webhook-not-found');
    await expect(admin().getWebhook({ params: ofWebhook })).rejects.toMatchObject(gone);
    await expect(admin().endWebhook({ params: ofWebhook })).rejects.toMatchObject(gone);
    await expect(admin().renewWebhookSecret({ params: ofWebhook })).rejects.toMatchObject(gone);
    await expect(admin().listWebhookMessages({ params: ofWebhook })).rejects.toMatchObject(gone);
    const again = { params: ofWebhook, body: { messageId: anId('evt') } };
    await expect(admin().replayWebhookMessages(again)).rejects.toMatchObject(gone);
    const change = { params: ofWebhook, body: { events: ['person.*'] }, ifMatch: 1 };
    await expect(admin().changeWebhook(change)).rejects.toMatchObject(gone);
  });

  it('is made for public addresses alone, ten of them, and changed as it was read', async () => {
    const to = (address: string) =>
      admin().createWebhook({ params: inHouse(), body: { url: address, events: ['person.*'] } });
    await expect(to('https://127.0.0.1/x')).rejects.toMatchObject(refused('address-refused'));
    await expect(to('http://hooks.example.no/x')).rejects.toMatchObject(refused('malformed-request'));
    const { webhook } = await aWebhook();
    const ofWebhook = { ...inHouse(), webhookId: webhook.id };
    const { body: renewed } = await admin().renewWebhookSecret({ params: ofWebhook });
    expect(renewed.secret).toMatch(/^whsec_/);
    const stale = { params: ofWebhook, body: { url: 'https://other.example.no/' }, ifMatch: 1 };
    await expect(admin().changeWebhook(stale)).rejects.toMatchObject(refused('stale-version'));
    const inside = { ...stale, body: { url: 'https://localhost/' }, ifMatch: 2 };
    await expect(admin().changeWebhook(inside)).rejects.toMatchObject(refused('address-refused'));
    for (let i = 1; i < 10; i++) await aWebhook();
    await expect(to(url)).rejects.toMatchObject(refused('too-many'));
    expect(JSON.stringify((await admin().listWebhooks({ params: inHouse() })).body)).not.toContain('whsec_');
  });
});
