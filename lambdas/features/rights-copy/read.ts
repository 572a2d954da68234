import type { Row } from '../../platform/dynamo.ts';
import type { Files } from '../../platform/files.ts';
import { rowFromStream } from '../../platform/stream-record.ts';
import { folderOf, linesOf } from './copied.ts';

/** One change of a row of Rights; without an item the row was removed. */
export interface RightsCopied {
  /** DynamoDB's SequenceNumber. */
  readonly sequence: string;
  /** When DynamoDB took it, to the second. */
  readonly at: Date;
  readonly key: { readonly pk: string; readonly sk: string };
  readonly item?: Row;
}

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;
/** Copies are gone after 83 days; whoever asks for more days is wrong about something. */
const DAYS_MAX = 100;

/**
 * What has happened in Rights since a moment, that second included, as it was copied into the locked bucket; for each row
 * in the order in which it happened. Between rows there is no order. A batch that was delivered twice is told once.
 * Needs memory for the place of every row that changed. Throws for a copy that cannot be read.
 */
export async function* readRightsCopies(
  files: Pick<Files, 'get' | 'list'>,
  since: Date,
  now: Date,
): AsyncGenerator<RightsCopied> {
  const told = new Map<string, bigint>();
  const sinceSecond = Math.floor(since.getTime() / 1000);
  for (const day of daysFrom(since, now)) {
    for (const { key } of inOrder(await files.list(folderOf(day)))) {
      const content = await files.get(key);
      if (!content) throw new Error(`The copy ${key} is listed, and not there`);
      for (const { sequence, at, keys, item } of linesOf({ key, content })) {
        const row = { pk: keys.pk.S, sk: keys.sk.S };
        const stream = `${generationFolder(key)}|${row.pk}|${row.sk}`;
        const place = BigInt(sequence);
        if (at < sinceSecond || place <= (told.get(stream) ?? -1n)) continue;
        told.set(stream, place);
        yield { sequence, at: new Date(at * 1000), key: row, ...(item && { item: rowFromStream(item) }) };
      }
    }
  }
}

const generationFolder = (key: string) => key.split('/')[2];

/** By generation and the number of the first change, which the name begins with; what S3 lists comes so already. */
const inOrder = <F extends { readonly key: string }>(files: readonly F[]) =>
  files.toSorted((a, b) => (a.key < b.key ? -1 : 1));

/** From the day before: a batch that spans midnight lies in the folder of its first change. */
function daysFrom(since: Date, now: Date): Date[] {
  const first = Math.floor(since.getTime() / DAY_MILLISECONDS) - 1;
  const last = Math.floor(now.getTime() / DAY_MILLISECONDS);
  if (last - first > DAYS_MAX) throw new Error('Copies of rights are not kept that long');
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => new Date((first + i) * DAY_MILLISECONDS));
}
