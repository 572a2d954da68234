import { createHash } from 'node:crypto';
import { ACCOUNT_ID } from '../account.ts';

/** What each supported KeySpec is for, and the algorithm that it has (AWS KMS, "Key spec reference"). */
export const keySpecs = {
  SYMMETRIC_DEFAULT: { usage: 'ENCRYPT_DECRYPT', algorithm: 'SYMMETRIC_DEFAULT' },
  HMAC_256: { usage: 'GENERATE_VERIFY_MAC', algorithm: 'HMAC_SHA_256' },
  HMAC_384: { usage: 'GENERATE_VERIFY_MAC', algorithm: 'HMAC_SHA_384' },
  HMAC_512: { usage: 'GENERATE_VERIFY_MAC', algorithm: 'HMAC_SHA_512' },
  ECC_NIST_P256: { usage: 'SIGN_VERIFY', algorithm: 'ECDSA_SHA_256' },
} as const;

export type KeySpec = keyof typeof keySpecs;
export type KeyUsage = (typeof keySpecs)[KeySpec]['usage'];

/** A key as the template declares it. */
export interface KeyDeclaration {
  /** A UUID. */
  readonly keyId: string;
  readonly arn: string;
  readonly spec: KeySpec;
  readonly usage: KeyUsage;
  /** Full names: "alias/vern-core". */
  readonly aliases: readonly string[];
  readonly rotates?: boolean;
  readonly description?: string;
}

/**
 * The key that an AWS::KMS::Key declares. Its id follows from the logical id alone, so references to it can be
 * resolved before the KMS runs and stay the same in every run; where several stacks run side by side, put the
 * stack's name in front ("Data/CoreKey").
 * @throws Error for a spec that the embedded KMS does not have, or a usage that does not go with the spec.
 */
export function keyFromTemplate(
  logicalId: string,
  properties: Readonly<Record<string, unknown>>,
  { region, aliases = [] }: { region: string; aliases?: readonly string[] },
): KeyDeclaration {
  const spec = properties['KeySpec'] ?? 'SYMMETRIC_DEFAULT';
  if (!isKeySpec(spec)) throw new Error(`The embedded KMS has no KeySpec ${String(spec)} (${logicalId})`);
  const { usage } = keySpecs[spec];
  // KeyUsage has the default ENCRYPT_DECRYPT for every spec: CloudFormation refuses the others without one.
  const declaredUsage = properties['KeyUsage'] ?? 'ENCRYPT_DECRYPT';
  if (declaredUsage !== usage) throw new Error(`KeySpec ${spec} needs KeyUsage ${usage} (${logicalId})`);
  const keyId = uuidFrom(`AWS::KMS::Key ${logicalId}`);
  const description = properties['Description'];
  return {
    keyId,
    arn: `arn:aws:kms:${region}:${ACCOUNT_ID}:key/${keyId}`,
    spec,
    usage,
    aliases,
    rotates: properties['EnableKeyRotation'] === true || properties['EnableKeyRotation'] === 'true',
    ...(typeof description === 'string' && { description }),
  };
}

export function aliasArn(region: string, alias: string): string {
  return `arn:aws:kms:${region}:${ACCOUNT_ID}:${alias}`;
}

function isKeySpec(spec: unknown): spec is KeySpec {
  return typeof spec === 'string' && Object.hasOwn(keySpecs, spec);
}

/** A UUID of version 8 (RFC 9562, section 5.8): vendor's choice of bits, here a hash of the name. */
function uuidFrom(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
