import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventsOf, type MailEvent, mailPointer, wasTaken } from '../../../lambdas/features/deliveries/mail-events.ts';
import { outcomeOf, stopsMail } from '../../../lambdas/features/deliveries/outcome.ts';
import {
  type JobMailEvent,
  type MailEventsWorker,
  recordMailEvents,
} from '../../../lambdas/features/deliveries/record-mail-events.ts';
import { jobTagOf } from '../../../lambdas/features/distribution/mail-tag.ts';
import { dueKey, keptUntil, noticeEntity, noticeRef, queueNotice } from '../../../lambdas/features/notices/notice.ts';
import { accepted, claimed } from '../../../lambdas/features/notices/progress.ts';
import { undeliverableAddressRef, undeliverablePointers } from '../../../lambdas/features/notices/undeliverable.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import type { NoticeId, OrganisationId, PersonId } from '../../../lambdas/http/ids.ts';
import type { Dynamo } from '../../../lambdas/platform/dynamo.ts';
import { classesOf, type Owner } from '../../../lambdas/platform/entity.ts';
import { StaleVersion, type Stored } from '../../../lambdas/platform/records.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, someoneWith } from '../../support/service.ts';
import { aCall, aStore, type TestStore } from '../../support/store.ts';
import { sesMessage } from './ses-message.ts';

let dynamoDb: TestDynamoDb;
let store: TestStore;
let organisationId: OrganisationId;
let guardian: Owner;
let administratorId: PersonId;
let lines: object[];
let ofJobs: JobMailEvent[][];

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  store = await aStore(dynamoDb.client, await dynamoDb.createTables(), ['operator']);
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  store.clock = new Date('2026-11-23T07:00:00Z');
  organisationId = (await anOrganisation(store)).id;
  administratorId = (await aPerson(store, organisationId, { kind: 'staff', email: 'styrer@example.org' })).id;
  await someoneWith(store, organisationId, 'administrator', { personId: administratorId });
  guardian = await aGuardian();
  lines = [];
  ofJobs = [];
});

const worker = (on: TestStore = store): MailEventsWorker => ({
  openCall: () => aCall(on),
  recordJobEvents: async (events) => {
    ofJobs.push([...events]);
  },
  log: (line) => lines.push(line),
});
const received = (...bodies: readonly string[]) => bodies.map((body, i) => ({ messageId: `message-${i}`, body }));
const record = (...bodies: readonly string[]) => recordMailEvents(received(...bodies), worker());
const nothingFailed = { batchItemFailures: [] };

describe('what SES says of a notice', () => {
  it('moves it on, is found by its id, and stands in the activity log', async () => {
    const id = await sent(guardian);
    expect(await record(said('Delivery', id))).toEqual(nothingFailed);
    expect(await noticeOf(guardian, id)).toMatchObject({ state: 'delivered', sesMessageId: 'ses-1' });
    expect(await eventsOf(aCall(store).records, id)).toEqual([{ type: 'delivery', at: '2026-11-23T07:00:05.000Z' }]);
    expect(await activityOf(guardian)).toContain('notice.delivered');
  });

  it('is not written down again when it is nothing new: told twice, or that SES took what it said it took', async () => {
    const id = await sent(guardian);
    const delivery = said('Delivery', id);
    await record(delivery, delivery, said('Send', id));
    const { version } = (await aCall(store).records.get(noticeRef(guardian, id)))!;
    await record(delivery, said('Send', id));
    expect((await aCall(store).records.get(noticeRef(guardian, id)))?.version).toBe(version);
    expect((await activityOf(guardian)).filter((event) => event === 'notice.delivered')).toHaveLength(1);
  });

  it('settles a try whose answer was lost, so that no second mail is sent', async () => {
    const id = await claimedOnly(guardian);
    expect(wasTaken(await eventsOf(aCall(store).records, id))).toBe(false);
    await record(said('Send', id));
    expect(wasTaken(await eventsOf(aCall(store).records, id))).toBe(true);
    expect(await noticeOf(guardian, id)).toMatchObject({ state: 'accepted', sesMessageId: 'ses-1' });
    expect(await noticeOf(guardian, id)).not.toHaveProperty('dueAt');
    expect(await dueRows(id)).toEqual([]);
  });

  it('of somebody who has been erased is dropped and counted, and of a notice that is not there', async () => {
    const id = await sent(guardian);
    const change = aCall(store).records.change().activity({ event: 'test.erased', subject: guardian });
    for (const retentionClass of classesOf(guardian.subject)) {
      change.keys({ do: 'erase', owner: guardian, retentionClass });
    }
    await change.commit();
    const unknown = aCall(store).newId('ntc');
    expect(await record(said('Bounce', id), said('Delivery', unknown))).toEqual(nothingFailed);
    expect(lines).toEqual([{ event: 'mail-events-dropped', kind: 'no-notice', count: 2 }]);
  });

  it('fails alone: the rest of the batch is recorded, and nothing personal is logged', async () => {
    const id = await sent(guardian);
    const answer = await recordMailEvents(
      received('{', sesMessage('Open', { tags: { notice: [id] } }), sesMessage('Delivery', {}), said('Delivery', id)),
      worker(),
    );
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    expect(await noticeOf(guardian, id)).toMatchObject({ state: 'delivered' });
    expect(lines).toEqual([
      { event: 'mail-events-unreadable', count: 1 },
      { event: 'mail-events-dropped', kind: 'of-another-kind', count: 1 },
      { event: 'mail-events-dropped', kind: 'not-ours', count: 1 },
    ]);
  });

  it('of a job’s mails goes to the job, all of a batch at once, and comes again as a whole when that fails', async () => {
    const places = [0, 1].map((index) => ({ jobId: aCall(store).newId('job'), chunk: 3, index }));
    const bodies = places.map((place) => sesMessage('Delivery', { tags: { job: [jobTagOf(place)] } }));
    expect(await record(...bodies)).toEqual(nothingFailed);
    const event = { type: 'delivery', at: '2026-11-23T07:00:05.000Z', address: 'kari@example.org' };
    expect(ofJobs).toEqual([places.map((place) => ({ ...place, ...event }))]);

    const failing = { ...worker(), recordJobEvents: () => Promise.reject(new TypeError('kari@example.org')) };
    const answer = await recordMailEvents(received(...bodies), failing);
    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['message-0', 'message-1']);
    expect(lines).toEqual([{ event: 'mail-events-failed', count: 2, error: 'TypeError' }]);
  });
});

describe('an address that mail comes back from', () => {
  it.each([
    ['Bounce', {}, 'bounced'],
    ['Complaint', {}, 'complained'],
  ])('gets no more after a %s, and the organisation sees whose it is', async (eventType, detail, reason) => {
    const id = await sent(guardian);
    await record(said(eventType, id, detail));
    const stop = await aCall(store).records.get(undeliverableAddressRef(guardian));
    expect(stop?.value).toEqual({ address: 'kari@example.org', since: '2026-11-23T07:00:05.000Z', reason });
    expect(await listed()).toEqual([guardian.subject]);
    expect(await activityOf(guardian)).toContain('notices.stopped');
  });

  it('is told to the administrators once, next morning, however many come back', async () => {
    const other = await aGuardian('ola@example.org');
    const [first, second] = [await sent(guardian), await sent(other)];
    await record(said('Bounce', first));
    store.clock = new Date('2026-11-23T20:00:00Z');
    await record(said('Bounce', second));
    const letters = await lettersTo(administratorId);
    expect(letters).toEqual([
      expect.objectContaining({
        state: 'created',
        content: { template: 'addresses-unreachable', parameters: {} },
        dueAt: '2026-11-24T06:00:00.000Z',
      }),
    ]);

    store.clock = new Date('2026-11-24T09:00:00Z');
    await record(said('Bounce', await sent(await aGuardian('per@example.org'))));
    expect(await lettersTo(administratorId)).toHaveLength(2);
  });

  it('stays stopped by the later word where it has become another since, and by the first where it has not', async () => {
    const [first, second, third] = [await sent(guardian), await sent(guardian), await sent(guardian)];
    await record(said('Bounce', second, {}, { at: '2026-11-23T09:00:00.000Z', address: 'ny@example.org' }));
    await record(said('Bounce', first, {}, { at: '2026-11-23T08:00:00.000Z' }));
    await record(said('Complaint', third, {}, { at: '2026-11-23T10:00:00.000Z', address: 'ny@example.org' }));
    const stop = await aCall(store).records.get(undeliverableAddressRef(guardian));
    expect(stop?.value).toEqual({ address: 'ny@example.org', since: '2026-11-23T09:00:00.000Z', reason: 'bounced' });
  });

  it('still gets mail after what may pass: a full mailbox, a delay', async () => {
    const id = await sent(guardian);
    await record(
      said('Bounce', id, { bounceType: 'Transient', bounceSubType: 'MailboxFull' }),
      said('DeliveryDelay', id),
    );
    expect(await noticeOf(guardian, id)).toMatchObject({ state: 'temporary-failure' });
    expect(await aCall(store).records.get(undeliverableAddressRef(guardian))).toBeUndefined();
    expect(await lettersTo(administratorId)).toEqual([]);
  });
});

describe('the worker', () => {
  const kinds = [
    ['Send', {}],
    ['Delivery', {}],
    ['DeliveryDelay', {}],
    ['Bounce', {}],
    ['Bounce', { bounceType: 'Transient', bounceSubType: 'General' }],
    ['Complaint', {}],
    ['Reject', {}],
  ] as const;
  const minute = fc.integer({ min: 0, max: 2 });
  /** What SES says of one mail, each at least once, in any order and any batches; and how each call to the table ends. */
  const story = fc
    .array(fc.record({ kind: fc.constantFrom(...kinds), minute }), { minLength: 1, maxLength: 6 })
    .chain((events) =>
      fc.record({
        events: fc.constant(events),
        told: fc
          .shuffledSubarray([...events, ...events], { minLength: events.length })
          .map((some) => [...some, ...events]),
        batchSizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 }),
        fates: fc.array(fc.constantFrom<Fate>('done', 'done', 'throttled', 'lost', 'crashed'), { maxLength: 40 }),
        isClaimedOnly: fc.boolean(),
        outboxEndsAfter: fc.integer({ min: 0, max: 6 }),
      }),
    );

  it('misses nothing that another worker records between any two of its own calls', async () => {
    for (let interrupted = 1; interrupted <= 4; interrupted++) {
      const id = await sent(guardian);
      let calls = 0;
      const inBetween = async <A>(call: () => Promise<A>): Promise<A> => {
        if (++calls === interrupted) await record(said('Reject', id));
        return call();
      };
      const { dynamo } = store;
      const watched: Dynamo = {
        batchGet: (groups) => inBetween(() => dynamo.batchGet(groups)),
        query: (input) => inBetween(() => dynamo.query(input)),
        transact: (items, token) => inBetween(() => dynamo.transact(items, token)),
      };
      await recordMailEvents(received(said('Delivery', id)), worker({ ...store, clock: store.clock, dynamo: watched }));
      expect(calls).toBeGreaterThanOrEqual(interrupted);
      expect((await noticeOf(guardian, id))?.state).toBe('permanent-failure');
    }
  });

  it('ends the same through duplicates, any order, throttles, lost answers and crashes, beside the outbox', async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ events, told, batchSizes, fates, isClaimedOnly, outboxEndsAfter }) => {
        const to = await aGuardian();
        const id = isClaimedOnly ? await claimedOnly(to) : await sent(to);
        const queue = told.map(({ kind: [eventType, detail], minute: late }, i) => ({
          messageId: `message-${i}`,
          body: said(eventType, id, detail, { at: `2026-11-23T07:0${late}:05.000Z` }),
        }));
        const claim = (await aCall(store).records.get(noticeRef(to, id)))!;
        const outboxEnds = isClaimedOnly ? concludeLate(claim, to, outboxEndsAfter) : undefined;

        const troubled = worker({ ...store, clock: store.clock, dynamo: troubledDynamo(store.dynamo, [...fates]) });
        await drain(queue, batchSizes, troubled);
        await outboxEnds;

        const distinct = distinctEvents(events);
        const notice = await noticeOf(to, id);
        expect(notice?.state).toBe(outcomeOf(distinct));
        expect(notice).not.toHaveProperty('dueAt');
        expect(notice?.content.template).toBe('done');
        expect(await dueRows(id)).toEqual([]);
        const kept = await eventsOf(aCall(store).records, id);
        // That SES took it needs no row where SES's own answer said so.
        const isNeeded = ({ type }: MailEvent) => type !== 'send';
        expect(sortedKeys(kept.filter(isNeeded))).toEqual(sortedKeys(distinct.filter(isNeeded)));
        const stops = (await activityOf(to)).filter((event) => event === 'notices.stopped');
        expect(stops).toHaveLength(distinct.some(stopsMail) ? 1 : 0);
        const isStopped = (await aCall(store).records.get(undeliverableAddressRef(to))) !== undefined;
        expect(isStopped).toBe(distinct.some(stopsMail));
        expect((await listed()).includes(to.subject)).toBe(isStopped);
        expect((await lettersTo(administratorId)).length).toBe((await listed()).length > 0 ? 1 : 0);
      }),
      { numRuns: 8 },
    );
  });

  type Fate = 'done' | 'throttled' | 'lost' | 'crashed';

  /** The table as it may answer: not now, done without an answer, or nothing more, because the process is gone. */
  function troubledDynamo(dynamo: Dynamo, fates: Fate[]): Dynamo {
    const through = async <A>(call: () => Promise<A>): Promise<A> => {
      const fate = fates.shift() ?? 'done';
      if (fate === 'throttled' || fate === 'crashed') throw Object.assign(new Error('later'), { name: fate });
      const answer = await call();
      if (fate === 'lost') throw Object.assign(new Error('no answer'), { name: 'TimeoutError' });
      return answer;
    };
    return {
      batchGet: (groups) => through(() => dynamo.batchGet(groups)),
      query: (input) => through(() => dynamo.query(input)),
      transact: (items, token) => through(() => dynamo.transact(items, token)),
    };
  }

  /** Batches go to several workers at once; what fails comes again, until nothing does. */
  async function drain(
    queue: readonly { messageId: string; body: string }[],
    batchSizes: readonly number[],
    on: MailEventsWorker,
  ): Promise<void> {
    let waiting = [...queue];
    for (let round = 0; waiting.length > 0; round++) {
      if (round > 60) throw new Error('The queue is never empty');
      const batches: (typeof waiting)[] = [];
      for (let at = 0, i = 0; at < waiting.length; i++) {
        const size = batchSizes[i % batchSizes.length] ?? 1;
        batches.push(waiting.slice(at, at + size));
        at += size;
      }
      const answers = await Promise.all(batches.map((batch) => recordMailEvents(batch, on)));
      const failed = new Set(answers.flatMap((answer) => answer.batchItemFailures.map((it) => it.itemIdentifier)));
      waiting = waiting.filter(({ messageId }) => failed.has(messageId));
    }
  }

  /** The outbox hears SES's answer late, and writes it over what it had claimed, if nobody was faster. */
  async function concludeLate({ ref, value, version }: Claim, to: Owner, turns: number): Promise<void> {
    for (let turn = 0; turn < turns; turn++) await new Promise((done) => setImmediate(done));
    await aCall(store)
      .records.change()
      .put(ref, accepted(value, '2026-11-23T07:00:00.000Z', 'ses-1'), { version }, expiry(value.createdAt))
      .unpoint(dueKey(value.id, value.dueAt!))
      .activity({ event: 'notice.accepted', subject: to })
      .commit()
      .catch((error: unknown) => {
        if (!(error instanceof StaleVersion)) throw error;
      });
  }
  type Claim = Stored<typeof noticeEntity>;

  const distinctEvents = (events: readonly { kind: (typeof kinds)[number]; minute: number }[]): MailEvent[] => [
    ...new Map(
      events.map(({ kind: [type, detail], minute: late }) => eventFor(type, detail, late)).map((it) => [keyOf(it), it]),
    ).values(),
  ];
  function eventFor(type: (typeof kinds)[number][0], detail: object, late: number): MailEvent {
    const at = `2026-11-23T07:0${late}:05.000Z`;
    const sentAt = '2026-11-23T07:00:00.000Z';
    switch (type) {
      case 'Send':
        return { type: 'send', at: sentAt };
      case 'Reject':
        return { type: 'reject', at: sentAt };
      case 'Delivery':
        return { type: 'delivery', at };
      case 'DeliveryDelay':
        return { type: 'delay', at };
      case 'Bounce':
        return { type: 'bounce', at, bounce: 'bounceType' in detail ? 'transient' : 'permanent' };
      case 'Complaint':
        return { type: 'complaint', at };
    }
  }
  const keyOf = ({ type, bounce, at }: MailEvent) => `${type} ${bounce} ${at}`;
  const sortedKeys = (events: readonly MailEvent[]) => events.map(keyOf).sort();
});

const said = (
  eventType: string,
  id: NoticeId,
  detail: object = {},
  more: { readonly at?: string; readonly address?: string } = {},
) => sesMessage(eventType, { tags: { notice: [id] }, detail, ...more });

async function aGuardian(email = 'kari@example.org'): Promise<Owner> {
  return ownerOf(organisationId, (await aPerson(store, organisationId, { kind: 'guardian', email })).id);
}

const expiry = (createdAt: string) => ({ expiresAtEpochSeconds: keptUntil(createdAt) });

async function queued(to: Owner): Promise<NoticeId> {
  const call = aCall(store);
  const change = call.records.change();
  const id = queueNotice(change, { to, template: 'announcement-waiting', parameters: { from: 'leader' } }, call);
  change.point(mailPointer(to, id, keptUntil(call.now.toISOString())));
  await change.activity({ event: 'test.happened', subject: to }).commit();
  return id;
}

/** A worker claimed it, and nobody has heard of it since. */
async function claimedOnly(to: Owner): Promise<NoticeId> {
  const id = await queued(to);
  const { ref, value, version } = (await aCall(store).records.get(noticeRef(to, id)))!;
  const before = await dueRows(id);
  const after = claimed(value, store.now());
  const [row] = before;
  await aCall(store)
    .records.change()
    .put(ref, after, { version }, expiry(value.createdAt))
    .unpoint(row!)
    .point({ ...row!, sk: `${after.dueAt}#${id}` })
    .activity({ event: 'notice.sending', subject: to })
    .commit();
  return id;
}

async function sent(to: Owner): Promise<NoticeId> {
  const id = await queued(to);
  const { ref, value, version } = (await aCall(store).records.get(noticeRef(to, id)))!;
  await aCall(store)
    .records.change()
    .put(ref, accepted(value, '2026-11-23T07:00:00.000Z', 'ses-1'), { version }, expiry(value.createdAt))
    .unpoint((await dueRows(id))[0]!)
    .activity({ event: 'notice.accepted', subject: to })
    .commit();
  return id;
}

const noticeOf = async (to: Owner, id: NoticeId) => (await aCall(store).records.get(noticeRef(to, id)))?.value;

async function dueRows(id: NoticeId) {
  const { pk } = dueKey(id, '');
  const { items } = await aCall(store).records.pointers('transient', pk);
  return items.filter(({ sk }) => sk.endsWith(id));
}

async function listed(): Promise<string[]> {
  const { pk } = undeliverablePointers.person(organisationId, '');
  return (await aCall(store).records.pointers('transient', pk)).items.map(({ sk }) => sk);
}

async function lettersTo(personId: PersonId) {
  const { items } = await aCall(store).records.list(noticeEntity, ownerOf(organisationId, personId));
  return items.map(({ value }) => value);
}

async function activityOf(subject: Owner): Promise<string[]> {
  const { items } = await aCall(store).records.activityLog.of(subject);
  return items.map(({ event }) => event);
}
