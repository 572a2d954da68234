import { Unzip, UnzipInflate, Zip, ZipDeflate, ZipPassThrough } from 'fflate';

/** One file of an export. Names are ASCII, with `/` between folders. */
export interface Entry {
  readonly name: string;
  readonly content: Uint8Array;
}
/** Takes the files of an export one after the other, so that none but the present one is in memory. */
export type Sink = (entry: Entry) => void | Promise<void>;

const alreadyCompressed = /\.(jpg|png|webp|zip)$/;
/** Large files are compressed in steps, so that their compressed form is never in memory whole. */
const STEP_BYTES = 256 * 1024;

/** A ZIP file (PKWARE APPNOTE 6.3) as it grows: memory holds the present entry and what the caller has not taken yet. */
export async function* zipOf(entries: AsyncIterable<Entry> | Iterable<Entry>, at: Date): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  let failure: Error | undefined;
  const zip = new Zip((error, chunk) => {
    if (error) failure = error;
    else ready.push(chunk);
  });
  function* taken() {
    if (failure) throw failure;
    yield* ready.splice(0);
  }
  for await (const { name, content } of entries) {
    const file = alreadyCompressed.test(name) ? new ZipPassThrough(name) : new ZipDeflate(name);
    file.mtime = at;
    zip.add(file);
    for (let start = 0; start === 0 || start < content.length; start += STEP_BYTES) {
      const end = start + STEP_BYTES;
      file.push(content.subarray(start, end), end >= content.length);
      yield* taken();
    }
  }
  zip.end();
  yield* taken();
}

export async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

/**
 * One file of a ZIP while the ZIP is read, chunk by chunk; nothing when it is not in it. Throws when it is no ZIP,
 * and when the file is in it twice: which of them is shown differs between programs.
 */
export async function* fileInZip(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  let failure: Error | undefined;
  let isFound = false;
  const unzip = new Unzip((entry) => {
    if (entry.name !== name) return;
    if (isFound) failure = new Error(`${name} is in the .zip more than once`);
    isFound = true;
    entry.ondata = (error, chunk) => {
      if (error) failure = error;
      else ready.push(chunk);
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  for await (const chunk of chunks) {
    unzip.push(chunk);
    if (failure) throw failure;
    yield* ready.splice(0);
  }
  unzip.push(new Uint8Array(0), true);
  if (failure) throw failure;
  yield* ready.splice(0);
}
