import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { BucketObjects } from './bucket-objects.ts';

export interface ImportSource {
  readonly bucket: string;
  /** Of the data files alone: whatever begins so is read as one. */
  readonly prefix: string;
  readonly isCompressed: boolean;
}

/** What DescribeImport counts; grows while items are read. */
export interface ImportCounts {
  processedItems: number;
  /** Uncompressed. */
  processedBytes: number;
  errors: number;
}

export class ImportFailure extends Error {
  override readonly name = 'ImportFailure';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * The items of all files under the prefix: one `{"Item": …}` a line (developer guide, "DynamoDB JSON"). A line that is none,
 * or lacks a key, is counted and passed over; a file that cannot be read at all counts once. Throws ImportFailure.
 */
export async function* importedItems(
  { bucket, prefix, isCompressed }: ImportSource,
  keyNames: readonly string[],
  objects: BucketObjects,
  counts: ImportCounts,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  for (const key of await keysUnder(bucket, prefix, objects)) {
    const text = await contentsOf(await objects.read(bucket, key), isCompressed);
    if (text === undefined) counts.errors += 1;
    for (const line of text?.split('\n') ?? []) {
      if (line.trim() === '') continue;
      counts.processedItems += 1;
      counts.processedBytes += Buffer.byteLength(line);
      const item = itemIn(line, keyNames);
      if (item) yield item;
      else counts.errors += 1;
    }
  }
}

async function keysUnder(bucket: string, prefix: string, objects: BucketObjects): Promise<readonly string[]> {
  const keys: string[] = [];
  try {
    for await (const key of objects.list(bucket, prefix)) keys.push(key);
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchBucket') {
      throw new ImportFailure('S3NoSuchBucket', 'The specified bucket does not exist');
    }
    throw error;
  }
  if (keys.length === 0) throw new ImportFailure('S3NoSuchKey', 'No objects were found under the key prefix');
  return keys;
}

async function contentsOf(body: Buffer, isCompressed: boolean): Promise<string | undefined> {
  if (!isCompressed) return body.toString();
  try {
    return (await promisify(gunzip)(body)).toString();
  } catch {
    return undefined;
  }
}

function itemIn(line: string, keyNames: readonly string[]): Readonly<Record<string, unknown>> | undefined {
  try {
    const { Item } = JSON.parse(line) as { Item?: Readonly<Record<string, unknown>> };
    return keyNames.every((name) => Item?.[name] !== undefined) ? Item : undefined;
  } catch {
    return undefined;
  }
}
