import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecords } from '../../lambdas/platform/open-records.ts';
import type { Range } from '../../lambdas/platform/records.ts';
import { startDynamoDb, type TestDynamoDb } from '../support/dynoxide.ts';
import { anId, aStore, type TestStore } from '../support/store.ts';

let db: TestDynamoDb;
let store: TestStore;
const asked: QueryCommandInput[] = [];
const keys = ['A#1', 'B#1', 'B#2', 'B#3', 'B#5', 'C#1', 'D'];

beforeAll(async () => {
  db = await startDynamoDb();
  const real = await aStore(db.client, await db.createTables(), ['operator']);
  const query: typeof real.dynamo.query = async (input) => {
    asked.push(input);
    return real.dynamo.query(input);
  };
  store = { ...real, dynamo: { ...real.dynamo, query } };
  const change = records().change();
  for (const sk of keys) change.point({ table: 'core', pk: 'partition', sk });
  await change.activity({ event: 'rows.made', subject: { controller: 'operator', subject: anId('per') } }).commit();
});
afterAll(() => db.stop());
const records = () => openRecords(store, { requestId: 'test', actor: 'test', newEventId: () => anId('evt') });

const place = fc.constantFrom(...keys, 'A', 'B#', 'B#4', 'B#~', 'C', 'zzz#9', '!');
const ranges: fc.Arbitrary<Range> = fc.oneof(
  fc.record({ prefix: fc.constantFrom('A#', 'B#', 'C#', 'X#') }),
  fc.tuple(place, place).map((ends) => ({ from: ends.sort()[0]!, to: ends.sort()[1]! })),
  fc.constant({}),
);

describe('a page that begins after a caller’s cursor', () => {
  it('holds what lies behind it in the range, wherever the cursor points, and never asks DynamoDB to start outside', async () => {
    await fc.assert(
      fc.asyncProperty(ranges, place, fc.boolean(), async (range, after, newestFirst) => {
        asked.length = 0;
        const { items } = await records().pointers('core', 'partition', { ...range, after, newestFirst });
        const { prefix = '', from = '', to = '~' } = range;
        const inRange = keys.filter((key) => key.startsWith(prefix) && from <= key && key <= to);
        const expected = newestFirst
          ? inRange.reverse().filter((key) => key < after)
          : inRange.filter((key) => key > after);
        expect(items.map(({ sk }) => sk)).toEqual(expected);
        for (const { ExclusiveStartKey, ExpressionAttributeValues: values } of asked) {
          const start = ExclusiveStartKey?.['sk']?.S;
          if (start === undefined || !values?.[':low']) continue;
          expect(start >= values[':low'].S! && start <= values[':high']!.S!).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});
