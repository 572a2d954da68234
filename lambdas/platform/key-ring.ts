import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { ControllerId } from './entity.ts';

/** What an organisation's keys are for: wrapping class keys, or making its lookup indexes. */
export type OrganisationKeyPurpose = 'sealing' | 'lookup';
type Purpose = OrganisationKeyPurpose;

/** An organisation's key stays in memory for an hour, so that a warm request makes no call to KMS. */
const CACHED_MILLISECONDS_MAX = 60 * 60 * 1000;
const CACHED_KEYS_MAX = 2_000;
/** The only version so far; part of the encryption context and of every wrapped key's place. */
export const ORGANISATION_KEY_VERSION = 1;

export interface KeyRing {
  /** The key that wraps this controller's class keys. */
  sealingKey(controller: ControllerId): Promise<KeyObject>;
  /** HMAC-SHA-256 in base64url under the controller's lookup key: the same value differs between organisations. */
  hmac(controller: ControllerId, kind: string, value: string): Promise<string>;
  /** Makes the controller's keys if it has none: an organisation's first step, before anything is sealed. */
  create(controller: ControllerId): Promise<void>;
}

/**
 * Organisation keys lie in the Keys table, wrapped by KMS with the controller, purpose and version as encryption
 * context (plain in CloudTrail, hence opaque ids).
 */
export function keyRing(use: {
  dynamo: Pick<DynamoDBClient, 'send'>;
  kms: Pick<KMSClient, 'send'>;
  keysTable: string;
  /** KMS key id; needed to create, not to open. */
  kmsKeyId: string | undefined;
  now(): number;
}): KeyRing {
  const cached = new Map<string, { key: Promise<KeyObject>; until: number }>();

  function keyOf(controller: ControllerId, purpose: Purpose): Promise<KeyObject> {
    const id = `${controller}#${purpose}`;
    const hit = cached.get(id);
    if (hit && hit.until > use.now()) return hit.key;
    const key = load(controller, purpose);
    // One load for all who wait; a failed one is forgotten, so that the next request tries again.
    cached.set(id, { key, until: use.now() + CACHED_MILLISECONDS_MAX });
    key.catch(() => cached.delete(id));
    if (cached.size > CACHED_KEYS_MAX) cached.delete(cached.keys().next().value!);
    return key;
  }

  async function load(controller: ControllerId, purpose: Purpose): Promise<KeyObject> {
    const { Item } = await use.dynamo.send(
      new GetItemCommand({ TableName: use.keysTable, Key: rowKey(controller, purpose), ConsistentRead: true }),
    );
    const wrapped = Item?.['wrappedKey']?.B;
    if (!wrapped) throw new NoOrganisationKey(`No ${purpose} key for this controller`);
    const { Plaintext } = await use.kms.send(
      new DecryptCommand({ CiphertextBlob: wrapped, EncryptionContext: contextOf(controller, purpose) }),
    );
    return createSecretKey(Plaintext!);
  }

  async function createOne(controller: ControllerId, purpose: Purpose): Promise<void> {
    const { Item } = await use.dynamo.send(
      new GetItemCommand({ TableName: use.keysTable, Key: rowKey(controller, purpose), ConsistentRead: true }),
    );
    if (Item) return;
    const { CiphertextBlob } = await use.kms.send(
      new GenerateDataKeyCommand({
        KeyId: use.kmsKeyId,
        KeySpec: 'AES_256',
        EncryptionContext: contextOf(controller, purpose),
      }),
    );
    const item = { ...rowKey(controller, purpose), state: { S: 'ACTIVE' }, wrappedKey: { B: CiphertextBlob! } };
    const onlyTheFirst = 'attribute_not_exists(pk)';
    await use.dynamo
      .send(new PutItemCommand({ TableName: use.keysTable, Item: item, ConditionExpression: onlyTheFirst }))
      .catch((error) => {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      });
  }

  return {
    sealingKey: (controller) => keyOf(controller, 'sealing'),
    async hmac(controller, kind, value) {
      const key = await keyOf(controller, 'lookup');
      return createHmac('sha256', key).update(`${kind}|${value}`).digest('base64url');
    },
    async create(controller) {
      await Promise.all([createOne(controller, 'sealing'), createOne(controller, 'lookup')]);
    },
  };
}

export class NoOrganisationKey extends Error {
  override readonly name = 'NoOrganisationKey';
}

export const organisationKeyRowKey = (controller: ControllerId, purpose: Purpose) => ({
  pk: controller,
  sk: `ORGANISATION-KEY#${purpose}#v${ORGANISATION_KEY_VERSION}`,
});
function rowKey(controller: ControllerId, purpose: Purpose) {
  const { pk, sk } = organisationKeyRowKey(controller, purpose);
  return { pk: { S: pk }, sk: { S: sk } };
}
const contextOf = (controller: ControllerId, purpose: Purpose) => ({
  organisation: controller,
  purpose,
  version: String(ORGANISATION_KEY_VERSION),
});
