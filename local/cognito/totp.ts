import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const STEP_SECONDS = 30;
const DIGITS = 6;
/** Steps accepted on either side of now: RFC 6238 section 5.2 recommends one, for delay and drift. */
const DRIFT_STEPS_MAX = 1;
const SECRET_BYTES = 32;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A new shared secret in unpadded base32 (RFC 4648 section 6): 52 characters, as AssociateSoftwareToken gives. */
export function newTotpSecret(): string {
  const bits = [...randomBytes(SECRET_BYTES)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => BASE32[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** The time step of RFC 6238 section 4.2 (T0 = 0, X = 30 s). */
export function totpStep(epochMilliseconds: number): number {
  return Math.floor(epochMilliseconds / 1000 / STEP_SECONDS);
}

/** The code of a step: RFC 6238 with HMAC-SHA-1, truncated as in RFC 4226 section 5.3. */
export function totpCode(secret: Uint8Array, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0xf;
  const truncated = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(truncated % 10 ** digits).padStart(digits, '0');
}

/** What is known of a user's software token. */
interface TotpFacts {
  /** Base32, unpadded. */
  readonly secret: string;
  /** The newest step whose code was accepted; every step up to it is spent. */
  readonly lastStep: number;
}

/** Decides a code at an instant (milliseconds): the step to mark as spent, or why it is refused. */
export function totpDecision(
  token: TotpFacts,
  code: string,
  epochMilliseconds: number,
): { readonly step: number } | 'mismatch' | 'replayed' {
  const now = totpStep(epochMilliseconds);
  const secret = fromBase32(token.secret);
  const steps = Array.from({ length: 2 * DRIFT_STEPS_MAX + 1 }, (_, index) => now + DRIFT_STEPS_MAX - index);
  const matching = steps.filter((step) => isSameCode(code, totpCode(secret, step)));
  const unspent = matching.find((step) => step > token.lastStep);
  if (unspent !== undefined) return { step: unspent };
  return matching.length > 0 ? 'replayed' : 'mismatch';
}

function isSameCode(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((character) => BASE32.indexOf(character).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
