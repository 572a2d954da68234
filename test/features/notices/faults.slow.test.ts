import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noticeEntity, queueNotice } from '../../../lambdas/features/notices/notice.ts';
import type { OutboxLine } from '../../../lambdas/features/notices/outbox-call.ts';
import type { NoticeId, PersonId } from '../../../lambdas/http/ids.ts';
import type { Owner } from '../../../lambdas/platform/entity.ts';
import { startDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId, fakeKms } from '../../support/store.ts';
import {
  aProcess,
  type Cloud,
  crashes,
  type Door,
  type Fault,
  fakeSesWithEvents,
  faultAt,
  faults,
  openDoor,
} from './faulty-cloud.ts';
import { aKindergarten } from './kindergarten.ts';

const MINUTE = 60 * 1000;
const DAY = 24 * 60 * MINUTE;

let cloud: Cloud;
let guardian: Owner;
let childId: PersonId;
/** One that never fails: what every other minute brings. */
let healthy: ReturnType<typeof aProcess>;

beforeAll(async () => {
  const db = await startDynamoDb();
  const tableNames = await db.createTables();
  const begun = new Date('2026-11-23T09:00:00Z');
  cloud = { db, tableNames, kms: fakeKms().kms, ses: fakeSesWithEvents(() => cloud.clock), clock: begun };
  healthy = aProcess(cloud, openDoor);
  const organisationId = anId('org');
  await healthy.store.ring.create(organisationId);
  ({ guardian, childId } = await aKindergarten(healthy.store, organisationId));
});
afterAll(() => cloud.db.stop());

/** Each on a day of its own, so that what one has sent is not counted for the next. */
async function aNotice(): Promise<NoticeId> {
  cloud.clock = new Date(cloud.clock.getTime() + DAY);
  const call = aCall(healthy.store);
  const change = call.records.change();
  const parameters = { childId, at: cloud.clock.toISOString() };
  const id = queueNotice(change, { to: guardian, template: 'checked-in', parameters }, call);
  await change.activity({ event: 'test.happened', subject: guardian }).commit();
  return id;
}

const later = (minutes: number) => {
  cloud.clock = new Date(cloud.clock.getTime() + minutes * MINUTE);
};
const stateOf = async (key: NoticeId) =>
  (await aCall(healthy.store).records.get({ entity: noticeEntity, owner: guardian, key }))?.value.state;

/** What a worker does that is struck by a fault, on the way to a notice of which it is told. */
interface Way {
  readonly begin: () => Promise<NoticeId>;
  readonly work: (worker: ReturnType<typeof aProcess>, id: NoticeId) => Promise<unknown>;
}

const ways: Record<string, Way> = {
  'the first try, from the stream': {
    begin: aNotice,
    work: (worker, id) => worker.stream(guardian, id),
  },
  'the try after one without an answer, from the sweep': {
    async begin() {
      const id = await aNotice();
      const lost: Door = (service, _name, through) =>
        service === 'SES' ? Promise.reject(Object.assign(new Error('timed out'), { name: 'TimeoutError' })) : through();
      await aProcess(cloud, lost).stream(guardian, id);
      later(6);
      return id;
    },
    work: (worker) => worker.sweep(),
  },
};

/** Whether SES's events are read within the minute, lie in their queue for a while, or were never published. */
type Told = 'at once' | 'late' | 'never';

/** The worker as it is struck, and then, minute after minute, workers that are not. */
async function struck(way: Way, at: number, fault: Fault, told: Told) {
  const id = await way.begin();
  const { crashed, never } = crashes();
  const twin = aProcess(cloud, openDoor);
  const { door, calls } = faultAt(at, fault, never, () => way.work(twin, id));
  const worker = aProcess(cloud, door);
  const lines: OutboxLine[] = healthy.lines.splice(0);
  await Promise.race([way.work(worker, id).catch(() => 'failed'), crashed]);
  for (let round = 0; round < ROUNDS; round++) {
    later(1);
    if (told === 'never') cloud.ses.events.length = 0;
    else if (told === 'at once' || round >= ROUNDS_UNREAD) await healthy.readEvents();
    later(5);
    await healthy.sweep();
  }
  if (told !== 'never') await healthy.readEvents();
  lines.push(...worker.lines, ...twin.lines, ...healthy.lines.splice(0));
  const maybeTwice = lines.filter(({ event }) => event === 'mail-maybe-twice');
  return { id, calls, mails: cloud.ses.of(id).length, maybeTwice: maybeTwice.length, state: await stateOf(id) };
}

const ROUNDS = 4;
const ROUNDS_UNREAD = 2;

describe.each(
  Object.entries(ways).flatMap(([name, way]) => (['at once', 'late'] as const).map((told) => ({ name, way, told }))),
)('a notice on $name, with events read $told', ({ way, told }) => {
  it.each(faults)('goes out once when any one call to AWS ends in: %s', async (fault) => {
    const { calls } = await struck(way, Number.POSITIVE_INFINITY, fault, told);
    expect(new Set(calls.map(({ service }) => service))).toContain('SES');
    for (const [at, call] of calls.entries()) {
      const { mails, state } = await struck(way, at, fault, told);
      expect({ at, call, mails, state }).toEqual({ at, call, mails: 1, state: 'delivered' });
    }
  });
});

describe('where SES never says that it took a mail whose answer was lost', () => {
  it.each(faults)('the notice goes out twice at most, and that is counted: %s', async (fault) => {
    const way = ways['the first try, from the stream']!;
    const { calls } = await struck(way, Number.POSITIVE_INFINITY, fault, 'never');
    let twice = 0;
    for (const [at, call] of calls.entries()) {
      const { mails, maybeTwice, state } = await struck(way, at, fault, 'never');
      expect({ at, call, state }).toEqual({ at, call, state: 'accepted' });
      expect(mails).toBeGreaterThanOrEqual(1);
      expect(mails).toBeLessThanOrEqual(1 + maybeTwice);
      if (mails > 1) twice++;
    }
    // After SES has taken it, and before that is written down: nothing else.
    const afterSes = ['timeout after success', 'crash after', 'timeout before', 'crash before'];
    if (!afterSes.includes(fault)) expect(twice).toBe(0);
    expect(twice).toBeLessThanOrEqual(1);
  });
});

describe('stream, sweep and the reader of events, in any order', () => {
  it('send a notice once, whatever is lost between', { timeout: 600_000 }, async () => {
    const aWorker = fc.constantFrom('stream', 'stream', 'sweep', 'events' as const);
    const aStrike = fc.record({ worker: aWorker, at: fc.nat(30), fault: fc.constantFrom(...faults.slice(0, 5)) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(aStrike, { minLength: 2, maxLength: 5 }),
        fc.scheduler(),
        async (strikes, scheduler) => {
          const id = await aNotice();
          const runs = strikes.map(async ({ worker, at, fault }, i) => {
            const { crashed, never } = crashes();
            const { door } = faultAt(at, fault, never, async () => {});
            const inTurn: Door = (service, name, through) =>
              door(service, name, async () => {
                await scheduler.schedule(Promise.resolve(), `${worker} ${i}: ${name}`);
                return through();
              });
            const process = aProcess(cloud, inTurn);
            const work = {
              stream: () => process.stream(guardian, id),
              sweep: () => process.sweep(),
              events: () => process.readEvents(),
            }[worker as 'stream' | 'sweep' | 'events'];
            await Promise.race([work().catch(() => {}), crashed]);
          });
          await scheduler.waitFor(Promise.all(runs));
          for (let round = 0; round < 3; round++) {
            later(1);
            await healthy.readEvents();
            later(5);
            await healthy.sweep();
          }
          await healthy.readEvents();
          expect(cloud.ses.of(id)).toHaveLength(1);
          expect(await stateOf(id)).toBe('delivered');
        },
      ),
      { numRuns: 60 },
    );
  });
});
