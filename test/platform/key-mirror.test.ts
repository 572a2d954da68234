import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mirrorKeyRow } from '../../lambdas/platform/key-mirror.ts';
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
