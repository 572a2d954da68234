import { describe, expect, it } from 'vitest';
import { streamReads } from '../../../local/events/stream-reads.ts';

const place = { streamArn: 'arn:stream', shardId: 'shard', after: '7' };

/** A stream that answers as many records as it is told, and counts how often it is asked. */
function aStream(records: number) {
  const asked: unknown[] = [];
  const stream = { records };
  const reads = streamReads(async (_target, input) => {
    asked.push(input);
    return {
      Records: Array.from({ length: stream.records }, (_, i) => ({ eventID: String(i) })),
      NextShardIterator: 'next',
    };
  });
  return {
    asked,
    reads,
    fill(count: number) {
      stream.records = count;
    },
  };
}

describe('what several pollers of one stream read', () => {
  it('is asked for once', async () => {
    const { reads, asked } = aStream(3);
    const pages = [await reads(place, 'mine', 100), await reads(place, 'theirs', 100)];
    expect(pages[1]).toEqual(pages[0]);
    expect(pages[0]).toMatchObject({ records: [{}, {}, {}], next: 'next' });
    expect(asked).toEqual([{ ShardIterator: 'mine', Limit: 100 }]);
  });

  it('is asked for once also by two at the same moment', async () => {
    const { reads, asked } = aStream(1);
    await Promise.all([reads(place, 'mine', 100), reads(place, 'theirs', 100)]);
    expect(asked).toHaveLength(1);
  });

  it('is asked for anew where there was nothing yet', async () => {
    const { reads, fill } = aStream(0);
    const early = reads(place, 'mine', 100);
    fill(1);
    const late = reads(place, 'theirs', 100);
    expect((await early).records).toHaveLength(0);
    expect((await late).records).toHaveLength(1);
  });

  it.each([
    ['place', { ...place, after: '8' }, 100],
    ['shard', { ...place, shardId: 'other' }, 100],
    ['stream', { ...place, streamArn: 'arn:other' }, 100],
    ['number of records', place, 50],
  ])('is asked for at each %s', async (_, other, limit) => {
    const { reads, asked } = aStream(1);
    await reads(place, 'mine', 100);
    await reads(other, 'theirs', limit);
    expect(asked).toHaveLength(2);
  });

  it('fails for whoever asked alone', async () => {
    let calls = 0;
    const reads = streamReads(async () => {
      calls += 1;
      if (calls === 1) throw new Error('gone');
      return { Records: [{}] };
    });
    const [mine, theirs] = await Promise.allSettled([reads(place, 'mine', 1), reads(place, 'theirs', 1)]);
    expect(mine).toMatchObject({ status: 'rejected' });
    expect(theirs).toMatchObject({ status: 'fulfilled', value: { records: [{}], next: undefined } });
  });
});
