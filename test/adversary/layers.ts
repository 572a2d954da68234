import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** Archives in archives in texts: deeper than this nothing of ours goes. */
const DEPTH_MAX = 5;
const UNPACKED_BYTES_MAX = 64 * 1024 * 1024;
/** Shorter runs of base64 or hexadecimal digits are words, ids and numbers, and their needles are known as such. */
const RUN_CHARACTERS_MIN = 24;

/**
 * The bytes themselves and everything that they hold packed: gzip, zlib, the entries of ZIP and PDF, runs of base64 and
 * hexadecimal digits, percent-encoding and quoted-printable; each layer unpacked again.
 */
export function layersOf(bytes: Uint8Array): Buffer[] {
  const seen = new Map<string, Buffer>();
  const wave: { bytes: Buffer; depth: number }[] = [{ bytes: Buffer.from(bytes), depth: 0 }];
  let size = 0;
  for (let next = wave.pop(); next; next = wave.pop()) {
    const id = `${next.bytes.length}:${next.bytes.subarray(0, 64).toString('latin1')}${next.bytes.subarray(-64).toString('latin1')}`;
    if (seen.has(id)) continue;
    seen.set(id, next.bytes);
    size += next.bytes.length;
    if (size > UNPACKED_BYTES_MAX) throw new Error(`More than ${UNPACKED_BYTES_MAX} bytes in one exhibit`);
    if (next.depth >= DEPTH_MAX) continue;
    for (const inner of packedIn(next.bytes)) wave.push({ bytes: inner, depth: next.depth + 1 });
  }
  return [...seen.values()];
}

function packedIn(bytes: Buffer): Buffer[] {
  return [...compressedIn(bytes), ...textsIn(bytes)].filter((inner) => inner.length > 0);
}

const ZIP_ENTRY_HEADER_BYTES = 30;

/** Every place where a compressed stream could begin is tried; what is none fails at once. */
function compressedIn(bytes: Buffer): Buffer[] {
  const found: (Buffer | undefined)[] = [];
  for (const at of placesOf(bytes, Buffer.from([0x1f, 0x8b, 0x08])))
    found.push(tried(() => gunzipSync(bytes.subarray(at), partial)));
  for (const second of [0x01, 0x5e, 0x9c, 0xda]) {
    for (const at of placesOf(bytes, Buffer.from([0x78, second])))
      found.push(tried(() => inflateSync(bytes.subarray(at), partial)));
  }
  for (const at of placesOf(bytes, Buffer.from('PK\x03\x04', 'latin1'))) {
    if (at + ZIP_ENTRY_HEADER_BYTES > bytes.length) continue;
    const begins = at + ZIP_ENTRY_HEADER_BYTES + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    // Method 8 (APPNOTE.TXT, section 4.4.5); what is stored lies open already.
    if (bytes.readUInt16LE(at + 8) === 8) found.push(tried(() => inflateRawSync(bytes.subarray(begins), partial)));
  }
  // Neither has a mark to be known by.
  found.push(
    tried(() => inflateRawSync(bytes, bounded)),
    tried(() => brotliDecompressSync(bytes, bounded)),
  );
  return found.filter((inner) => inner !== undefined);
}

const bounded = { maxOutputLength: UNPACKED_BYTES_MAX };
// Z_SYNC_FLUSH: a stream that was cut short gives what there is of it.
const partial = { ...bounded, finishFlush: 2 };

function* placesOf(bytes: Buffer, mark: Buffer): Generator<number> {
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) yield at;
}

function tried(unpack: () => Buffer): Buffer | undefined {
  // Nearly all of it fails, and nobody reads where: a stack costs more than the attempt.
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return unpack();
  } catch {
    return undefined;
  } finally {
    Error.stackTraceLimit = limit;
  }
}

const base64Run = new RegExp(
  `[A-Za-z0-9+/]{${RUN_CHARACTERS_MIN},}(?:(?:\\\\r)?(?:\\\\n)?\\r?\\n?[A-Za-z0-9+/]+)*={0,2}`,
  'g',
);
const base64UrlRun = new RegExp(`[A-Za-z0-9_-]{${RUN_CHARACTERS_MIN},}`, 'g');
const hexRun = new RegExp(`(?:[0-9a-fA-F]{2}){${RUN_CHARACTERS_MIN / 2},}`, 'g');

function textsIn(bytes: Buffer): Buffer[] {
  const text = bytes.toString('latin1');
  const found: Buffer[] = [];
  for (const [run] of text.matchAll(base64Run)) found.push(Buffer.from(run.replace(/\\r|\\n|\s/g, ''), 'base64'));
  for (const [run] of text.matchAll(base64UrlRun)) if (/[_-]/.test(run)) found.push(Buffer.from(run, 'base64url'));
  for (const [run] of text.matchAll(hexRun)) found.push(Buffer.from(run, 'hex'));
  if (/%[0-9a-fA-F]{2}/.test(text)) found.push(octets(text.replaceAll('+', ' '), /%([0-9a-fA-F]{2})/g));
  if (/=(?:[0-9A-F]{2}|\r?\n)/.test(text)) found.push(octets(text.replace(/=\r?\n/g, ''), /=([0-9A-F]{2})/g));
  if (text.includes('\\u'))
    found.push(
      Buffer.from(
        text.replace(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      ),
    );
  return found;
}

const octets = (text: string, code: RegExp) =>
  Buffer.from(
    text.replace(code, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
