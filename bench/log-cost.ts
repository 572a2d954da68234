import { performance } from 'node:perf_hooks';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { entity } from '../lambdas/platform/entity.ts';
import { openRecords, type Store } from '../lambdas/platform/open-records.ts';
import { startDynamoDb } from '../test/support/dynoxide.ts';
import { anId, aStore, type TestStore } from '../test/support/store.ts';

/**
 * `node bench/log-cost.ts`: what the log costs a write, as the ratio of the latencies of the same write with it and
 * without it, in alternating pairs of one run. A change of two records and its record of activity, as a handler makes it;
 * the database is on this machine, so that what the network would hide shows. Ends with 1 when the median of the pairs is
 * over its target.
 */
const PAIRS = 31;
const WRITES_IN_A_BATCH = 20;
const RATIO_MAX = 1.15;
const RECORD_BYTES = 1024;

const note = entity({
  ...{ name: 'note', table: 'core', sortKey: 'NOTE', schema: z.strictObject({ text: z.string() }), schemaVersion: 1 },
  ...{ ourRole: 'processor', purpose: 'a measurement', legalBasis: 'contract', article9: 'none', source: 'controller' },
  ...{ retentionClass: 'person', exported: 'copy', onErasure: 'delete' },
} as const);

const database = await startDynamoDb();
try {
  const organisation = anId('org');
  const withLog = await aStore(database.client, await database.createTables(), [organisation]);
  const plain = await aStore(database.client, await database.createTables(), [organisation]);
  const ratios = {
    'the same write, its record without chain, salt and indexes': await measured(withLog, without(plain, bare)),
    'the same write without any record of activity': await measured(withLog, without(plain, removed)),
    'itself (what the machine alone makes of it)': await measured(withLog, withLog),
  };
  console.table(ratios);
  const { median } = Object.values(ratios)[0]!;
  if (median > RATIO_MAX) {
    console.error(`The log makes a write ${median} times as long; at most ${RATIO_MAX}`);
    process.exitCode = 1;
  }

  async function measured(ours: Store, peer: Store) {
    const owner = { controller: organisation, subject: anId('per') } as const;
    const batch = async (store: Store) => {
      const from = performance.now();
      for (let i = 0; i < WRITES_IN_A_BATCH; i++) await write(store, owner);
      return (performance.now() - from) / WRITES_IN_A_BATCH;
    };
    // Keys are made, and both paths warm.
    for (let i = 0; i < 3; i++) for (const store of [ours, peer]) await batch(store);
    const pairs: { ours: number; peer: number }[] = [];
    for (let i = 0; i < PAIRS; i++) {
      const early = i % 2 === 0 ? await batch(ours) : undefined;
      const theirs = await batch(peer);
      pairs.push({ ours: early ?? (await batch(ours)), peer: theirs });
    }
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
    const shown = (value: number, digits: number) => Number(value.toFixed(digits));
    return {
      median: shown(median(pairs.map((pair) => pair.ours / pair.peer)), 3),
      'our ms': shown(median(pairs.map((pair) => pair.ours)), 3),
      'its ms': shown(median(pairs.map((pair) => pair.peer)), 3),
    };
  }
} finally {
  await database.stop();
}

async function write(
  store: Store,
  owner: { controller: ReturnType<typeof anId<'org'>>; subject: ReturnType<typeof anId<'per'>> },
) {
  const author = { requestId: 'req', actor: anId('acc'), role: anId('rol'), newEventId: () => anId('evt') };
  const [one, other] = [anId('evt'), anId('evt')];
  await openRecords(store, author)
    .change()
    .put({ entity: note, owner, key: one }, { text: 'x'.repeat(RECORD_BYTES) }, 'new')
    .put({ entity: note, owner, key: other }, { text: 'x'.repeat(RECORD_BYTES) }, 'new')
    .activity({ event: 'note.added', subject: owner, about: [one], detail: { notes: 2 } })
    .commit();
}

type Writes = (items: TransactWriteItem[], activityTable: string) => TransactWriteItem[];

/** A store that hashes nothing, and writes what `writes` leaves of a change. */
function without(store: TestStore, writes: Writes): Store {
  return {
    ...store,
    now: () => store.clock,
    chains: { take: () => ({ link: (record) => ({ ...record, writer: '', sequence: 0, previous: '' }), settle() {} }) },
    dynamo: {
      ...store.dynamo,
      transact: (items, token) => store.dynamo.transact(writes(items, store.tableNames.activity), token),
    },
  };
}

/** The record as it would be if nobody proved anything of it: not in any index either. */
function bare(items: TransactWriteItem[], table: string): TransactWriteItem[] {
  const ofTheLog = new Set(['writer', 'sequence', 'previous', 'month', 'unsequenced', 'salt']);
  return items.map((item) => {
    if (item.Put?.TableName !== table) return item;
    const attributes = Object.entries(item.Put.Item ?? {}).filter(([name]) => !ofTheLog.has(name));
    return { Put: { ...item.Put, Item: Object.fromEntries(attributes) } };
  });
}

function removed(items: TransactWriteItem[], table: string): TransactWriteItem[] {
  return items.filter((item) => item.Put?.TableName !== table);
}
