import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { readDurably, writeDurably } from '../durable-file.ts';
import { aliasArn, type KeyDeclaration, type KeySpec, type KeyUsage } from './key.ts';
import { KmsProblem } from './problem.ts';

/** One generation of a key. Only symmetric keys ever have more than one. */
interface Material {
  readonly createdAtEpochMilliseconds: number;
  /** Base64: 32 bytes for AES, as many as the hash has for HMAC, PKCS #8 in DER for ECC. */
  readonly secret: string;
}

export interface Key {
  readonly keyId: string;
  readonly arn: string;
  readonly spec: KeySpec;
  readonly usage: KeyUsage;
  readonly description: string;
  readonly createdAtEpochMilliseconds: number;
  state: 'Enabled' | 'Disabled' | 'PendingDeletion' | 'Deleted';
  rotates: boolean;
  deletedFromEpochMilliseconds?: number;
  /** Oldest first; the index is the version in a ciphertext. Empty once the key is deleted. */
  materials: Material[];
}

/** AWS's default rotation period. */
export const ROTATION_PERIOD_DAYS = 365;
const DAY_MILLISECONDS = 86_400_000;

export type KeyStore = ReturnType<typeof openKeyStore>;

/**
 * The keys of one region, in `<stateDir>/kms-keys.json`. Declared keys are made at their first sight and keep their
 * material from then on; a key that is no longer declared stays, as one retained by its stack does; a deleted one
 * leaves a row behind, so that no later start makes it anew under the same id.
 */
export function openKeyStore(options: {
  stateDir: string;
  clock: Clock;
  region: string;
  keys: readonly KeyDeclaration[];
}) {
  const { clock, region } = options;
  const file = join(options.stateDir, 'kms-keys.json');
  const keys = new Map(((readDurably(file) ?? []) as Key[]).map((key) => [key.keyId, key]));
  const keyIdByAlias = new Map<string, string>();
  const save = () => writeDurably(file, JSON.stringify([...keys.values()]));

  let isNew = false;
  for (const declared of options.keys) {
    for (const alias of declared.aliases) keyIdByAlias.set(alias, declared.keyId);
    const kept = keys.get(declared.keyId);
    if (kept && kept.spec !== declared.spec) throw new Error(`${kept.arn} is ${kept.spec}; a key's spec cannot change`);
    if (kept) continue;
    keys.set(declared.keyId, createdFrom(declared, clock.now()));
    isNew = true;
  }
  if (isNew) save();

  return {
    /**
     * The key behind an id, an ARN, an alias or an alias's ARN.
     * @throws KmsProblem NotFoundException, also for a key whose waiting period is over.
     */
    find(reference: string): Key {
      destroyDue();
      const key = keys.get(keyIdFrom(reference));
      if (!key || key.state === 'Deleted') throw notFound(reference);
      return key;
    },
    /** The key named in a ciphertext, or undefined where it is unknown or gone. */
    peek(keyId: string): Key | undefined {
      destroyDue();
      const key = keys.get(keyId);
      return key?.state === 'Deleted' ? undefined : key;
    },
    /** Changes a key durably: the change is on disk when this returns. */
    change(key: Key, change: (key: Key) => void): void {
      change(key);
      save();
    },
    /** The newest material's index, after rotating where that is due. */
    currentVersion(key: Key): number {
      const newest = key.materials.at(-1)!;
      const isDue = clock.now() >= newest.createdAtEpochMilliseconds + ROTATION_PERIOD_DAYS * DAY_MILLISECONDS;
      if (key.rotates && isDue) this.change(key, () => key.materials.push(materialFor(key.spec, clock.now())));
      return key.materials.length - 1;
    },
    aliases(): { alias: string; arn: string; keyId: string }[] {
      return [...keyIdByAlias]
        .map(([alias, keyId]) => ({ alias, arn: aliasArn(region, alias), keyId }))
        .sort((a, b) => (a.alias < b.alias ? -1 : 1));
    },
  };

  function keyIdFrom(reference: string): string {
    const ownPrefix = aliasArn(region, '');
    const name = reference.startsWith(ownPrefix) ? reference.slice(ownPrefix.length) : reference;
    // A bare "key/<id>" is no name of a key, only the end of one.
    if (name !== reference && name.startsWith('key/')) return name.slice('key/'.length);
    return keyIdByAlias.get(name) ?? name;
  }

  function notFound(reference: string): KmsProblem {
    const isAlias = reference.startsWith('alias/') || reference.includes(':alias/');
    return new KmsProblem(
      'NotFoundException',
      isAlias ? `Alias ${reference} is not found.` : `Key '${reference}' does not exist`,
    );
  }

  function destroyDue(): void {
    for (const key of keys.values()) {
      if (key.state !== 'PendingDeletion' || clock.now() < key.deletedFromEpochMilliseconds!) continue;
      key.state = 'Deleted';
      key.materials = [];
      save();
    }
  }
}

function createdFrom(declared: KeyDeclaration, now: number): Key {
  return {
    keyId: declared.keyId,
    arn: declared.arn,
    spec: declared.spec,
    usage: declared.usage,
    description: declared.description ?? '',
    createdAtEpochMilliseconds: now,
    state: 'Enabled',
    rotates: declared.rotates ?? false,
    materials: [materialFor(declared.spec, now)],
  };
}

const secretFor: Record<KeySpec, () => Buffer> = {
  SYMMETRIC_DEFAULT: () => randomBytes(32),
  HMAC_256: () => randomBytes(32),
  HMAC_384: () => randomBytes(48),
  HMAC_512: () => randomBytes(64),
  ECC_NIST_P256: () =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'der', type: 'pkcs8' }),
};

function materialFor(spec: KeySpec, now: number): Material {
  return { createdAtEpochMilliseconds: now, secret: secretFor[spec]().toString('base64') };
}
