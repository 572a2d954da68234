import type { AttributeValue, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../lambdas/platform/dynamo.ts';
import { leafRowsThrough, leafWrites, logLeaves } from '../../lambdas/platform/log-leaves.ts';
import { anId } from '../support/store.ts';

const controller = anId('org');
const keysFrom = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ pk: `${controller}#${anId('per')}`, sk: `evt_${from + i}` }));

/** DynamoDB as far as these rows go: updates set attributes, queries read a range of one partition. */
function aTable() {
  const rows = new Map<string, Row>();
  return {
    rows,
    write(from: number, leaves: ReturnType<typeof keysFrom>) {
      for (const { Update } of leafWrites('activity', controller, from, leaves)) {
        const { Key = {}, ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = Update ?? {};
        const row = rows.get(Key['sk']?.S ?? '') ?? { ...Key };
        for (const [name, attribute] of Object.entries(names))
          row[attribute] = values[`:${name.slice(1)}`] as AttributeValue;
        rows.set(Key['sk']?.S ?? '', row);
      }
    },
    source: {
      table: () => 'activity',
      dynamo: {
        async query({ ExpressionAttributeValues: asked = {}, Limit = 0 }: QueryCommandInput) {
          const sorted = [...rows].sort(([one], [other]) => (one < other ? -1 : 1));
          const wanted = sorted.filter(([sk]) => sk >= (asked[':from']?.S ?? '') && sk <= (asked[':last']?.S ?? '~'));
          return { rows: wanted.slice(0, Limit).map(([, row]) => row), more: wanted.length > Limit };
        },
      },
    },
  };
}

describe('the places of a log', () => {
  it('give each record once, in the order of the log, however the batches fell and however often they were marked', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 6 }),
        fc.nat(),
        async (sizes, at) => {
          const table = aTable();
          let size = 0;
          for (const count of sizes) {
            const leaves = keysFrom(size, count);
            table.write(size, leaves);
            table.write(size, leaves);
            size += count;
          }
          const from = at % size;
          const found = [];
          for (let next = from; next < size; ) {
            const page = await logLeaves(table.source).from(controller, next, 70);
            expect(page.length).toBeGreaterThan(0);
            found.push(...page);
            next += page.length;
          }
          expect(found.map(({ leaf, sk }) => [leaf, sk])).toEqual(
            Array.from({ length: size - from }, (_, i) => [from + i, `evt_${from + i}`]),
          );
        },
      ),
      { numRuns: 50 },
    ));

  it('end before a place that is not filled yet: what lies behind it waits', async () => {
    const table = aTable();
    table.write(0, keysFrom(0, 3));
    table.write(5, keysFrom(5, 3));
    const leaves = logLeaves(table.source);
    expect((await leaves.from(controller, 0, 100)).map(({ leaf }) => leaf)).toEqual([0, 1, 2]);
    expect(await leaves.from(controller, 3, 100)).toEqual([]);
    table.write(3, keysFrom(3, 2));
    expect(await leaves.from(controller, 3, 100)).toHaveLength(5);
  });

  it('go when all that stood in their row was pruned, and not before', async () => {
    const table = aTable();
    table.write(0, keysFrom(0, 200));
    const gone = async (through: number) => (await leafRowsThrough(table.source, controller, through)).length;
    expect([await gone(0), await gone(62), await gone(63), await gone(64), await gone(127)]).toEqual([0, 0, 1, 1, 2]);
    for (const { sk } of await leafRowsThrough(table.source, controller, 127)) table.rows.delete(sk);
    expect(await logLeaves(table.source).oldest(controller)).toBe(128);
  });
});
