import { type AttributeValue, GetItemCommand, type PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mirrorKeyRow, mirrorKeyRows } from '../../lambdas/platform/key-mirror.ts';
import { startDynamoDb, type TestDynamoDb } from '../support/dynoxide.ts';

let db: TestDynamoDb;
let mirror: string;
beforeAll(async () => {
  db = await startDynamoDb();
  mirror = (await db.createTables()).mirror;
});
afterAll(() => db.stop());

let rows = 0;
function aKeyRow() {
  const key = { pk: { S: `org#per-${++rows}` }, sk: { S: 'CLASS#person' } };
  const with_ = (state: string, wrapped?: string) => ({
    ...key,
    state: { S: state },
    ...(wrapped && { wrappedKey: { B: Buffer.from(wrapped) } }),
  });
  return {
    active: (wrapped = 'first') => with_('ACTIVE', wrapped),
    restricted: () => with_('RESTRICTED', 'first'),
    fence: () => with_('ERASED'),
    copy: (row: ReturnType<typeof with_>) => mirrorKeyRow(db.client, mirror, row),
    async stored() {
      const { Item } = await db.client.send(new GetItemCommand({ TableName: mirror, Key: key }));
      return (
        Item && { state: Item['state']?.S, key: Item['wrappedKey']?.B && Buffer.from(Item['wrappedKey'].B).toString() }
      );
    },
  };
}

describe('the mirror of the keys', () => {
  it('follows a row through restriction and back', async () => {
    const row = aKeyRow();
    await row.copy(row.active());
    await row.copy(row.restricted());
    expect(await row.stored()).toEqual({ state: 'RESTRICTED', key: 'first' });
    await row.copy(row.active());
    expect(await row.stored()).toEqual({ state: 'ACTIVE', key: 'first' });
  });
  it('KP-12 keeps a fence against everything that comes late', async () => {
    const row = aKeyRow();
    await row.copy(row.active());
    await row.copy(row.fence());
    expect(await row.copy(row.active())).toBe('kept');
    expect(await row.stored()).toEqual({ state: 'ERASED', key: undefined });
  });
  it('keeps the first key when another is written over it in Keys', async () => {
    const row = aKeyRow();
    await row.copy(row.active());
    expect(await row.copy(row.active('another'))).toBe('kept');
    expect(await row.stored()).toEqual({ state: 'ACTIVE', key: 'first' });
  });
  it('ends as a fence whatever the order and number of copies, once there was one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('active', 'restricted', 'fence'), { maxLength: 6 }), async (order) => {
        const row = aKeyRow();
        for (const state of [...order, 'fence', ...order] as const) await row.copy(row[state as 'active']());
        expect((await row.stored())?.state).toBe('ERASED');
      }),
      { numRuns: 30 },
    );
  });
});

describe('a batch of the stream of the keys', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const record = (sequence: string, pk: string, image?: object): DynamoDBRecord =>
    ({
      eventName: 'MODIFY',
      dynamodb: {
        SequenceNumber: sequence,
        ...(image && { NewImage: { pk: { S: pk }, sk: { S: 'CLASS#person' }, ...image } }),
      },
    }) as DynamoDBRecord;
  const active = { state: { S: 'ACTIVE' }, wrappedKey: { B: base64('first') } };
  function mirroring(refuses: (pk: string | undefined) => boolean = () => false) {
    const lines: object[] = [];
    const written: string[] = [];
    const send = async (command: PutItemCommand) => {
      const pk = command.input.Item?.['pk']?.S;
      if (refuses(pk)) throw new Error('throttled, and says whose: per_secret');
      written.push(String(pk));
      return db.client.send(command);
    };
    const client = { send } as unknown as Parameters<typeof mirrorKeyRow>[0];
    return {
      lines,
      written,
      copy: (...records: DynamoDBRecord[]) =>
        mirrorKeyRows(records, { client, table: mirror, log: (line) => lines.push(line) }),
    };
  }
  const stored = async (pk: string) => {
    const Key = { pk: { S: pk }, sk: { S: 'CLASS#person' } };
    return (await db.client.send(new GetItemCommand({ TableName: mirror, Key }))).Item;
  };

  it('keeps every attribute of a row as it was, whatever its type', async () => {
    const more = {
      purposes: { SS: ['attendance', 'care'] },
      history: { L: [{ M: { by: { S: 'acc' }, share: { B: base64('inner') } } }] },
      shares: { BS: [base64('one')] },
      isShared: { BOOL: false },
      nothing: { NULL: true },
      version: { N: '3' },
    };
    await mirroring().copy(record('1', 'org#types', { ...active, ...more }));
    const row = (await stored('org#types')) as Record<string, AttributeValue>;
    expect(Buffer.from(row['wrappedKey']!.B!).toString()).toBe('first');
    expect([...row['purposes']!.SS!].sort()).toEqual(['attendance', 'care']);
    expect(Buffer.from(row['history']!.L![0]!.M!['share']!.B!).toString()).toBe('inner');
    expect(Buffer.from(row['shares']!.BS![0]!).toString()).toBe('one');
    expect([row['isShared'], row['nothing'], row['version']]).toEqual([{ BOOL: false }, { NULL: true }, { N: '3' }]);
  });

  it('KP-12 keeps no key beside a fence, even where the fence in Keys still holds one', async () => {
    const batch = mirroring();
    await batch.copy(record('1', 'org#leaky', active), record('2', 'org#leaky', { ...active, state: { S: 'ERASED' } }));
    expect(await stored('org#leaky')).toMatchObject({ state: { S: 'ERASED' } });
    expect(await stored('org#leaky')).not.toHaveProperty('wrappedKey');
  });

  it('stops at the first that fails, gives back its number, and names nobody in the log', async () => {
    const batch = mirroring((pk) => pk === 'org#b');
    const rows = ['a', 'b', 'c'].map((name, i) => record(String(i + 1), `org#${name}`, active));
    expect(await batch.copy(...rows)).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    expect(batch.written).toEqual(['org#a']);
    expect(batch.lines).toEqual([{ metric: 'mirror-failed', error: 'Error' }]);
  });

  it('copies nothing when a row is removed: what was deleted by mistake is still here', async () => {
    const batch = mirroring();
    await batch.copy(record('1', 'org#removed', active), record('2', 'org#removed'));
    expect(await stored('org#removed')).toMatchObject({ state: { S: 'ACTIVE' } });
    expect(batch.lines).toEqual([]);
  });
});
