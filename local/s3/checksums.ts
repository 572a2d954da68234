import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { S3Error } from './errors.ts';

const checksumAlgorithms = ['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** `COMPOSITE` is the checksum of the parts' checksums, with `-<parts>` behind it. */
export interface Checksum {
  algorithm: ChecksumAlgorithm;
  value: string;
  type: 'FULL_OBJECT' | 'COMPOSITE';
}

export interface RunningChecksum {
  update(bytes: Uint8Array): void;
  /** Base64, as in the `x-amz-checksum-*` headers. */
  digest(): string;
}

export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  if (algorithm === 'CRC32') return running32((bytes, value) => crc32(bytes, value));
  if (algorithm === 'CRC32C') return running32(crc32c);
  const hash = createHash(algorithm.toLowerCase());
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('base64') };
}

/** The checksum of a multipart object over its parts' base64 checksums. */
export function compositeChecksum(algorithm: ChecksumAlgorithm, partValues: readonly string[]): string {
  const running = startChecksum(algorithm);
  for (const value of partValues) running.update(Buffer.from(value, 'base64'));
  return `${running.digest()}-${partValues.length}`;
}

export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** The algorithm named in a header such as `x-amz-checksum-algorithm`; throws InvalidRequest for one that we lack. */
export function checksumAlgorithmNamed(name: string): ChecksumAlgorithm {
  const algorithm = checksumAlgorithms.find((known) => known === name.toUpperCase());
  if (!algorithm) throw new S3Error('InvalidRequest', `Checksum algorithm ${name} is not supported.`);
  return algorithm;
}

/** What a request says about its body's checksum: in a header, or to follow in the trailer. */
export interface ChecksumClaim {
  algorithm: ChecksumAlgorithm;
  /** Base64; absent where it follows in the trailer, or is only to be computed. */
  value?: string;
  isInTrailer: boolean;
}

const claimHeader = /^x-amz-checksum-(?!algorithm$|type$|mode$)(.+)$/;

export function checksumClaim(headers: Readonly<Record<string, string>>): ChecksumClaim | undefined {
  for (const [name, value] of Object.entries(headers)) {
    const algorithm = claimHeader.exec(name)?.[1];
    if (algorithm) return { algorithm: checksumAlgorithmNamed(algorithm), value, isInTrailer: false };
  }
  const trailer = claimHeader.exec(headers['x-amz-trailer']?.toLowerCase() ?? '')?.[1];
  if (trailer) return { algorithm: checksumAlgorithmNamed(trailer), isInTrailer: true };
  const wanted = headers['x-amz-checksum-algorithm'] ?? headers['x-amz-sdk-checksum-algorithm'];
  return wanted === undefined ? undefined : { algorithm: checksumAlgorithmNamed(wanted), isInTrailer: false };
}

function running32(next: (bytes: Uint8Array, value: number) => number): RunningChecksum {
  let value = 0;
  return {
    update: (bytes) => {
      value = next(bytes, value);
    },
    digest: () => {
      const digest = Buffer.alloc(4);
      digest.writeUInt32BE(value >>> 0);
      return digest.toString('base64');
    },
  };
}

// Castagnoli's polynomial, reflected (RFC 3720, appendix B.4).
const crc32cTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

function crc32c(bytes: Uint8Array, previous: number): number {
  let value = ~previous;
  for (const byte of bytes) value = (value >>> 8) ^ (crc32cTable[(value ^ byte) & 0xff] ?? 0);
  return ~value >>> 0;
}
