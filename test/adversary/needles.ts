import { createHash } from 'node:crypto';

/** A value that is nowhere else in the world: who finds its bytes in a store has found the person's data there. */
export interface Canary {
  readonly name: string;
  readonly value: string | Uint8Array;
  /** Other ways in which people write the same, such as a date in Norwegian order. */
  readonly alsoWritten?: readonly string[];
}

interface Needle {
  readonly canary: Canary;
  readonly encoding: string;
  readonly bytes: Buffer;
}

export interface Finding {
  readonly canary: Canary;
  readonly encoding: string;
}

/** Shorter than this a needle could lie in a haystack by chance. */
const NEEDLE_BYTES_MIN = 8;
const PREFIX_BYTES = 4;

/** Finds canaries in bytes, however they are written there. */
export interface Finder {
  /** Each canary and encoding at most once. */
  find(bytes: Uint8Array): Finding[];
}

/**
 * One pass over the bytes for all needles at once: the next four bytes lead to the few needles that begin so. What is
 * compressed or encoded as a whole must be unpacked before (`layersOf`).
 */
export function finderOf(canaries: readonly Canary[], more: readonly Needle[] = []): Finder {
  const needles = [...canaries.flatMap(needlesOf), ...more].filter(({ bytes }) => bytes.length >= NEEDLE_BYTES_MIN);
  const byPrefix = Map.groupBy(needles, ({ bytes }) => bytes.readUInt32BE(0));
  // One bit per hashed prefix keeps the common case, no needle begins here, out of the map.
  const maybe = new Uint8Array(1 << 16);
  for (const prefix of byPrefix.keys()) maybe[hashOf(prefix)] = 1;
  return {
    find(bytes) {
      const haystack = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const found = new Set<Needle>();
      let prefix = 0;
      for (let at = 0; at < haystack.length; at++) {
        prefix = ((prefix << 8) | haystack[at]!) >>> 0;
        if (at < PREFIX_BYTES - 1 || maybe[hashOf(prefix)] === 0) continue;
        const from = at - PREFIX_BYTES + 1;
        for (const needle of byPrefix.get(prefix) ?? []) {
          if (!found.has(needle) && liesAt(haystack, from, needle.bytes)) found.add(needle);
        }
      }
      return [...found].map(({ canary, encoding }) => ({ canary, encoding }));
    },
  };
}

const liesAt = (haystack: Buffer, from: number, bytes: Buffer) =>
  from + bytes.length <= haystack.length && haystack.compare(bytes, 0, bytes.length, from, from + bytes.length) === 0;

const hashOf = (prefix: number) => (Math.imul(prefix, 0x9e3779b1) >>> 16) & 0xffff;

/** All the ways in which a store, a log, a mail or a document could write a canary down. */
function needlesOf(canary: Canary): Needle[] {
  const { value, alsoWritten = [] } = canary;
  const forms =
    typeof value === 'string' ? [value, ...alsoWritten].flatMap(textForms) : byteForms('bytes', Buffer.from(value));
  const distinct = Map.groupBy(forms, ([, bytes]) => bytes.toString('latin1'));
  return [...distinct.values()].map(([form]) => ({ canary, encoding: form![0], bytes: form![1] }));
}

type Form = readonly [encoding: string, bytes: Buffer];

function textForms(value: string): Form[] {
  const lower = value.toLowerCase();
  const spellings = [...new Set([value, lower, value.toUpperCase(), value.normalize('NFD'), lower.normalize('NFD')])];
  return [
    ...spellings.flatMap((spelling) => byteForms('utf-8', Buffer.from(spelling))),
    ...spellings.flatMap((spelling): Form[] => [
      ['latin-1', Buffer.from(spelling, 'latin1')],
      ['utf-16le', Buffer.from(spelling, 'utf16le')],
      ['utf-16be', Buffer.from(spelling, 'utf16le').swap16()],
      ['json', Buffer.from(escaped(spelling, (code) => `\\u${code.toString(16).padStart(4, '0')}`))],
      ['xml', Buffer.from(escaped(spelling, (code) => `&#${code};`))],
      ['xml', Buffer.from(escaped(spelling, (code) => `&#x${code.toString(16).toUpperCase()};`))],
      ['percent', Buffer.from(encodeURIComponent(spelling))],
      ['form', Buffer.from(encodeURIComponent(spelling).replaceAll('%20', '+'))],
      ['quoted-printable', Buffer.from(octetsEscaped(spelling))],
      ['q-word', Buffer.from(octetsEscaped(spelling).replaceAll(' ', '_'))],
    ]),
    ...digestForms(value),
  ];
}

/** The whole in base64 and hexadecimal too, and its halves: a value may be cut in two where a page or a chunk ends. */
function byteForms(encoding: string, bytes: Buffer): Form[] {
  const middle = bytes.length >> 1;
  const halves = [bytes.subarray(0, middle), bytes.subarray(middle)].filter((half) => half.length >= NEEDLE_BYTES_MIN);
  return [
    [encoding, bytes],
    ...halves.map((half): Form => [`${encoding}, half of it`, half]),
    ...base64Forms(bytes),
    ['hexadecimal', Buffer.from(bytes.toString('hex'))],
    ['hexadecimal', Buffer.from(bytes.toString('hex').toUpperCase())],
  ];
}

/** Base64 of the bytes wherever they begin within a group of three: what their neighbours touch is left out. */
function base64Forms(bytes: Buffer): Form[] {
  return [0, 1, 2].flatMap((shift): Form[] => {
    const inside = bytes.subarray((3 - shift) % 3);
    const whole = inside.subarray(0, inside.length - (inside.length % 3));
    return [
      ['base64', Buffer.from(whole.toString('base64'))],
      ['base64url', Buffer.from(whole.toString('base64url'))],
    ];
  });
}

/** A plain digest of an e-mail or a telephone number is as good as the value: there are few to try. */
function digestForms(value: string): Form[] {
  const spellings = [value, value.trim().toLowerCase()];
  return spellings.flatMap((spelling) =>
    ['md5', 'sha1', 'sha256'].flatMap((algorithm): Form[] => {
      const digest = createHash(algorithm).update(spelling).digest();
      return [
        [algorithm, digest],
        [algorithm, Buffer.from(digest.toString('hex'))],
        [algorithm, Buffer.from(digest.toString('base64').slice(0, 20))],
        [algorithm, Buffer.from(digest.toString('base64url').slice(0, 20))],
      ];
    }),
  );
}

const escaped = (text: string, written: (code: number) => string) =>
  text.replace(/[^\x20-\x7e]/g, (character) => written(character.charCodeAt(0)));

const octetsEscaped = (text: string) =>
  text.replace(/[^\x20-\x7e]|[=?_]/g, (character) =>
    [...Buffer.from(character)].map((octet) => `=${octet.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );

/**
 * The HMACs under which Lookup files a value: whoever holds the lookup key can try every telephone number, so an HMAC that
 * lasts is the number itself.
 */
export function hmacNeedles(
  canaries: readonly Canary[],
  hmacs: (value: string) => readonly string[],
): readonly Needle[] {
  return canaries.flatMap((canary) => {
    if (typeof canary.value !== 'string') return [];
    return hmacs(canary.value).map((hmac) => ({ canary, encoding: 'lookup hmac', bytes: Buffer.from(hmac) }));
  });
}
