import { type AttributeValue, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classKeyId } from '../../lambdas/platform/class-keys.ts';
import { mirrorKeyRows } from '../../lambdas/platform/key-mirror.ts';
import { LEDGER_HEAD } from '../../lambdas/platform/ledger.ts';
import { openRecords } from '../../lambdas/platform/open-records.ts';
import type { KeyWrite } from '../../lambdas/platform/records.ts';
import type { TableName } from '../../lambdas/platform/tables.ts';
import { startDynamoDb, type TestDynamoDb } from '../support/dynoxide.ts';
import { anId, aStore, type TestStore } from '../support/store.ts';

/** A stream gives each image at least once, and its order is that of one shard: nothing here leans on either. */
let db: TestDynamoDb;
let tableNames: Record<TableName, string>;
let store: TestStore;
beforeAll(async () => {
  db = await startDynamoDb();
  tableNames = await db.createTables();
  store = await aStore(db.client, tableNames, []);
});
afterAll(() => db.stop());

type Row = Record<string, AttributeValue>;
const acts = ['restrict', 'lift', 'refuse', 'allow', 'shred', 'erase'] as const;
const RUNS = 60;

const rowAt = async (table: TableName, key: { pk: string; sk: string }): Promise<Row | undefined> => {
  const Key = { pk: { S: key.pk }, sk: { S: key.sk } };
  return (await db.client.send(new GetItemCommand({ TableName: tableNames[table], Key }))).Item;
};

/** The images that the key row and the ledger's head had, one after another, while the platform itself changed them. */
async function imagesOf(doing: readonly (typeof acts)[number][]) {
  const controller = anId('org');
  await store.ring.create(controller);
  const owner = { controller, subject: anId('per') };
  const keys = { class: classKeyId(owner, 'person'), head: { pk: controller, sk: LEDGER_HEAD } };
  const images: { row: Row[]; head: Row[] } = { row: [], head: [] };
  for (const act of doing) {
    const common = { owner, retentionClass: 'person' } as const;
    const write: KeyWrite =
      act === 'refuse' || act === 'allow' ? { do: act, ...common, entity: 'person' } : { do: act, ...common };
    await openRecords(store, { requestId: 'req', actor: 'acc_test', newEventId: () => anId('evt') })
      .change()
      .keys(write)
      .ledger({ kind: 'restriction', subject: owner })
      .activity({ event: 'person.changed', subject: owner })
      .commit();
    const [row, head] = await Promise.all([rowAt('keys', keys.class), rowAt('keys', keys.head)]);
    if (row) images.row.push(row);
    if (head) images.head.push(head);
  }
  return { keys, images };
}

function recordOf(row: Row, i: number): DynamoDBRecord {
  const { wrappedKey, ...rest } = row;
  const wrapped = wrappedKey?.B && { wrappedKey: { B: Buffer.from(wrappedKey.B).toString('base64') } };
  return { dynamodb: { SequenceNumber: String(i), NewImage: { ...rest, ...wrapped } } } as unknown as DynamoDBRecord;
}

const mirrored = (rows: readonly Row[]) =>
  mirrorKeyRows(rows.map(recordOf), { client: db.client, table: tableNames.mirror, log: () => {} });

/** Every image at least once, some again, in any order. */
const shuffled = (generated: fc.GeneratorValue, images: readonly Row[]) =>
  generated(() =>
    fc
      .array(fc.constantFrom(...images), { maxLength: images.length })
      .chain((again) => fc.shuffledSubarray([...images, ...again], { minLength: images.length + again.length })),
  );

const aCourse = fc.array(fc.constantFrom(...acts), { minLength: 1, maxLength: 7 });

describe('KP-12 FW-10 the mirror, whatever the order of the stream and however often it repeats itself', () => {
  it('ends as the key row ended', () =>
    fc.assert(
      fc.asyncProperty(aCourse, fc.gen(), async (course, generated) => {
        const { keys, images } = await imagesOf(course);
        if (images.row.length > 0) await mirrored(shuffled(generated, images.row));
        expect(await rowAt('mirror', keys.class)).toEqual(images.row.at(-1));
      }),
      { numRuns: RUNS },
    ));

  it('holds no key from the moment in which it has seen the fence', () =>
    fc.assert(
      fc.asyncProperty(aCourse, aCourse, fc.gen(), async (before, after, generated) => {
        const { keys, images } = await imagesOf([...before, 'erase', ...after]);
        const fence = images.row.find((row) => row['state']?.S === 'ERASED')!;
        for (const image of [fence, ...shuffled(generated, images.row)]) {
          await mirrored([image]);
          const row = await rowAt('mirror', keys.class);
          expect(row).toMatchObject({ state: { S: 'ERASED' } });
          expect(row).not.toHaveProperty('wrappedKey');
        }
      }),
      { numRuns: RUNS },
    ));

  it('never goes back behind the head of the ledger that it has seen', () =>
    fc.assert(
      fc.asyncProperty(aCourse, fc.gen(), async (course, generated) => {
        const { keys, images } = await imagesOf(course);
        let furthest = 0;
        for (const image of shuffled(generated, images.head)) {
          await mirrored([image]);
          furthest = Math.max(furthest, Number(image['sequence']?.N));
          expect((await rowAt('mirror', keys.head))?.['sequence']?.N).toBe(String(furthest));
        }
        expect(await rowAt('mirror', keys.head)).toEqual(images.head.at(-1));
      }),
      { numRuns: RUNS },
    ));

  it('takes no key that was written over another of the same generation', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('restrict', 'lift', 'shred'), { minLength: 1, maxLength: 4 }),
        async (course) => {
          const { keys, images } = await imagesOf(['restrict', ...course]);
          const whole = images.row.at(-1)!;
          const forged = { ...whole, wrappedKey: { B: Buffer.alloc(60, 7) } };
          await mirrored([...images.row, forged]);
          expect(await rowAt('mirror', keys.class)).toEqual(whole);
        },
      ),
      { numRuns: RUNS },
    ));
});
