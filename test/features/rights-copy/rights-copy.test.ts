import { gunzipSync } from 'node:zlib';
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyRights } from '../../../lambdas/features/rights-copy/copy.ts';
import { type RightsCopied, readRightsCopies } from '../../../lambdas/features/rights-copy/read.ts';
import type { PutOnce } from '../../../lambdas/platform/put-once.ts';

const noon = new Date('2026-11-22T12:00:00Z');
const epochSeconds = (at: Date) => Math.floor(at.getTime() / 1000);
const later = (seconds: number) => new Date(noon.getTime() + seconds * 1000);

/** The locked bucket: what stands there stays. */
function aLockedBucket() {
  const files = new Map<string, Uint8Array>();
  const put: PutOnce = async (key, content) => {
    if (files.has(key)) return 'present';
    files.set(key, content);
    return 'put';
  };
  return {
    files,
    put,
    get: async (key: string) => files.get(key),
    list: async (prefix: string) =>
      [...files.keys()].filter((key) => key.startsWith(prefix)).map((key) => ({ key, lastModified: noon })),
  };
}

interface Written {
  readonly sequence: number;
  readonly row?: string;
  readonly at?: Date;
  readonly item?: Record<string, AttributeValue> | undefined;
  readonly generation?: number;
}

function aRecord({ sequence, row = 'consent', at = noon, item, generation = 1 }: Written): DynamoDBRecord {
  const keys = { pk: { S: 'org#per' }, sk: { S: row } };
  return {
    eventID: `event-${sequence}`,
    eventName: item ? 'MODIFY' : 'REMOVE',
    eventSourceARN: `arn:aws:dynamodb:eu-west-1:000000000000:table/vern-dev-rights-g${generation}/stream/2026-11-22T00:00`,
    dynamodb: {
      SequenceNumber: String(sequence),
      ApproximateCreationDateTime: epochSeconds(at),
      Keys: keys,
      ...(item && { NewImage: { ...keys, ...item } }),
    },
  };
}

const given = (sequence: number) => aRecord({ sequence, item: { state: { S: `given at ${sequence}` } } });

async function everything(reading: AsyncIterable<RightsCopied>): Promise<RightsCopied[]> {
  const found: RightsCopied[] = [];
  for await (const one of reading) found.push(one);
  return found;
}

describe('the copy of the rights', () => {
  it('lies under its day, generation and first sequence number, a line for each change', async () => {
    const bucket = aLockedBucket();
    await copyRights([given(7), aRecord({ sequence: 8, row: 'ledger' })], bucket.put);
    const [[key, content] = ['', new Uint8Array()]] = [...bucket.files];
    expect(key).toBe(`rights/2026-11-22/g0001/${'7'.padStart(40, '0')}-event-8.jsonl.gz`);
    const lines = gunzipSync(content).toString().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        sequence: '7',
        at: epochSeconds(noon),
        keys: { pk: { S: 'org#per' }, sk: { S: 'consent' } },
        item: { pk: { S: 'org#per' }, sk: { S: 'consent' }, state: { S: 'given at 7' } },
      },
      { sequence: '8', at: epochSeconds(noon), keys: { pk: { S: 'org#per' }, sk: { S: 'ledger' } } },
    ]);
  });

  it('is put once when the same batch comes twice', async () => {
    const bucket = aLockedBucket();
    expect(await copyRights([given(1), given(2)], bucket.put)).toEqual({ changes: 2, outcome: 'put' });
    expect(await copyRights([given(1), given(2)], bucket.put)).toEqual({ changes: 2, outcome: 'present' });
    expect(bucket.files.size).toBe(1);
  });

  it('has all of a batch that begins like an earlier one and goes on', async () => {
    const bucket = aLockedBucket();
    await copyRights([given(1)], bucket.put);
    await copyRights([given(1), given(2)], bucket.put);
    const told = await everything(readRightsCopies(bucket, noon, noon));
    expect(told.map(({ sequence }) => sequence)).toEqual(['1', '2']);
  });

  it('gives the batch back when the bucket does not take it', async () => {
    const refusing: PutOnce = () => Promise.reject(new Error('SlowDown'));
    await expect(copyRights([given(1)], refusing)).rejects.toThrow('SlowDown');
  });

  it('refuses a change that came without its new image', async () => {
    const bucket = aLockedBucket();
    const keysOnly = { ...aRecord({ sequence: 1 }), eventName: 'MODIFY' as const };
    await expect(copyRights([keysOnly], bucket.put)).rejects.toThrow('without its new image');
    expect(bucket.files.size).toBe(0);
  });

  it('puts nothing where there is nothing', async () => {
    expect(await copyRights([], aLockedBucket().put)).toEqual({ changes: 0, outcome: 'nothing' });
  });
});

describe('whoever reads the copies', () => {
  it('gets the rows as they were written, with binary as bytes, and is told of removals', async () => {
    const bucket = aLockedBucket();
    const sealed = Buffer.from('sealed').toString('base64');
    const item = { payload: { B: sealed }, of: { L: [{ M: { n: { N: '3' } } }] } };
    await copyRights([aRecord({ sequence: 1, item }), aRecord({ sequence: 2 })], bucket.put);
    const [written, removed] = await everything(readRightsCopies(bucket, noon, noon));
    expect(written?.item).toEqual({
      pk: { S: 'org#per' },
      sk: { S: 'consent' },
      payload: { B: Buffer.from('sealed') },
      of: { L: [{ M: { n: { N: '3' } } }] },
    });
    expect(removed).toEqual({ sequence: '2', at: noon, key: { pk: 'org#per', sk: 'consent' } });
  });

  it('begins with the second that was asked for, and finds what a batch carried over midnight', async () => {
    const bucket = aLockedBucket();
    const midnight = new Date('2026-11-23T00:00:00Z');
    const at = (sequence: number, seconds: number) =>
      aRecord({ sequence, at: new Date(midnight.getTime() + seconds * 1000), item: { n: { N: String(sequence) } } });
    await copyRights([at(1, -2), at(2, -1), at(3, 0), at(4, 1)], bucket.put);
    const since = async (seconds: number) => {
      const from = new Date(midnight.getTime() + seconds * 1000 + 999);
      return (await everything(readRightsCopies(bucket, from, midnight))).map(({ sequence }) => sequence);
    };
    expect(await since(-1)).toEqual(['2', '3', '4']);
    expect(await since(0)).toEqual(['3', '4']);
  });

  it('reads the tables of a restore after the table that was lost, whatever their numbers', async () => {
    const bucket = aLockedBucket();
    await copyRights([aRecord({ sequence: 5, generation: 10, item: { is: { S: 'tenth' } } })], bucket.put);
    await copyRights([aRecord({ sequence: 900, generation: 9, item: { is: { S: 'ninth' } } })], bucket.put);
    const told = await everything(readRightsCopies(bucket, noon, noon));
    expect(told.map(({ item }) => item?.['is']?.S)).toEqual(['ninth', 'tenth']);
  });

  it('refuses a copy that is cut off, and one that is listed and not there', async () => {
    const bucket = aLockedBucket();
    await copyRights([given(1)], bucket.put);
    const [key = ''] = bucket.files.keys();
    const missing = { ...bucket, get: async () => undefined };
    await expect(everything(readRightsCopies(missing, noon, noon))).rejects.toThrow('not there');
    bucket.files.set(key, bucket.files.get(key)!.subarray(0, -10));
    await expect(everything(readRightsCopies(bucket, noon, noon))).rejects.toThrow();
  });

  it('refuses to look for more days than copies are kept', async () => {
    const reading = readRightsCopies(aLockedBucket(), new Date('2026-01-01T00:00:00Z'), noon);
    await expect(everything(reading)).rejects.toThrow('not kept that long');
  });

  it('ends with each row as it is, however the stream was cut, repeated and split over shards', async () => {
    const history = fc.array(
      fc.record({
        row: fc.integer({ min: 0, max: 4 }),
        isRemoval: fc.boolean(),
        seconds: fc.integer({ min: 0, max: 9 }),
      }),
      { minLength: 1, maxLength: 40 },
    );
    // Where each shard's batches end, and how often a batch is delivered.
    const cuts = fc.array(
      fc.record({ length: fc.integer({ min: 1, max: 6 }), times: fc.integer({ min: 1, max: 3 }) }),
      {
        minLength: 40,
        maxLength: 40,
      },
    );
    await fc.assert(
      fc.asyncProperty(history, cuts, cuts, async (changes, firstCuts, laterCuts) => {
        let clock = 0;
        const records = changes.map(({ row, isRemoval, seconds }, i) => {
          clock += seconds;
          const item = isRemoval ? undefined : { n: { N: String(i) } };
          return { shard: row % 2, record: aRecord({ sequence: i + 1, row: `row-${row}`, at: later(clock), item }) };
        });
        const bucket = aLockedBucket();
        for (const shard of [0, 1]) {
          const ofShard = records.filter((one) => one.shard === shard).map(({ record }) => record);
          // Delivered once with these cuts, and again with others, as after a crash of the poller.
          for (const each of [firstCuts, laterCuts]) {
            let from = 0;
            for (const { length, times } of each) {
              const batch = ofShard.slice(from, from + length);
              for (let time = 0; time < times; time++) await copyRights(batch, bucket.put);
              from += length;
            }
          }
        }
        const told = await everything(readRightsCopies(bucket, noon, later(clock)));
        const byRow = Map.groupBy(told, ({ key }) => key.sk);
        for (const [row, ofRow] of byRow) {
          const expected = records.filter(({ record }) => record.dynamodb?.Keys?.['sk']?.S === row);
          expect(ofRow.map(({ sequence }) => sequence)).toEqual(
            expected.map(({ record }) => record.dynamodb?.SequenceNumber),
          );
          expect(ofRow.at(-1)?.item?.['n']).toEqual(expected.at(-1)?.record.dynamodb?.NewImage?.['n']);
        }
        expect(byRow.size).toBe(new Set(changes.map(({ row }) => row)).size);
      }),
      { numRuns: 60 },
    );
  });
});
