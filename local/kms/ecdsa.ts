import { createECDH, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/**
 * ECDSA over P-256 for a digest that was computed elsewhere (KMS's MessageType DIGEST): node:crypto always hashes what
 * it signs. FIPS 186-5, section 6.4; not constant in time, which suits a KMS on one's own machine and nothing else.
 */
export const DIGEST_BYTES = 32;

const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const generator: Point = {
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
};

/** undefined is the point at infinity. */
type Point = { readonly x: bigint; readonly y: bigint } | undefined;

/** The signature in DER, as KMS gives it. */
export function signDigest(digest: Buffer, pkcs8: Buffer): Buffer {
  const d = fromBase64Url(privateKeyOf(pkcs8).export({ format: 'jwk' }).d);
  const z = integerFrom(digest);
  for (;;) {
    // A fresh key pair is a random nonce together with its point.
    const nonce = createECDH('prime256v1');
    nonce.generateKeys();
    const r = modulo(integerFrom(nonce.getPublicKey().subarray(1, 33)), n);
    const s = modulo(inverse(integerFrom(nonce.getPrivateKey()), n) * (z + r * d), n);
    if (r !== 0n && s !== 0n) return derFrom(r, s);
  }
}

export function verifyDigest(digest: Buffer, signature: Buffer, publicKey: KeyObject): boolean {
  const parsed = integersFrom(signature);
  if (!parsed) return false;
  const [r, s] = parsed;
  if (r < 1n || r >= n || s < 1n || s >= n) return false;
  const { x, y } = publicKey.export({ format: 'jwk' });
  const w = inverse(s, n);
  const sum = add(
    multiply(modulo(integerFrom(digest) * w, n), generator),
    multiply(modulo(r * w, n), { x: fromBase64Url(x), y: fromBase64Url(y) }),
  );
  return sum !== undefined && modulo(sum.x, n) === r;
}

export function publicKeyOf(pkcs8: Buffer): KeyObject {
  return createPublicKey(privateKeyOf(pkcs8));
}

function privateKeyOf(pkcs8: Buffer): KeyObject {
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
}

function add(a: Point, b: Point): Point {
  if (!a) return b;
  if (!b) return a;
  if (a.x === b.x && modulo(a.y + b.y, p) === 0n) return undefined;
  // The curve's coefficient a is -3.
  const slope = a.x === b.x ? (3n * a.x * a.x - 3n) * inverse(2n * a.y, p) : (b.y - a.y) * inverse(b.x - a.x, p);
  const x = modulo(slope * slope - a.x - b.x, p);
  return { x, y: modulo(slope * (a.x - x) - a.y, p) };
}

function multiply(factor: bigint, point: Point): Point {
  let sum: Point;
  let doubled = point;
  for (let rest = factor; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = add(sum, doubled);
    doubled = add(doubled, doubled);
  }
  return sum;
}

function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

/** By the extended Euclidean algorithm; both moduli are prime. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b] = [modulo(value, modulus), modulus];
  let [x, y] = [1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return modulo(x, modulus);
}

function integerFrom(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}

function fromBase64Url(text: string | undefined): bigint {
  return integerFrom(Buffer.from(text ?? '', 'base64url'));
}

/** SEQUENCE { INTEGER r, INTEGER s } (RFC 3279, section 2.2.3). Under 128 bytes, so each length is one byte. */
function derFrom(r: bigint, s: bigint): Buffer {
  const integers = Buffer.concat([r, s].map(derInteger));
  return Buffer.concat([Buffer.from([0x30, integers.length]), integers]);
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  // A first bit set would make it negative.
  const padded = bytes[0]! & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return Buffer.concat([Buffer.from([0x02, padded.length]), padded]);
}

function integersFrom(signature: Buffer): [r: bigint, s: bigint] | undefined {
  const rLength = signature[3] ?? 0;
  const r = integerFrom(signature.subarray(4, 4 + rLength));
  const s = integerFrom(signature.subarray(6 + rLength));
  // Only the one canonical encoding counts: re-encoding and comparing checks every tag and length at once.
  return derFrom(r, s).equals(signature) ? [r, s] : undefined;
}
