import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** RFC 3526 section 4: the 3072-bit group, with generator 2, that Cognito uses for SRP-6a (RFC 5054). */
const N = BigInt(
  '0xFFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B' +
    '302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6' +
    '49286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D' +
    '670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718' +
    '3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7D' +
    'B3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C' +
    'BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF',
);
const g = 2n;
const SALT_BYTES = 16;
const EXPONENT_BYTES = 32;
const SIGNING_KEY_BYTES = 16;
const SRP_A_HEX_DIGITS_MAX = 1024;
const TIMESTAMP_TOLERANCE_MILLISECONDS = 5 * 60_000;

const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const k = toInteger(sha256(toBytes(N), toBytes(g)));

/** What is kept of a password: hex salt and hex verifier g^x mod N. The password cannot be read from it. */
export interface PasswordVerifier {
  readonly salt: string;
  readonly verifier: string;
}

/** The server's half of one exchange: `b` stays here, `B` and the salt go to the client. All hex. */
interface SrpExchange {
  readonly A: string;
  readonly b: string;
  readonly B: string;
  readonly verifier: string;
}

/** Whose password: Cognito binds it to the pool's name (the id after the underscore) and the user's own id. */
export interface PasswordOwner {
  readonly poolName: string;
  readonly userId: string;
}

/** Computes salt and verifier of a new password, x = H(salt | H(poolName | userId | ':' | password)). */
export function passwordVerifier(
  owner: PasswordOwner,
  password: string,
  salt = randomBytes(SALT_BYTES).toString('hex'),
): PasswordVerifier {
  const x = toInteger(sha256(toBytes(fromHex(salt)), sha256(`${owner.poolName}${owner.userId}:${password}`)));
  return { salt, verifier: power(g, x).toString(16) };
}

/** Checks a plain password by computing its verifier again (ChangePassword, USER_PASSWORD_AUTH). */
export function isPassword(owner: PasswordOwner, password: string, kept: PasswordVerifier): boolean {
  const claimed = sha256(passwordVerifier(owner, password, kept.salt).verifier);
  return timingSafeEqual(claimed, sha256(kept.verifier));
}

/** A client's public value: hex, and not a multiple of N (RFC 5054 section 2.5.4: the server must abort). */
export function isPublicValue(A: string): boolean {
  return A.length <= SRP_A_HEX_DIGITS_MAX && /^[0-9a-f]+$/i.test(A) && fromHex(A) % N !== 0n;
}

/** Answers a client's public value `A` (hex, checked by isPublicValue) with the server's, B = kv + g^b. */
export function answerPublicValue(A: string, verifier: string): SrpExchange {
  const b = toInteger(randomBytes(EXPONENT_BYTES));
  const B = (k * fromHex(verifier) + power(g, b)) % N;
  return { A, b: b.toString(16), B: B.toString(16), verifier };
}

/** What the client signs with the agreed key to prove that it knows the password. */
interface PasswordClaim {
  readonly owner: PasswordOwner;
  /** Base64, as it was sent to the client. */
  readonly secretBlock: string;
  readonly timestamp: string;
  /** Base64 HMAC-SHA-256. */
  readonly signature: string;
}

/** Checks PASSWORD_CLAIM_SIGNATURE against this exchange. */
export function provesPassword(exchange: SrpExchange, claim: PasswordClaim): boolean {
  const A = fromHex(exchange.A);
  const u = toInteger(sha256(toBytes(A), toBytes(fromHex(exchange.B))));
  const S = power(A * power(fromHex(exchange.verifier), u), fromHex(exchange.b));
  const key = hkdfSync('sha256', toBytes(S), toBytes(u), 'Caldera Derived Key', SIGNING_KEY_BYTES);
  const expected = createHmac('sha256', Buffer.from(key))
    .update(claim.owner.poolName)
    .update(claim.owner.userId)
    .update(Buffer.from(claim.secretBlock, 'base64'))
    .update(claim.timestamp)
    .digest();
  const given = Buffer.from(claim.signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** Reads TIMESTAMP ("Sat Nov 7 09:05:03 UTC 2026") as milliseconds since the epoch; undefined if malformed. */
export function srpTimestampMilliseconds(timestamp: string): number | undefined {
  const match = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([A-Z][a-z]{2}) ([1-9]\d?) (\d\d):(\d\d):(\d\d) UTC (\d{4})$/.exec(
    timestamp,
  );
  if (!match) return undefined;
  const [, month = '', day, hours, minutes, seconds, year] = match;
  const milliseconds = Date.UTC(
    Number(year),
    MONTHS.indexOf(month),
    Number(day),
    Number(hours),
    Number(minutes),
    Number(seconds),
  );
  return MONTHS.includes(month) ? milliseconds : undefined;
}

/** A claim is fresh within five minutes of any of the given clocks (milliseconds since the epoch). */
export function isFreshTimestamp(milliseconds: number, clocks: readonly number[]): boolean {
  return clocks.some((now) => Math.abs(now - milliseconds) <= TIMESTAMP_TOLERANCE_MILLISECONDS);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % N;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

function fromHex(hex: string): bigint {
  return BigInt(`0x${hex}`);
}

function toInteger(bytes: Uint8Array): bigint {
  return fromHex(Buffer.from(bytes).toString('hex'));
}

/** Java's BigInteger.toByteArray for a positive number: a zero byte in front when the top bit is set. */
function toBytes(integer: bigint): Buffer {
  const hex = integer.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
}
