import { createCipheriv } from 'node:crypto';

const BLOCK_BYTES = 16;
const NONCE_BYTES = 12;

/** Tells whether a key has sealed something (nonce, ciphertext, tag) for one of these places. */
type TagCheck = (sealed: Buffer, places: readonly Buffer[]) => boolean;

/**
 * GCM's tag by itself (NIST SP 800-38D, sections 6.4 and 7.2). An attacker tries each key at every place that a ciphertext
 * might be bound to: the cipher is set up once for a key here, and not once for each attempt, which costs a hundred times as
 * much.
 */
export function tagCheck(key: Buffer): TagCheck {
  const blocks = createCipheriv('aes-256-ecb', key, null);
  const multiply = multiplierBy(blocks.update(Buffer.alloc(BLOCK_BYTES)));
  return (sealed, places) => {
    const tag = sealed.subarray(sealed.length - BLOCK_BYTES);
    const ciphertext = sealed.subarray(NONCE_BYTES, sealed.length - BLOCK_BYTES);
    const first = Buffer.alloc(BLOCK_BYTES);
    sealed.copy(first, 0, 0, NONCE_BYTES);
    first.writeUInt32BE(1, NONCE_BYTES);
    const mask = blocks.update(first);
    return places.some((place) => {
      const state = new Uint32Array(4);
      absorb(state, place, multiply);
      absorb(state, ciphertext, multiply);
      const lengths = Buffer.alloc(BLOCK_BYTES);
      lengths.writeUInt32BE(place.length * 8, 4);
      lengths.writeUInt32BE(ciphertext.length * 8, 12);
      absorb(state, lengths, multiply);
      return state.every((word, i) => (word ^ mask.readUInt32BE(i * 4)) >>> 0 === tag.readUInt32BE(i * 4));
    });
  };
}

type Multiply = (state: Uint32Array) => void;

/** GHASH over bytes, the last block filled up with zeros. */
function absorb(state: Uint32Array, bytes: Buffer, multiply: Multiply): void {
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    for (let i = 0; i < BLOCK_BYTES && at + i < bytes.length; i++) {
      state[i >> 2]! ^= bytes[at + i]! << (24 - 8 * (i & 3));
    }
    multiply(state);
  }
}

/** What falls out at the low end of a block, four bits at a time, folded back in at the high end. */
const FOLDED = Array.from({ length: 16 }, (_, low) => {
  let word = 0;
  for (let bit = 0; bit < 4; bit++) if ((low >> bit) & 1) word ^= 0xe1000000 >>> (3 - bit);
  return word >>> 0;
});

/** Multiplication by one element of GF(2^128), by a table of its sixteen multiples (Shoup). */
function multiplierBy(element: Buffer): Multiply {
  const table = Array.from({ length: 16 }, (): Uint32Array => new Uint32Array(4));
  table[8] = Uint32Array.from([0, 4, 8, 12], (at) => element.readUInt32BE(at));
  for (const i of [4, 2, 1]) table[i] = halved(table[i * 2]!);
  for (const i of [3, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15]) {
    const high = 1 << (31 - Math.clz32(i));
    table[i] = table[high]!.map((word, at) => word ^ table[i - high]![at]!);
  }
  return (state) => {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let nibble = 31; nibble >= 0; nibble--) {
      const of = table[(state[nibble >> 3]! >>> (28 - 4 * (nibble & 7))) & 15]!;
      const low = d & 15;
      d = ((d >>> 4) | (c << 28)) ^ of[3]!;
      c = ((c >>> 4) | (b << 28)) ^ of[2]!;
      b = ((b >>> 4) | (a << 28)) ^ of[1]!;
      a = (a >>> 4) ^ FOLDED[low]! ^ of[0]!;
    }
    state[0] = a;
    state[1] = b;
    state[2] = c;
    state[3] = d;
  };
}

/** Times x, in GCM's order of bits: to the right, by one. */
function halved([a, b, c, d]: Uint32Array): Uint32Array {
  return Uint32Array.of(
    (a! >>> 1) ^ (d! & 1 ? 0xe1000000 : 0),
    (b! >>> 1) | (a! << 31),
    (c! >>> 1) | (b! << 31),
    (d! >>> 1) | (c! << 31),
  );
}
