import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { classKeyRowKey } from '../../lambdas/platform/class-keys.ts';
import { classesOf, entity, type Owner, type RetentionClass } from '../../lambdas/platform/entity.ts';
import { ledgerHash, ledgerPartition } from '../../lambdas/platform/ledger.ts';
import { openRecords } from '../../lambdas/platform/open-records.ts';
import { Closed, type KeyWrite, type LedgerEntry } from '../../lambdas/platform/records.ts';
import { startDynamoDb, type TestDynamoDb } from '../support/dynoxide.ts';
import { anId, aStore, type TestStore } from '../support/store.ts';

const declared = {
  table: 'core',
  schema: z.strictObject({ text: z.string() }),
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'a test',
  legalBasis: 'legitimate-interest',
  article9: 'none',
  source: 'controller',
  exported: 'copy',
  onErasure: 'delete',
} as const;
const note = entity({ ...declared, name: 'note', sortKey: 'NOTE', retentionClass: 'person' });
const remark = entity({ ...declared, name: 'remark', sortKey: 'REMARK', retentionClass: 'person' });

const org = anId('org');
const aPerson = (): Owner => ({ controller: org, subject: anId('per') });

let db: TestDynamoDb;
let store: TestStore;
beforeAll(async () => {
  db = await startDynamoDb();
  store = await aStore(db.client, await db.createTables(), [org]);
});
afterAll(() => db.stop());

const author = { requestId: 'request', actor: 'acc_test', newEventId: () => anId('evt') };
const records = (throughRestriction = false) => openRecords(store, author, undefined, { throughRestriction });
const write = (owner: Owner, entityOf: typeof note | typeof remark = note, of = records()) =>
  of
    .change()
    .put({ entity: entityOf, owner }, { text: 'some words' }, 'new')
    .activity({ event: 'note.written', subject: owner })
    .commit();
const read = async (owner: Owner, entityOf: typeof note | typeof remark = note, of = records()) =>
  (await of.get({ entity: entityOf, owner }))?.value.text;
const keys = (owner: Owner, ...writes: Partial<KeyWrite>[]) => {
  const change = records().change().activity({ event: 'keys.changed', subject: owner });
  for (const one of writes) change.keys({ owner, retentionClass: 'person', ...one } as KeyWrite);
  return change.commit();
};
const rowOf = async (owner: Owner, retentionClass: RetentionClass = 'person') => {
  const { table, pk, sk } = classKeyRowKey(store.tableNames.keys, owner, retentionClass);
  const { Item } = await db.client.send(
    new GetItemCommand({ TableName: table, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead: true }),
  );
  return Item && unmarshall(Item);
};

describe('a key that is erased', () => {
  it('KP-12: is gone from its row, and nothing opens or can be written any more', async () => {
    const owner = aPerson();
    await write(owner);
    await keys(owner, { do: 'erase' });
    expect(await rowOf(owner)).toMatchObject({ state: 'ERASED' });
    expect(await rowOf(owner)).not.toHaveProperty('wrappedKey');
    expect(await read(owner)).toBeUndefined();
    await expect(write(owner, remark)).rejects.toThrow(Closed);
  });

  it('KP-12: was never there, and is a fence all the same', async () => {
    const owner = aPerson();
    for (const retentionClass of classesOf(owner.subject)) await keys(owner, { do: 'erase', retentionClass });
    await expect(write(owner)).rejects.toThrow(Closed);
    await expect(records().sealFile(owner, 'export', 'place', Buffer.from('x'))).rejects.toThrow(Closed);
  });

  it('stays a fence, whatever is asked of it afterwards', async () => {
    const owner = aPerson();
    await write(owner);
    await keys(owner, { do: 'erase' });
    for (const what of ['shred', 'restrict', 'lift', 'erase'] as const) await keys(owner, { do: what });
    await keys(owner, { do: 'refuse', entity: 'note' } as Partial<KeyWrite>);
    expect(await rowOf(owner)).toMatchObject({ state: 'ERASED' });
    expect(await rowOf(owner)).not.toHaveProperty('wrappedKey');
  });

  it('is refused for a class that the kind of subject does not have', async () => {
    await expect(keys(aPerson(), { do: 'erase', retentionClass: 'account' })).rejects.toThrow('No account key');
  });
});

describe('a key that is shredded', () => {
  it('FW-14: opens nothing of before, and takes what comes after', async () => {
    const owner = aPerson();
    await write(owner);
    await keys(owner, { do: 'shred' });
    expect(await read(owner)).toBeUndefined();
    await write(owner, remark);
    expect(await read(owner, remark)).toBe('some words');
    expect(await rowOf(owner)).toMatchObject({ state: 'ACTIVE', generation: 2 });
  });

  it('seals again what was about to be written under the key of before', async () => {
    const owner = aPerson();
    await write(owner);
    const writer = records();
    await writer.get({ entity: note, owner });
    await keys(owner, { do: 'shred' });
    await write(owner, remark, writer);
    expect(await read(owner, remark)).toBe('some words');
  });

  it('opens no file of before', async () => {
    const owner = aPerson();
    const sealed = await records().sealFile(owner, 'export', 'a|place', Buffer.from('a file'));
    const opened = () => records().openFile(owner, 'export', 'a|place', sealed);
    expect(Buffer.from((await opened())!).toString()).toBe('a file');
    await expect(records().openFile(owner, 'export', 'elsewhere', sealed)).rejects.toThrow('not openable');
    await keys(owner, { do: 'shred', retentionClass: 'export' });
    expect(await opened()).toBeUndefined();
  });
});

describe('a key that is restricted', () => {
  it('KP-14: is closed for everyone but those who answer for the rights, and opens again when it is lifted', async () => {
    const owner = aPerson();
    await write(owner);
    await keys(owner, { do: 'restrict' });
    expect(await read(owner)).toBeUndefined();
    await expect(write(owner, remark)).rejects.toThrow(Closed);
    expect(await read(owner, note, records(true))).toBe('some words');
    expect([...(await records().keyStates(owner))]).toEqual([['person', 'RESTRICTED']]);
    await keys(owner, { do: 'lift' });
    expect(await read(owner)).toBe('some words');
  });

  it('KP-14: is closed before it was ever used', async () => {
    const owner = aPerson();
    await keys(owner, { do: 'restrict' });
    await expect(write(owner)).rejects.toThrow(Closed);
  });
});

describe('an objection', () => {
  it('KP-14: closes the one entity under the key, reading and writing, and can be undone', async () => {
    const owner = aPerson();
    await write(owner);
    await write(owner, remark);
    const objection = { entity: 'note' } as Partial<KeyWrite>;
    await keys(owner, { do: 'refuse', ...objection } as Partial<KeyWrite>);
    expect(await read(owner)).toBeUndefined();
    expect(await read(owner, remark)).toBe('some words');
    expect(await read(owner, note, records(true))).toBe('some words');
    const again = records().change().put({ entity: note, owner }, { text: 'new' }, { version: 1 });
    await expect(again.activity({ event: 'note.written', subject: owner }).commit()).rejects.toThrow(Closed);
    await keys(owner, { do: 'allow', ...objection } as Partial<KeyWrite>);
    expect(await read(owner)).toBe('some words');
  });

  it('KP-14: closes several entities under one key at once', async () => {
    const owner = aPerson();
    await write(owner);
    await write(owner, remark);
    const [first, second] = [
      { do: 'refuse', entity: 'note' },
      { do: 'refuse', entity: 'remark' },
    ] as const;
    await keys(owner, first, second);
    expect([await read(owner), await read(owner, remark)]).toEqual([undefined, undefined]);
    await keys(owner, { ...first, do: 'allow' }, { ...second, do: 'allow' });
    expect([await read(owner), await read(owner, remark)]).toEqual(['some words', 'some words']);
  });

  it('KP-14: reaches a writer that had read the key before', async () => {
    const owner = aPerson();
    const writer = records();
    await write(owner);
    await writer.get({ entity: note, owner });
    await keys(owner, { do: 'refuse', entity: 'remark' } as Partial<KeyWrite>);
    await expect(write(owner, remark, writer)).rejects.toThrow(Closed);
  });
});

describe('the rights ledger', () => {
  it('ALL-04: has every act once, in order, chained, however many act at once; its head lies in Keys', async () => {
    const controller = anId('org');
    await store.ring.create(controller);
    const acts = Array.from({ length: 12 }, (): LedgerEntry => {
      const subject = { controller, subject: anId('per') };
      return { kind: 'restriction', subject, about: anId('req'), detail: { z: 1, a: 'code' } };
    });
    await Promise.all(
      acts.map((entry) =>
        records().change().ledger(entry).activity({ event: 'request.executed', subject: entry.subject }).commit(),
      ),
    );
    const { Items = [] } = await db.client.send(
      new QueryCommand({
        TableName: store.tableNames.rights,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: ledgerPartition(controller) } },
        ConsistentRead: true,
      }),
    );
    const rows = Items.map((item) => unmarshall(item));
    expect(rows.map((row) => row['subject']).sort()).toEqual(acts.map(({ subject }) => subject.subject).sort());
    let previous = '';
    for (const [i, row] of rows.entries()) {
      const entry = acts.find(({ about }) => about === row['about'])!;
      expect(row['sk']).toBe(`ENTRY#${String(i + 1).padStart(12, '0')}`);
      expect(row['hash']).toBe(ledgerHash(previous, i + 1, row['at'], entry));
      previous = row['hash'];
    }
    const { Item } = await db.client.send(
      new GetItemCommand({
        TableName: store.tableNames.keys,
        Key: { pk: { S: controller }, sk: { S: 'LEDGER-HEAD' } },
      }),
    );
    expect(unmarshall(Item!)).toMatchObject({ sequence: acts.length, hash: previous });
  });

  it('refuses a second entry in one change', () => {
    const entry: LedgerEntry = { kind: 'erasure', subject: aPerson() };
    expect(() => records().change().ledger(entry).ledger(entry)).toThrow('one entry');
  });
});
