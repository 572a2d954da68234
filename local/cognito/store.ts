import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { type Records, recordSchemas } from './records.ts';

/** The journal is rewritten once it has outgrown both this and a multiple of its last compacted size. */
const COMPACTION_BYTES_MIN = 4 * 1024 * 1024;
const COMPACTION_GROWTH = 4;

type Collection = keyof Records;
type Maps = { [C in Collection]: Map<string, Records[C]> };

/** One record set (or, with null, removed). */
export type Change<C extends Collection = Collection> = {
  [P in C]: { readonly collection: P; readonly key: string; readonly value: Records[P] | null };
}[C];

const JournalLine = z.array(
  z.strictObject({
    collection: z.enum(['users', 'grants', 'challenges', 'secrets']),
    key: z.string(),
    value: z.unknown(),
  }),
);

/**
 * A pool's records in memory, each commit first appended as one line to a journal. The write has reached
 * the operating system when commit returns, so it survives the death of this process (not a power cut).
 */
export class Store {
  readonly #path: string;
  readonly #maps: Maps = { users: new Map(), grants: new Map(), challenges: new Map(), secrets: new Map() };
  #file: number;
  #bytes = 0;
  #compactedBytes = 0;

  /** Opens or makes the journal at `path`; throws if a complete line does not parse. */
  constructor(path: string) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    for (const line of journalLines(path)) this.#load(line);
    this.#file = this.#compact();
  }

  all<C extends Collection>(collection: C): ReadonlyMap<string, Records[C]> {
    return this.#maps[collection];
  }

  /** Makes all changes or none. */
  commit(...changes: readonly Change[]): void {
    if (changes.length === 0) return;
    const line = Buffer.from(`${JSON.stringify(changes)}\n`);
    this.#append(line);
    for (const change of changes) this.#apply(change);
    if (this.#bytes < Math.max(COMPACTION_BYTES_MIN, this.#compactedBytes * COMPACTION_GROWTH)) return;
    closeSync(this.#file);
    this.#file = this.#compact();
  }

  close(): void {
    closeSync(this.#file);
  }

  #append(line: Buffer): void {
    try {
      writeWhole(this.#file, line);
      this.#bytes += line.length;
    } catch (error) {
      // Half a line would swallow the next commit.
      ftruncateSync(this.#file, this.#bytes);
      throw error;
    }
  }

  #apply<C extends Collection>(change: Change<C>): void {
    const map: Map<string, Records[C]> = this.#maps[change.collection];
    if (change.value === null) map.delete(change.key);
    else map.set(change.key, change.value);
  }

  #load(line: string): void {
    for (const { collection, key, value } of JournalLine.parse(JSON.parse(line))) {
      if (value === null) this.#maps[collection].delete(key);
      else this.#read(collection, key, value);
    }
  }

  #read<C extends Collection>(collection: C, key: string, value: unknown): void {
    const schema: z.ZodType<Records[C]> = recordSchemas[collection];
    this.#maps[collection].set(key, schema.parse(value));
  }

  /** Writes what is alive to a new file, moves it over the journal, and returns it opened for appending. */
  #compact(): number {
    const scratch = `${this.#path}.new`;
    const file = openSync(scratch, 'w', 0o600);
    for (const [collection, map] of Object.entries(this.#maps)) {
      for (const [key, value] of map)
        writeWhole(file, Buffer.from(`${JSON.stringify([{ collection, key, value }])}\n`));
    }
    fsyncSync(file);
    closeSync(file);
    renameSync(scratch, this.#path);
    this.#compactedBytes = readFileSync(this.#path).length;
    this.#bytes = this.#compactedBytes;
    return openSync(this.#path, 'a', 0o600);
  }
}

/** Complete lines only: what follows the last newline was never acknowledged. */
function journalLines(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8').split('\n').slice(0, -1);
}

function writeWhole(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}
