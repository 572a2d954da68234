import type { AwsJsonCall } from '../aws-json.ts';

export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly dynamodb: {
    readonly SequenceNumber: string;
    readonly Keys: Readonly<Record<string, unknown>>;
    readonly ApproximateCreationDateTime?: number;
  };
  readonly userIdentity?: { readonly type: string; readonly principalId: string };
}

/** What one GetRecords brought, and the iterator that goes on after it; none at the end of a shard. */
export interface StreamPage {
  readonly records: readonly StreamRecord[];
  readonly next: string | undefined;
}

/** A place in a shard: after the record of that number, or before all where it is ''. */
export interface StreamPlace {
  readonly streamArn: string;
  readonly shardId: string;
  readonly after: string;
}

/** Reads at a place, by an iterator that leads there. */
export type StreamReads = (at: StreamPlace, iterator: string, limit: number) => Promise<StreamPage>;

/** Pages kept for those who come by the same place a little later. */
const PAGES_MAX = 32;

/**
 * Several pollers of one stream read the same records soon after each other: what one has read from a place the others
 * get without asking again. A place at which there was nothing yet is always asked anew.
 */
export function streamReads(dynamoDb: AwsJsonCall): StreamReads {
  const pages = new Map<string, Promise<StreamPage | undefined>>();

  async function read(ShardIterator: string, Limit: number): Promise<StreamPage> {
    const answer = await dynamoDb('DynamoDBStreams_20120810.GetRecords', { ShardIterator, Limit });
    return {
      records: answer['Records'] as readonly StreamRecord[],
      next: answer['NextShardIterator'] as string | undefined,
    };
  }

  return async ({ streamArn, shardId, after }, iterator, limit) => {
    const name = `${streamArn} ${shardId} ${after} ${limit}`;
    // One under way may have begun before what the caller looks for was written: only what it found is shared.
    const underWay = pages.get(name);
    const known = underWay && (await underWay);
    if (known) return known;
    const reading = read(iterator, limit);
    const found = reading.then(
      (page) => (page.records.length > 0 ? page : undefined),
      () => undefined,
    );
    pages.set(name, found);
    const [oldest] = pages.keys();
    if (pages.size > PAGES_MAX && oldest !== undefined) pages.delete(oldest);
    return reading;
  };
}
