import { isUtf8 } from 'node:buffer';
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Sealed } from './evidence.ts';
import { tagCheck } from './gcm-tag.ts';

/** Full rights on KMS: opens whatever it still can, with any encryption context. Undefined where KMS refuses. */
export type Unwrap = (blob: Buffer, context: Readonly<Record<string, string>>) => Promise<Buffer | undefined>;

export interface Opened {
  readonly sealed: Sealed;
  readonly plaintext: Buffer;
  /** Where the key lay that opened it. */
  readonly by: string;
}
export interface Attack {
  /** What came open, once for every place where it lay; keys are not among them. */
  readonly opened: readonly Opened[];
  readonly keysUnwrapped: number;
  /** What KMS itself gave out, in hexadecimal: with these Lookup's HMACs can be computed. */
  readonly kmsKeys: readonly Buffer[];
  readonly ciphertexts: number;
  /** A ciphertext tried with a key. */
  readonly attempts: number;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const BLOCK_BYTES = 16;
const WRAPPED_KEY_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES;
/** A key found opens others: organisation, class, item, file. More levels would be new. */
const WAVES_MAX = 20;

/** The same bytes may have lain in many stores and images: they are tried once. */
interface Candidate {
  readonly bytes: Buffer;
  readonly lay: readonly Sealed[];
  readonly boundTo: readonly Buffer[];
}

/**
 * Opens everything that these ciphertexts and KMS together give, until nothing more comes open. A wrapped key is tried
 * with each key and each place that it could be bound to; everything else with each key by its first block, whatever it
 * is bound to, as an attacker would who does not care for the tag. What KMS gave out is also used without the tags of the
 * keys under it. The exclusive-or of the shares of one item is a key as well.
 */
export async function attack(sealed: readonly Sealed[], unwrap: Unwrap): Promise<Attack> {
  const kmsKeys = await fromKms(sealed, unwrap);
  const candidates = candidatesOf(sealed);
  const wrapped = candidates.filter(({ bytes }) => bytes.length === WRAPPED_KEY_BYTES);
  const payloads = candidates.filter(({ bytes }) => bytes.length > NONCE_BYTES + TAG_BYTES);
  const counters = firstCountersOf(payloads);
  const opened = new Map<Candidate, Pick<Opened, 'plaintext' | 'by'>>();
  const lay = new Map<string, string>();
  const sharesOf = new Map<string, Buffer[]>();
  const keys = new Map<string, Buffer>();
  const unproven = new Map<string, Buffer>();
  let attempts = 0;

  for (const key of kmsKeys) for (const { bytes } of wrapped) remember(unproven, withoutTag(key, bytes));
  let fresh = kmsKeys;
  for (let wave = 0; fresh.length > 0; wave++) {
    if (wave >= WAVES_MAX) throw new Error('Keys keep opening keys');
    const found = new Map<string, Buffer>();
    for (const key of fresh) {
      keys.set(key.toString('hex'), key);
      tryPayloads(key);
      const hasSealed = tagCheck(key);
      for (const candidate of wrapped) {
        attempts++;
        if (!hasSealed(candidate.bytes, candidate.boundTo)) continue;
        const plaintext = withoutTag(key, candidate.bytes);
        remember(found, plaintext);
        lay.set(plaintext.toString('hex'), candidate.lay.map(({ sink, place }) => `${sink}, ${place}`).join('; '));
        for (const { image } of candidate.lay) sharesOf.set(image, [...(sharesOf.get(image) ?? []), plaintext]);
      }
    }
    for (const shares of sharesOf.values()) if (shares.length > 1) remember(found, joined(shares));
    fresh = [...found].filter(([id]) => !keys.has(id)).map(([, key]) => key);
  }
  for (const [id, key] of unproven) if (!keys.has(id)) tryPayloads(key);

  return {
    opened: [...opened].flatMap(([candidate, how]) => candidate.lay.map((sealed) => ({ sealed, ...how }))),
    keysUnwrapped: keys.size,
    kmsKeys,
    ciphertexts: candidates.length,
    attempts,
  };

  function tryPayloads(key: Buffer): void {
    attempts += payloads.length;
    // One call for the first block of every ciphertext.
    const streams = createCipheriv('aes-256-ecb', key, null).update(counters);
    for (const [i, candidate] of payloads.entries()) {
      if (opened.has(candidate) || !beginsPlainly(candidate.bytes, streams, i * BLOCK_BYTES)) continue;
      const plaintext = withoutTag(key, candidate.bytes);
      if (!isPlain(plaintext)) continue;
      opened.set(candidate, { plaintext, by: lay.get(key.toString('hex')) ?? 'KMS, or shares of a key' });
    }
  }
}

const remember = (keys: Map<string, Buffer>, key: Buffer) => keys.set(key.toString('hex'), key);

function candidatesOf(sealed: readonly Sealed[]): Candidate[] {
  const alike = Map.groupBy(sealed, ({ bytes }) => bytes.toString('latin1'));
  return [...alike.values()].map((lay) => ({
    bytes: lay[0]!.bytes,
    lay,
    boundTo: [...new Set(lay.flatMap(({ boundTo }) => boundTo))].map((place) => Buffer.from(place)),
  }));
}

async function fromKms(sealed: readonly Sealed[], unwrap: Unwrap): Promise<Buffer[]> {
  const wanted = new Map(
    sealed.flatMap(({ bytes, contexts }) =>
      contexts.map((context) => [bytes.toString('base64') + JSON.stringify(context), { bytes, context }] as const),
    ),
  );
  const found = new Map<string, Buffer>();
  for (const { bytes, context } of wanted.values()) {
    const key = await unwrap(bytes, context);
    if (key?.length === KEY_BYTES) remember(found, key);
  }
  return [...found.values()];
}

/** GCM's second counter block (NIST SP 800-38D, section 7.1): the key stream of the first sixteen bytes. */
function firstCountersOf(candidates: readonly Candidate[]): Buffer {
  const counters = Buffer.alloc(candidates.length * BLOCK_BYTES);
  for (const [i, { bytes }] of candidates.entries()) {
    bytes.copy(counters, i * BLOCK_BYTES, 0, NONCE_BYTES);
    counters.writeUInt32BE(2, i * BLOCK_BYTES + NONCE_BYTES);
  }
  return counters;
}

/** Texts have no control characters; the files that we keep have their marks. */
function beginsPlainly(bytes: Buffer, streams: Buffer, at: number): boolean {
  const length = Math.min(BLOCK_BYTES, bytes.length - NONCE_BYTES - TAG_BYTES);
  const first = Buffer.alloc(length);
  let isText = true;
  for (let i = 0; i < length; i++) {
    first[i] = bytes[NONCE_BYTES + i]! ^ streams[at + i]!;
    if (first[i]! < 0x20 && first[i] !== 0x0a && first[i] !== 0x0d && first[i] !== 0x09) isText = false;
  }
  return isText || hasFileMark(first);
}

/**
 * So much of how JPEG, PNG, WebP, ZIP, gzip and PDF begin, in hexadecimal, that none of millions of attempts looks like one
 * by chance: a mark of three bytes does, in every second run.
 */
const fileBeginnings =
  /^(?:ffd8ff(?:e0.{4}4a464946|e1.{4}45786966|ee.{4}41646f6265|db00(?:43|84)00)|89504e470d0a1a0a|52494646.{8}57454250|504b0304(?:0a|14|2d)00|1f8b080000000000|255044462d31)/;
const hasFileMark = (bytes: Buffer) => fileBeginnings.test(bytes.toString('hex', 0, BLOCK_BYTES));

function withoutTag(key: Buffer, bytes: Buffer): Buffer {
  const counter = Buffer.alloc(BLOCK_BYTES);
  bytes.copy(counter, 0, 0, NONCE_BYTES);
  counter.writeUInt32BE(2, NONCE_BYTES);
  const body = bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES);
  return createDecipheriv('aes-256-ctr', key, counter).update(body);
}

const TEXT_BYTES_MIN = 20;

function isPlain(plaintext: Buffer): boolean {
  if (hasFileMark(plaintext) && plaintext.length > TEXT_BYTES_MIN) return true;
  if (!isUtf8(plaintext)) return false;
  if (plaintext.length >= TEXT_BYTES_MIN) return true;
  try {
    JSON.parse(plaintext.toString());
    return true;
  } catch {
    return false;
  }
}

function joined(shares: readonly Buffer[]): Buffer {
  const key = Buffer.alloc(KEY_BYTES);
  for (const share of new Map(shares.map((one) => [one.toString('hex'), one])).values()) {
    for (let i = 0; i < KEY_BYTES; i++) key[i]! ^= share[i]!;
  }
  return key;
}
