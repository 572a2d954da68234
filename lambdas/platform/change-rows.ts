import type { KeyObject } from 'node:crypto';
import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Opening } from './class-keys.ts';
import type { Owner, Ref } from './entity.ts';
import { logicalPlace } from './record-rows.ts';
import { type Holder, sharePlace } from './record-sharing.ts';
import type { Pointer } from './records.ts';
import { seal, splitKey } from './sealing.ts';

/** The rows and conditions that a change is made of, as DynamoDB takes them. */
export const keyAttributes = ({ pk, sk }: { pk: string; sk: string }) => ({ pk: { S: pk }, sk: { S: sk } });

export function conditionOf(condition: 'new' | { readonly version: number }, now: Date) {
  if (condition !== 'new') {
    return {
      ConditionExpression: '#version = :version',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':version': { N: String(condition.version) } },
    };
  }
  // What has expired is not there, whether or not TTL has removed it yet.
  return {
    ConditionExpression: 'attribute_not_exists(pk) OR expiresAtEpochSeconds <= :now',
    ExpressionAttributeValues: { ':now': { N: String(Math.floor(now.getTime() / 1000)) } },
  };
}

/** Which generation of the class key it is sealed under: what an earlier one sealed is gone, and reads as absent. */
const generationOf = (generation: number) => (generation === 1 ? {} : { keyGeneration: { N: String(generation) } });

export function payloadOf(ref: Ref, value: unknown, key: KeyObject, generation = 1): Record<string, AttributeValue> {
  return {
    ...generationOf(generation),
    schemaVersion: { N: String(ref.entity.schemaVersion) },
    retentionClass: { S: ref.entity.retentionClass },
    sealed: { B: seal(key, JSON.stringify(value), logicalPlace(ref)) },
  };
}

export interface ItemKey {
  readonly key: KeyObject;
  readonly shares: readonly Uint8Array[];
  /** Each is needed beside the holders'. */
  readonly sharesOfAbout: readonly Uint8Array[];
}

export function itemKey(opensWhile: 'any' | 'all', holders: number, about: number): ItemKey {
  // Where any holder will do, all of them have the same part.
  const parts = opensWhile === 'all' ? holders : 1;
  const { key, shares } = splitKey(parts + about);
  const ofHolders = opensWhile === 'all' ? shares.slice(0, parts) : Array.from({ length: holders }, () => shares[0]!);
  return { key, shares: ofHolders, sharesOfAbout: shares.slice(parts) };
}

export function shareOf(
  ref: Ref,
  holder: Holder,
  share: Uint8Array,
  classKey: KeyObject,
  generation: number,
): AttributeValue {
  return {
    M: {
      ...generationOf(generation),
      controller: { S: holder.owner.controller },
      subject: { S: holder.owner.subject },
      retentionClass: { S: holder.retentionClass },
      wrapped: { B: seal(classKey, share, sharePlace(ref, holder)) },
    },
  };
}

/** Only where the share is still that holder's: who wrote the row again has left it out already. */
export const withoutShare = (at: number, { controller, subject }: Owner) => ({
  UpdateExpression: `REMOVE holders[${at}]`,
  ConditionExpression: `holders[${at}].controller = :controller AND holders[${at}].subject = :subject`,
  ExpressionAttributeValues: { ':controller': { S: controller }, ':subject': { S: subject } },
});

export function createKeyRow(key: { table: string; pk: string; sk: string }, wrapped: Uint8Array): TransactWriteItem {
  return {
    Put: {
      TableName: key.table,
      Item: { ...keyAttributes(key), state: { S: 'ACTIVE' }, wrappedKey: { B: wrapped } },
      // Not even over a fence: an erased person's key is never made again.
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** Not closed since it was read: not erased, not restricted, no objection to what is written, still the same key. */
export function checkKeyIsOpen(
  key: { table: string; pk: string; sk: string },
  generation: number,
  entities: readonly string[],
  { throughRestriction }: Opening,
): TransactWriteItem {
  const sameKey = generation === 1 ? 'attribute_not_exists(generation)' : 'generation = :generation';
  const isOpen = throughRestriction ? '#state IN (:active, :restricted)' : '#state = :active';
  const notRefused = throughRestriction ? [] : entities.map((_, i) => `NOT contains(refused, :entity${i})`);
  return {
    ConditionCheck: {
      TableName: key.table,
      Key: keyAttributes(key),
      ConditionExpression: [isOpen, sameKey, ...notRefused].join(' AND '),
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':active': { S: 'ACTIVE' },
        ...(throughRestriction && { ':restricted': { S: 'RESTRICTED' } }),
        ...(generation !== 1 && { ':generation': { N: String(generation) } }),
        ...Object.fromEntries(notRefused.map((_, i) => [`:entity${i}`, { S: entities[i]! }])),
      },
    },
  };
}

/** No fence, used before or not. */
export const checkKeyIsNoFence = (key: { table: string; pk: string; sk: string }): TransactWriteItem => ({
  ConditionCheck: {
    TableName: key.table,
    Key: keyAttributes(key),
    ConditionExpression: 'attribute_not_exists(pk) OR #state <> :erased',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':erased': { S: 'ERASED' } },
  },
});

export function pointerRow(pointer: Pointer) {
  const { pk, sk, attributes, expiresAtEpochSeconds } = pointer;
  return marshall({ ...attributes, pk, sk, ...(expiresAtEpochSeconds !== undefined && { expiresAtEpochSeconds }) });
}
