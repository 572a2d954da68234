import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Dynamo } from '../../lambdas/platform/dynamo.ts';
import { entity, type Owner, sharedPointers } from '../../lambdas/platform/entity.ts';
import { openRecords } from '../../lambdas/platform/open-records.ts';
import { Closed, type KeyWrite, StaleVersion } from '../../lambdas/platform/records.ts';
import { restoredTables } from '../../lambdas/platform/restored-tables.ts';
import type { TableName } from '../../lambdas/platform/tables.ts';
import { startDynamoDb, type TestDynamoDb } from '../support/dynoxide.ts';
import { anId, aStore, type TestStore } from '../support/store.ts';

const line = entity({
  name: 'line',
  table: 'core',
  sortKey: 'LINE',
  schema: z.strictObject({ text: z.string() }),
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'a test',
  legalBasis: 'contract',
  article9: 'none',
  source: 'controller',
  retentionClass: 'daily-life',
  exported: 'copy',
  onErasure: 'delete',
});

const org = anId('org');
const aPerson = (): Owner => ({ controller: org, subject: anId('per') });
const aThread = () => ({ controller: org, subject: anId('thr') });
const people = (count: number) => Array.from({ length: count }, aPerson);

let db: TestDynamoDb;
let tableNames: Record<TableName, string>;
let store: TestStore;
beforeAll(async () => {
  db = await startDynamoDb();
  tableNames = await db.createTables();
  store = await aStore(db.client, tableNames, [org]);
});
afterAll(() => db.stop());

const records = (of: TestStore = store, throughRestriction = false) =>
  openRecords(of, { requestId: 'req', actor: 'acc_test', newEventId: () => anId('evt') }, undefined, {
    throughRestriction,
  });
type Sharing = { holders: readonly Owner[]; opensWhile?: 'any' | 'all'; expiresAtEpochSeconds?: number };
const said = (owner: Owner, key: string, { holders, opensWhile = 'any', ...options }: Sharing, by = records()) =>
  by
    .change()
    .putShared({ entity: line, owner, key }, { text: `said ${key}` }, { holders, opensWhile }, 'new', options)
    .activity({ event: 'line.said', subject: owner })
    .commit();
const again = (owner: Owner, key: string, version: number, holders: readonly Owner[], by = records()) =>
  by
    .change()
    .putShared({ entity: line, owner, key }, { text: `again ${key}` }, { holders, opensWhile: 'any' }, { version })
    .activity({ event: 'line.changed', subject: owner })
    .commit();
const done = (what: KeyWrite['do'], owner: Owner) => {
  const write = { do: what, owner, retentionClass: 'daily-life', entity: 'line' } as KeyWrite;
  return records().change().keys(write).activity({ event: 'key.changed', subject: owner }).commit();
};
const texts = async (owner: Owner, by = records()) =>
  (await by.listShared(line, owner)).items.map(({ value }) => value.text);

const sealsIn = async ({ controller, subject }: Owner) => {
  const rows = [];
  for await (const row of restoredTables(store).rows.of('core', `${controller}#${subject}`)) rows.push(row);
  return restoredTables(store).seals(rows);
};

describe('a list of shared records', () => {
  it('is read in two round trips whatever the number, in the order of its keys and in pages', async () => {
    const thread = aThread();
    const holders = people(5);
    for (let i = 0; i < 30; i++) await said(thread, String(i).padStart(2, '0'), { holders });
    const reading = records();
    const { items } = await reading.listShared(line, thread);
    expect(items.map(({ ref }) => ref.key)).toEqual(Array.from({ length: 30 }, (_, i) => String(i).padStart(2, '0')));
    expect(reading.roundTrips).toBe(2);

    const first = await records().listShared(line, thread, { limit: 12, newestFirst: true });
    expect(first.items.map(({ value }) => value.text)).toEqual(
      Array.from({ length: 12 }, (_, i) => `said ${String(29 - i).padStart(2, '0')}`),
    );
    const second = await records().listShared(line, thread, { limit: 30, newestFirst: true, after: first.next! });
    expect(second.items).toHaveLength(18);
  });

  it('KP-12: goes with whom it is about, in every copy of its row, whoever holds it', async () => {
    const [thread, [child, staff]] = [aThread(), people(2)];
    const sharing = { holders: [staff!], opensWhile: 'any', about: [child!] } as const;
    await records()
      .change()
      .putShared({ entity: line, owner: thread, key: 'a' }, { text: 'about the child' }, sharing, 'new')
      .activity({ event: 'line.said', subject: thread })
      .commit();
    expect(await texts(thread)).toEqual(['about the child']);
    expect(await sealsIn(thread)).toEqual(['opens']);
    await done('restrict', child!);
    expect(await texts(thread)).toEqual([]);
    await done('lift', child!);
    expect(await texts(thread)).toEqual(['about the child']);
    // The row is as it was, and so is every copy of it; the holder's key lives.
    await done('erase', child!);
    expect(await texts(thread)).toEqual([]);
    expect((await records().keyStates(staff!)).get('daily-life')).toBe('ACTIVE');
    // What a restore looks at: closed, and not broken.
    expect(await sealsIn(thread)).toEqual(['closed']);
  });

  it('opens what each of 40 holders has a share in, of many threads at once, in two round trips', async () => {
    const threads = [aThread(), aThread(), aThread()];
    const crowds = threads.map(() => people(40));
    for (const [i, thread] of threads.entries()) await said(thread, 'only', { holders: crowds[i]! });
    const reading = records();
    const refs = [...threads, aThread()].map((owner) => ({ entity: line, owner, key: 'only' }));
    const found = await reading.getManyShared(refs);
    expect(found.map((stored) => stored?.value.text)).toEqual(['said only', 'said only', 'said only', undefined]);
    expect(reading.roundTrips).toBe(2);
  });

  it('asks nothing of the tables for nothing, and takes at most 5,000', async () => {
    const reading = records();
    expect(await reading.getManyShared([])).toEqual([]);
    expect(reading.roundTrips).toBe(0);
    const ref = { entity: line, owner: aThread(), key: 'x' };
    await expect(records().getManyShared(Array.from({ length: 5_001 }, () => ref))).rejects.toThrow('5000');
  });

  it('leaves out what has expired, and what no holder’s key opens any more', async () => {
    const thread = aThread();
    const [leaving, staying] = [aPerson(), aPerson()];
    await said(thread, 'both', { holders: [leaving, staying] });
    await said(thread, 'theirs', { holders: [leaving] });
    await said(thread, 'picture', { holders: [leaving, staying], opensWhile: 'all' });
    await said(thread, 'brief', {
      holders: [staying],
      expiresAtEpochSeconds: Math.floor(store.clock.getTime() / 1000) - 1,
    });
    expect(await texts(thread)).toEqual(['said both', 'said picture', 'said theirs']);
    await done('erase', leaving);
    expect(await texts(thread)).toEqual(['said both']);
    await done('erase', staying);
    expect(await texts(thread)).toEqual([]);
  });

  it.each([
    ['restricted', 'restrict', 'lift'],
    ['refused by objection', 'refuse', 'allow'],
  ] as const)('does not open by a share that is %s, until that is taken back', async (_, close, open) => {
    const thread = aThread();
    const holder = aPerson();
    await said(thread, 'a', { holders: [holder] });
    await done(close, holder);
    expect(await texts(thread)).toEqual([]);
    expect(await texts(thread, records(store, true))).toEqual(['said a']);
    await done(open, holder);
    expect(await texts(thread)).toEqual(['said a']);
  });

  it('does not open what was sealed before a holder’s key was shredded, and opens what came after', async () => {
    const thread = aThread();
    const [holder, other] = [aPerson(), aPerson()];
    await said(thread, 'before', { holders: [holder] });
    await said(thread, 'before-all', { holders: [holder, other], opensWhile: 'all' });
    await done('shred', holder);
    await said(thread, 'behind', { holders: [holder] });
    expect(await texts(thread)).toEqual(['said behind']);
  });
});

describe('a shared record that is written again', () => {
  it('opens for whoever was added, and by nobody’s key who was taken out', async () => {
    const thread = aThread();
    const [stays, leaves, joins] = [aPerson(), aPerson(), aPerson()];
    await said(thread, 'a', { holders: [stays, leaves] });
    await again(thread, 'a', 1, [stays, joins]);
    await done('erase', stays);
    expect(await texts(thread)).toEqual(['again a']);
    await done('erase', joins);
    expect(await texts(thread)).toEqual([]);
  });

  it('is refused for a version that is no longer the one stored', async () => {
    const thread = aThread();
    const holders = people(2);
    await said(thread, 'a', { holders });
    await again(thread, 'a', 1, holders);
    await expect(again(thread, 'a', 1, holders)).rejects.toThrow(StaleVersion);
  });

  it.each(['erase', 'restrict', 'refuse'] as const)(
    'is refused when any one holder’s key meets %s after it was read, and nothing is written',
    async (act) => {
      const thread = aThread();
      const holders = people(3);
      await said(thread, 'a', { holders });
      for (const [i, holder] of holders.entries()) {
        const rest = holders.slice(i);
        const by = records();
        // The request has seen the keys open, and the writer must find out all the same.
        expect(await texts(thread, by)).toHaveLength(1);
        await done(act, holder);
        await expect(again(thread, 'a', 1, rest, by)).rejects.toThrow(Closed);
      }
      expect(await rowsOf(thread)).toMatchObject([{ version: { N: '1' } }]);
    },
  );

  it('takes a new key when one was shredded meanwhile, instead of the one that it had seen', async () => {
    const thread = aThread();
    const [holder, other] = [aPerson(), aPerson()];
    await said(thread, 'a', { holders: [holder, other] });
    const by = records();
    await texts(thread, by);
    await done('shred', holder);
    await again(thread, 'a', 1, [holder], by);
    expect(await texts(thread)).toEqual(['again a']);
  });

  it('of 20 that race with the erasure of a holder, none leaves a share under the fence', async () => {
    const thread = aThread();
    const holders = people(2);
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 20 }, (_, i) => said(thread, String(i), { holders: [holders[0]!] })),
      done('erase', holders[0]!),
    ]);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    for (const { reason } of refused) expect(reason).toBeInstanceOf(Closed);
    expect(outcomes.at(-1)!.status).toBe('fulfilled');
    expect(await texts(thread)).toEqual([]);
    await expect(said(thread, 'late', { holders })).rejects.toThrow(Closed);
  });

  it('reads whole although its holders change between the two looks', async () => {
    const thread = aThread();
    const [first, second] = [people(2), people(2)];
    await said(thread, 'a', { holders: first, opensWhile: 'all' });
    const racing = betweenLooks(() =>
      records()
        .change()
        .putShared(
          { entity: line, owner: thread, key: 'a' },
          { text: 'other' },
          { holders: second, opensWhile: 'all' },
          { version: 1 },
        )
        .activity({ event: 'line.changed', subject: thread })
        .commit(),
    );
    expect(await texts(thread, records(racing))).toEqual(['other']);
  });

  it('can be removed although what it is about has no key of its own', async () => {
    const thread = aThread();
    await said(thread, 'a', { holders: people(1) });
    await records()
      .change()
      .remove({ entity: line, owner: thread, key: 'a' }, { version: 1 })
      .activity({ event: 'line.removed', subject: thread })
      .commit();
    expect(await rowsOf(thread)).toEqual([]);
  });
});

describe('the ways to what is shared', () => {
  it('lead from a holder, and from whom it is about, in the person’s own partition', async () => {
    const [holder, child] = [aPerson(), aPerson()];
    const thread = aThread();
    await records()
      .change()
      .point(sharedPointers.held(holder, thread.subject))
      .point(sharedPointers.about(child, thread.subject))
      .activity({ event: 'thread.begun', subject: thread })
      .commit();
    const inPartition = async ({ controller, subject }: Owner) =>
      (await records().pointers('core', `${controller}#${subject}`)).items.map(({ sk }) => sk);
    expect(await inPartition(holder)).toEqual([`HELD#${thread.subject}`]);
    expect(await inPartition(child)).toEqual([`ABOUT#${thread.subject}`]);
  });
});

async function rowsOf({ controller, subject }: Owner) {
  const { Items = [] } = await db.client.send(
    new QueryCommand({
      TableName: tableNames.core,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `${controller}#${subject}` } },
      ConsistentRead: true,
    }),
  );
  return Items;
}

/** A store on which `happens` takes place once, after the first read has been answered. */
function betweenLooks(happens: () => Promise<unknown>): TestStore {
  let isFirst = true;
  const afterwards = async <T>(answer: T): Promise<T> => {
    if (isFirst) {
      isFirst = false;
      await happens();
    }
    return answer;
  };
  const watched: Dynamo = {
    ...store.dynamo,
    query: async (input) => afterwards(await store.dynamo.query(input)),
  };
  return { ...store, dynamo: watched };
}
