import { gunzipSync, gzipSync } from 'node:zlib';
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import * as z from 'zod';

/** One change of a row of Rights, as it lies in the locked bucket: DynamoDB JSON, binary as base64 text. */
const CopiedLine = z.strictObject({
  /** DynamoDB's SequenceNumber: ascending for one row. */
  sequence: z.string().regex(/^\d{1,40}$/),
  /** Seconds since the epoch, as DynamoDB says when it was written. */
  at: z.number(),
  keys: z.strictObject({ pk: z.strictObject({ S: z.string() }), sk: z.strictObject({ S: z.string() }) }),
  /** The row as it was written; absent when it was removed. */
  item: z.custom<Record<string, AttributeValue>>((item) => typeof item === 'object' && item !== null).optional(),
});
export type CopiedLine = z.output<typeof CopiedLine>;

export interface CopiedFile {
  readonly key: string;
  readonly content: Uint8Array;
}

const SEQUENCE_DIGITS = 40;
const GENERATION_DIGITS = 4;
/** What a batch of the stream holds unpacked: 6 MB of Lambda's request. */
const FILE_BYTES_MAX = 16 * 1024 * 1024;

/**
 * All copies of one UTC day: by the generation of the table (a restore makes the next one, whose stream counts anew), in
 * the order of their first changes.
 */
export const folderOf = (day: Date) => `rights/${day.toISOString().slice(0, 10)}/`;

/**
 * The file of one batch. The name tells the batch's beginning and end, so a batch that is delivered twice is one file,
 * and one that was cut otherwise the second time is another: nothing that came is ever taken for something that is there.
 * Throws for a record that is not of this table's stream of new images.
 */
export function copiedFile(records: readonly DynamoDBRecord[]): CopiedFile {
  const lines = records.map(lineOf);
  const [first] = lines;
  const { eventID: lastEvent, eventSourceARN: stream = '' } = records.at(-1) ?? {};
  if (first === undefined || lastEvent === undefined) throw new Error('A batch without a record');
  const folder = `${folderOf(new Date(first.at * 1000))}g${generationOf(stream).padStart(GENERATION_DIGITS, '0')}`;
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return {
    key: `${folder}/${first.sequence.padStart(SEQUENCE_DIGITS, '0')}-${lastEvent}.jsonl.gz`,
    content: gzipSync(text),
  };
}

/** The changes in a file, in its order. Throws for a file that is not whole, or not one of ours. */
export function linesOf({ key, content }: CopiedFile): CopiedLine[] {
  const text = gunzipSync(content, { maxOutputLength: FILE_BYTES_MAX }).toString('utf8');
  const lines = text.split('\n').slice(0, -1);
  if (!text.endsWith('\n')) throw new Error(`The copy ${key} is cut off`);
  return lines.map((line) => CopiedLine.parse(JSON.parse(line)));
}

/** What the name of the table ends in. */
function generationOf(streamArn: string): string {
  const [, generation] = /:table\/[^/]*-g(\d+)\/stream\//.exec(streamArn) ?? [];
  if (generation === undefined) throw new Error('A stream of a table without a generation');
  return generation;
}

function lineOf({ eventName, dynamodb }: DynamoDBRecord): CopiedLine {
  const item = dynamodb?.NewImage;
  if ((eventName === 'REMOVE') === (item !== undefined)) throw new Error('A change without its new image');
  return CopiedLine.parse({
    sequence: dynamodb?.SequenceNumber,
    at: dynamodb?.ApproximateCreationDateTime,
    keys: dynamodb?.Keys,
    ...(item && { item }),
  });
}
