import {
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { classKeyRowKey } from '../../lambdas/platform/class-keys.ts';
import { dynamo } from '../../lambdas/platform/dynamo.ts';
import { entity, keyOf, type Owner, type Ref } from '../../lambdas/platform/entity.ts';
import { openRecords } from '../../lambdas/platform/open-records.ts';
import { Busy, Closed, StaleVersion } from '../../lambdas/platform/records.ts';
import { SealBroken } from '../../lambdas/platform/sealing.ts';
import type { TableName } from '../../lambdas/platform/tables.ts';
import { startDynamoDb, type TestDynamoDb } from '../support/dynoxide.ts';
import { anId, aStore, type TestStore } from '../support/store.ts';

const declared = {
  schema: z.strictObject({ text: z.string() }),
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'a test',
  legalBasis: 'contract',
  article9: 'none',
  source: 'controller',
  exported: 'copy',
  onErasure: 'delete',
} as const;
const note = entity({ ...declared, name: 'note', table: 'core', sortKey: 'NOTE', retentionClass: 'person' });
const sameShapeElsewhere = entity({
  ...declared,
  name: 'note',
  table: 'rights',
  sortKey: 'NOTE',
  retentionClass: 'person',
});
const passing = entity({
  ...declared,
  name: 'passing',
  table: 'transient',
  sortKey: 'PASSING',
  retentionClass: 'transient',
});

const trace = entity({
  ...declared,
  name: 'trace',
  table: 'transient',
  sortKey: 'TRACE',
  retentionClass: 'person',
  isTrace: true,
});

const org = anId('org');
const otherOrg = anId('org');
const aPerson = (controller = org): Owner => ({ controller, subject: anId('per') });

let db: TestDynamoDb;
let tableNames: Record<TableName, string>;
let store: TestStore;
beforeAll(async () => {
  db = await startDynamoDb();
  tableNames = await db.createTables();
  store = await aStore(db.client, tableNames, [org, otherOrg, 'operator']);
});
afterAll(() => db.stop());

const records = (of: TestStore = store) =>
  openRecords(of, { requestId: 'req', actor: 'acc_test', newEventId: () => anId('evt') });
const write = (ref: Ref<typeof note>, text: string, of = records()) =>
  of.change().put(ref, { text }, 'new').activity({ event: 'note.written', subject: ref.owner }).commit();
const rowOf = async (ref: Ref) => {
  const { pk, sk } = keyOf(ref);
  const { Item } = await db.client.send(
    new GetItemCommand({ TableName: tableNames[ref.entity.table], Key: { pk: { S: pk }, sk: { S: sk } } }),
  );
  return Item;
};
const putRow = (table: TableName, row: Record<string, unknown>) =>
  db.client.send(new PutItemCommand({ TableName: tableNames[table], Item: row as never }));
const fence = (owner: Owner, state = 'ERASED') => {
  const { pk, sk } = classKeyRowKey(tableNames.keys, owner, 'person');
  return db.client.send(
    new UpdateItemCommand({
      TableName: tableNames.keys,
      Key: { pk: { S: pk }, sk: { S: sk } },
      UpdateExpression: state === 'ERASED' ? 'SET #state = :state REMOVE wrappedKey' : 'SET #state = :state',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':state': { S: state } },
    }),
  );
};

describe('a sealed record', () => {
  it('reads back what was written, in one round trip', async () => {
    const ref = { entity: note, owner: aPerson() };
    await write(ref, 'Blåveis har epler');
    const reader = records();
    expect(await reader.get(ref)).toMatchObject({ value: { text: 'Blåveis har epler' }, version: 1 });
    expect(reader.roundTrips).toBe(1);
  });

  it('counts reads side by side as one round trip, and one after another as two', async () => {
    const [owner, reader] = [aPerson(), records()];
    const beside = () => Promise.all([reader.get({ entity: note, owner }), reader.list(note, owner)]);
    await beside();
    expect(reader.roundTrips).toBe(1);
    await beside();
    expect(reader.roundTrips).toBe(2);
    await Promise.all([reader.get({ entity: note, owner }).then(beside), reader.pointers('core', 'NOBODY')]);
    expect(reader.roundTrips).toBe(4);
  });

  it('leaves no readable trace of its payload in any table', async () => {
    const ref = { entity: note, owner: aPerson() };
    await write(ref, 'CANARY-7431');
    for (const table of Object.values(tableNames)) {
      const { Items } = await db.client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: keyOf(ref).pk } },
        }),
      );
      const bytes = (Items ?? [])
        .flatMap((item) => Object.values(item))
        .map((value) => (value.B ? Buffer.from(value.B).toString('latin1') : JSON.stringify(value)));
      expect(bytes.join()).not.toContain('CANARY');
    }
  });

  it.each([
    ['another person', (ref: Ref) => ({ ...ref, owner: aPerson() })],
    ['another organisation', (ref: Ref) => ({ ...ref, owner: { ...ref.owner, controller: otherOrg } })],
    ['another sort key', (ref: Ref) => ({ ...ref, key: 'moved' })],
    ['another table', (ref: Ref) => ({ ...ref, entity: sameShapeElsewhere })],
  ])('does not open when its ciphertext is moved to %s', async (_, moved) => {
    const from = { entity: note, owner: aPerson() };
    const to = moved(from) as Ref<typeof note>;
    await write(from, 'mine');
    await write(to, 'theirs');
    await putRow(to.entity.table, { ...(await rowOf(from)), ...(await keysOnly(to)) });
    await expect(records().get(to)).rejects.toThrow(SealBroken);
  });
  const keysOnly = async (ref: Ref) => ({ pk: { S: keyOf(ref).pk }, sk: { S: keyOf(ref).sk } });

  it('does not open when even the key rows are moved with it', async () => {
    const from = { entity: note, owner: aPerson() };
    const to = { entity: note, owner: aPerson() };
    await write(from, 'mine');
    await putRow('core', { ...(await rowOf(from)), ...(await keysOnly(to)) });
    const fromKey = classKeyRowKey(tableNames.keys, from.owner, 'person');
    const toKey = classKeyRowKey(tableNames.keys, to.owner, 'person');
    const { Item } = await db.client.send(
      new GetItemCommand({ TableName: tableNames.keys, Key: { pk: { S: fromKey.pk }, sk: { S: fromKey.sk } } }),
    );
    await putRow('keys', { ...Item, pk: { S: toKey.pk }, sk: { S: toKey.sk } });
    await expect(records().get(to)).rejects.toThrow(SealBroken);
  });

  it('opens for nobody after any single bit of it has changed', async () => {
    const ref = { entity: note, owner: aPerson() };
    await write(ref, 'whole');
    const row = (await rowOf(ref))!;
    const bytes = Buffer.from(row['sealed']!.B!);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
        const altered = Buffer.from(bytes);
        altered[bit >> 3]! ^= 1 << (bit & 7);
        await putRow('core', { ...row, sealed: { B: altered } });
        await expect(records().get(ref)).rejects.toThrow(SealBroken);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the key row', () => {
  it('closes reading the moment it becomes a fence', async () => {
    const ref = { entity: note, owner: aPerson() };
    await write(ref, 'gone soon');
    await fence(ref.owner);
    expect(await records().get(ref)).toBeUndefined();
    expect((await records().list(note, ref.owner)).items).toEqual([]);
  });

  it('refuses a write behind an erasure, even by a request that has seen the key alive', async () => {
    const ref = { entity: note, owner: aPerson() };
    await write(ref, 'first');
    const early = records();
    await early.get(ref);
    await fence(ref.owner);
    await expect(write({ ...ref, key: 'late' }, 'late', early)).rejects.toThrow(Closed);
    await expect(write({ ...ref, key: 'later' }, 'later')).rejects.toThrow(Closed);
    expect(await rowOf({ ...ref, key: 'late' })).toBeUndefined();
    expect(await rowOf({ ...ref, key: 'later' })).toBeUndefined();
  });

  it('is never made anew over a fence', async () => {
    const ref = { entity: note, owner: aPerson() };
    const early = records();
    expect(await early.get(ref)).toBeUndefined();
    await write(ref, 'first');
    await fence(ref.owner);
    // This request remembers that there was no key row: it must not create one now.
    await expect(write({ ...ref, key: 'b' }, 'second', early)).rejects.toThrow(Closed);
  });

  it('closes reading and writing while restricted', async () => {
    const ref = { entity: note, owner: aPerson() };
    await write(ref, 'held');
    await fence(ref.owner, 'RESTRICTED');
    expect(await records().get(ref)).toBeUndefined();
    await expect(
      records().change().remove(ref, { version: 1 }).activity({ event: 'note.removed', subject: ref.owner }).commit(),
    ).rejects.toThrow(Closed);
    await fence(ref.owner, 'ACTIVE');
    expect(await records().get(ref)).toMatchObject({ value: { text: 'held' } });
  });

  it('is made once when two writers begin at the same time', async () => {
    const owner = aPerson();
    await Promise.all(Array.from({ length: 8 }, (_, i) => write({ entity: note, owner, key: `n${i}` }, `${i}`)));
    const { items } = await records().list(note, owner);
    expect(items.map((item) => item.value.text)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
  });
});

describe('a change', () => {
  it('is refused without its activity record, and writes nothing', async () => {
    const ref = { entity: note, owner: aPerson() };
    await expect(records().change().put(ref, { text: 'x' }, 'new').commit()).rejects.toThrow('activity record');
    expect(await rowOf(ref)).toBeUndefined();
  });

  it('needs none for a trace and a row that passes beside it, and for nothing else', async () => {
    const owner = aPerson();
    const [first, second] = [trace, trace].map((entity, i) => ({ entity, owner, key: `t${i}` }));
    const last = { table: 'transient', pk: `${owner.controller}#LAST`, sk: owner.subject } as const;
    const passes = { ...last, expiresAtEpochSeconds: Math.floor(store.now().getTime() / 1000) + 60 };
    await records().change().put(first!, { text: 'x' }, 'new').point(passes).commit();
    expect(await rowOf(first!)).toBeDefined();
    const another = () => records().change().put(second!, { text: 'x' }, 'new');
    for (const change of [
      records().change().point(passes),
      another().point(last),
      another().point({ ...passes, table: 'core' }),
      another().put({ entity: note, owner }, { text: 'x' }, 'new'),
      another().requireUnerased(owner),
    ]) {
      await expect(change.commit()).rejects.toThrow('activity record');
    }
    expect(await rowOf(second!)).toBeUndefined();
  });

  it('leaves an activity record of ids in the same transaction', async () => {
    const ref = { entity: note, owner: aPerson() };
    await write(ref, 'CANARY');
    const { Items } = await db.client.send(
      new QueryCommand({
        TableName: tableNames.activity,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: keyOf(ref).pk } },
      }),
    );
    expect(Items).toHaveLength(1);
    expect(Items![0]).toMatchObject({ event: { S: 'note.written' }, actor: { S: 'acc_test' } });
    expect(JSON.stringify(Items)).not.toContain('CANARY');
  });

  it('replaces only the version that was read', async () => {
    const ref = { entity: note, owner: aPerson() };
    await write(ref, 'one');
    const change = (version: number) =>
      records()
        .change()
        .put(ref, { text: 'two' }, { version })
        .activity({ event: 'note.changed', subject: ref.owner })
        .commit();
    await change(1);
    await expect(change(1)).rejects.toThrow(StaleVersion);
    expect(await records().get(ref)).toMatchObject({ version: 2 });
  });

  it('of 50 that race for one version, exactly one wins and the others hear it', async () => {
    const ref = { entity: note, owner: aPerson() };
    await write(ref, 'start');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, i) =>
        records()
          .change()
          .put(ref, { text: String(i) }, { version: 1 })
          .activity({ event: 'note.changed', subject: ref.owner })
          .commit(),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect(
      outcomes.filter((outcome) => outcome.status === 'rejected' && outcome.reason instanceof StaleVersion),
    ).toHaveLength(49);
  });

  it('ends in an answer for all 50 writers on one person although the database cancels two of three tries', async () => {
    const owner = aPerson();
    let sent = 0;
    const quarrelsome = {
      async send(command: never) {
        if ((command as unknown) instanceof TransactWriteItemsCommand && sent++ % 3 !== 0) throw conflict();
        return db.client.send(command);
      },
    } as unknown as Pick<DynamoDBClient, 'send'>;
    const conflicted: TestStore = { ...store, now: store.now, dynamo: dynamo(quarrelsome, async () => {}) };
    await Promise.all(
      Array.from({ length: 50 }, (_, i) => write({ entity: note, owner, key: `n${i}` }, `${i}`, records(conflicted))),
    );
    expect((await records().list(note, owner)).items).toHaveLength(50);
  });

  it('gives up as busy when conflicts never end, having written nothing', async () => {
    const ref = { entity: note, owner: aPerson() };
    const hopeless = {
      send: async (command: never) => {
        if ((command as unknown) instanceof TransactWriteItemsCommand) throw conflict();
        return db.client.send(command);
      },
    } as unknown as Pick<DynamoDBClient, 'send'>;
    const waits: number[] = [];
    const stuck: TestStore = { ...store, now: store.now, dynamo: dynamo(hopeless, async (ms) => void waits.push(ms)) };
    await expect(write(ref, 'never', records(stuck))).rejects.toThrow(Busy);
    expect(waits.length).toBe(11);
    expect(new Set(waits).size).toBeGreaterThan(5);
    expect(await rowOf(ref)).toBeUndefined();
  });

  it('sends a transaction once more under the same token when the answer was lost, so it counts once', async () => {
    const ref = { entity: note, owner: aPerson() };
    const tokens: (string | undefined)[] = [];
    const forgetful = {
      async send(command: never) {
        if (!((command as unknown) instanceof TransactWriteItemsCommand)) return db.client.send(command);
        tokens.push((command as TransactWriteItemsCommand).input.ClientRequestToken);
        const answer = await db.client.send(command);
        if (tokens.length === 1) throw conflict();
        return answer;
      },
    } as unknown as Pick<DynamoDBClient, 'send'>;
    await write(ref, 'once', records({ ...store, now: store.now, dynamo: dynamo(forgetful, async () => {}) }));
    expect(new Set(tokens).size).toBe(1);
    expect(await records().get(ref)).toMatchObject({ version: 1 });
  });

  it('treats what has expired as gone before TTL removes it', async () => {
    const ref = { entity: passing, owner: aPerson() };
    const at = (seconds: number) => Math.floor(store.clock.getTime() / 1000) + seconds;
    const create = () =>
      records()
        .change()
        .put(ref, { text: 'x' }, 'new', { expiresAtEpochSeconds: at(60) })
        .activity({ event: 'note.written', subject: ref.owner })
        .commit();
    await create();
    await expect(create()).rejects.toThrow(StaleVersion);
    const before = store.clock;
    store.clock = new Date(before.getTime() + 59_999);
    expect(await records().get(ref)).toBeDefined();
    store.clock = new Date(before.getTime() + 60_000);
    expect(await records().get(ref)).toBeUndefined();
    await create();
    store.clock = before;
  });

  it('never takes an unprocessed key row for an absent one', async () => {
    const ref = { entity: note, owner: aPerson() };
    await write(ref, 'there');
    let calls = 0;
    const partial = {
      async send(command: never) {
        if ((command as unknown) instanceof BatchGetItemCommand && ++calls === 1)
          return { Responses: {}, UnprocessedKeys: (command as BatchGetItemCommand).input.RequestItems };
        return db.client.send(command);
      },
    } as unknown as Pick<DynamoDBClient, 'send'>;
    expect(await records({ ...store, now: store.now, dynamo: dynamo(partial, async () => {}) }).get(ref)).toBeDefined();
    const never = {
      send: async (command: never) => ({
        Responses: {},
        UnprocessedKeys: (command as BatchGetItemCommand).input.RequestItems,
      }),
    } as unknown as Pick<DynamoDBClient, 'send'>;
    await expect(records({ ...store, now: store.now, dynamo: dynamo(never, async () => {}) }).get(ref)).rejects.toThrow(
      Busy,
    );
  });
});

const conflict = () =>
  new TransactionCanceledException({
    $metadata: {},
    message: 'conflict',
    CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
  });

describe('a record about several people', () => {
  const shared = async (opensWhile: 'any' | 'all', holders: readonly Owner[]) => {
    const ref = { entity: note, owner: { controller: org, subject: org }, key: anId('ntc') };
    await records()
      .change()
      .putShared(ref, { text: 'ours' }, { holders, opensWhile }, 'new')
      .activity({ event: 'note.written', subject: ref.owner })
      .commit();
    return ref;
  };
  it('opens while one of its holders lives', async () => {
    const holders = [aPerson(), aPerson(), aPerson()];
    const ref = await shared('any', holders);
    await fence(holders[0]!);
    await fence(holders[1]!);
    expect(await records().getShared(ref)).toMatchObject({ value: { text: 'ours' } });
    await fence(holders[2]!);
    expect(await records().getShared(ref)).toBeUndefined();
  });
  it('opens only while all of its holders live, where that is asked for', async () => {
    const holders = [aPerson(), aPerson()];
    const ref = await shared('all', holders);
    expect(await records().getShared(ref)).toMatchObject({ value: { text: 'ours' } });
    await fence(holders[1]!);
    expect(await records().getShared(ref)).toBeUndefined();
  });
  it('takes at most 40 holders', async () => {
    await expect(
      shared(
        'any',
        Array.from({ length: 41 }, () => aPerson()),
      ),
    ).rejects.toThrow('40');
  });
});

describe('Lookup', () => {
  const claim = (controller: typeof org, value: string, id: string) =>
    records()
      .change()
      .claim(controller, 'email', value, id, () => new Error('taken'))
      .activity({ event: 'person.claimed', subject: { controller, subject: controller } })
      .commit();
  it('is unique within an organisation, whatever the case, and apart between organisations', async () => {
    const [a, b] = [anId('per'), anId('per')];
    await claim(org, 'Kari@Example.no', a);
    await expect(claim(org, 'kari@example.NO', b)).rejects.toThrow('taken');
    await claim(org, 'kari@example.no', a);
    await claim(otherOrg, 'kari@example.no', b);
    expect(await records().find(org, 'email', ' KARI@example.no')).toBe(a);
    expect(await records().find(otherOrg, 'email', 'kari@example.no')).toBe(b);
  });
  it('gives two organisations different indexes for the same address', async () => {
    expect(await store.ring.hmac(org, 'email', 'x')).not.toBe(await store.ring.hmac(otherOrg, 'email', 'x'));
  });
});

describe('KMS', () => {
  it('is not called by 1,000 warm requests', async () => {
    const ref = { entity: note, owner: aPerson() };
    await write(ref, 'warm');
    const before = { ...store.kmsCalls };
    for (let i = 0; i < 500; i++) await records().get(ref);
    for (let i = 0; i < 500; i++) await write({ ...ref, key: `k${i}` }, 'x');
    expect(store.kmsCalls).toEqual(before);
  });
  it('is called once for many cold requests at the same time, and again after an hour', async () => {
    const ref = { entity: note, owner: aPerson() };
    await write(ref, 'cold');
    const cold = await aStore(db.client, tableNames, []);
    // Another container: the same KMS key, nothing in memory.
    Object.assign(cold, { ring: store.ring });
    const before = store.kmsCalls.decrypt;
    store.clock = new Date(store.clock.getTime() + 60 * 60 * 1000 + 1);
    await Promise.all(Array.from({ length: 20 }, () => records().get(ref)));
    expect(store.kmsCalls.decrypt).toBe(before + 1);
  });
});
