import * as z from 'zod';
import { ACCOUNT_ID } from '../account.ts';
import { keySpecs } from './key.ts';
import { type Key, ROTATION_PERIOD_DAYS } from './key-store.ts';
import { demandEnabled, demandNotPendingDeletion, type Kms, keyReference, operation } from './operation.ts';
import { KmsProblem } from './problem.ts';

const DAY_MILLISECONDS = 86_400_000;
const ALIASES_PER_PAGE_MAX = 100;
const WAITING_DAYS_MIN = 7;
const WAITING_DAYS_MAX = 30;

const KeyInput = z.object({ KeyId: keyReference });

export const administrationOperations = {
  DescribeKey: operation(KeyInput, (input, { store }) => ({ KeyMetadata: metadataOf(store.find(input.KeyId)) })),

  ListAliases: operation(
    z.object({
      KeyId: keyReference.optional(),
      Limit: z.int().min(1).max(ALIASES_PER_PAGE_MAX).default(50),
      Marker: z.string().optional(),
    }),
    (input, { store }) => {
      const keyId = input.KeyId === undefined ? undefined : store.find(input.KeyId).keyId;
      const rest = store
        .aliases()
        .filter((entry) => keyId === undefined || entry.keyId === keyId)
        .filter((entry) => input.Marker === undefined || entry.alias > input.Marker);
      const page = rest.slice(0, input.Limit);
      const isTruncated = rest.length > page.length;
      return {
        Aliases: page.map(({ alias, arn, keyId: target }) => ({
          AliasName: alias,
          AliasArn: arn,
          TargetKeyId: target,
        })),
        Truncated: isTruncated,
        ...(isTruncated && { NextMarker: page.at(-1)!.alias }),
      };
    },
  ),

  EnableKey: operation(KeyInput, (input, kms) => switched(kms, input.KeyId, 'Enabled')),
  DisableKey: operation(KeyInput, (input, kms) => switched(kms, input.KeyId, 'Disabled')),

  ScheduleKeyDeletion: operation(
    KeyInput.extend({
      PendingWindowInDays: z.int().min(WAITING_DAYS_MIN).max(WAITING_DAYS_MAX).default(WAITING_DAYS_MAX),
    }),
    (input, { store, clock }) => {
      const key = store.find(input.KeyId);
      demandNotPendingDeletion(key);
      const deletedFrom = clock.now() + input.PendingWindowInDays * DAY_MILLISECONDS;
      store.change(key, () => {
        key.state = 'PendingDeletion';
        key.deletedFromEpochMilliseconds = deletedFrom;
      });
      return {
        KeyId: key.arn,
        DeletionDate: deletedFrom / 1000,
        KeyState: key.state,
        PendingWindowInDays: input.PendingWindowInDays,
      };
    },
  ),

  CancelKeyDeletion: operation(KeyInput, (input, { store }) => {
    const key = store.find(input.KeyId);
    if (key.state !== 'PendingDeletion') {
      throw new KmsProblem('KMSInvalidStateException', `${key.arn} is not pending deletion.`);
    }
    // Disabled, not enabled: whoever saved it must also say that it is to be used again (AWS does the same).
    store.change(key, () => {
      key.state = 'Disabled';
      delete key.deletedFromEpochMilliseconds;
    });
    return { KeyId: key.arn };
  }),

  EnableKeyRotation: operation(KeyInput, (input, kms) => turned(kms, input.KeyId, true)),
  DisableKeyRotation: operation(KeyInput, (input, kms) => turned(kms, input.KeyId, false)),

  GetKeyRotationStatus: operation(KeyInput, (input, { store }) => {
    const key = store.find(input.KeyId);
    demandRotatable(key);
    const rotates = key.rotates && key.state !== 'PendingDeletion';
    const newest = key.materials.at(-1)!;
    return {
      KeyId: key.arn,
      KeyRotationEnabled: rotates,
      ...(rotates && {
        RotationPeriodInDays: ROTATION_PERIOD_DAYS,
        NextRotationDate: newest.createdAtEpochMilliseconds / 1000 + ROTATION_PERIOD_DAYS * (DAY_MILLISECONDS / 1000),
      }),
    };
  }),
};

function switched({ store }: Kms, reference: string, state: 'Enabled' | 'Disabled'): object {
  const key = store.find(reference);
  demandNotPendingDeletion(key);
  store.change(key, () => {
    key.state = state;
  });
  return {};
}

function turned({ store }: Kms, reference: string, rotates: boolean): object {
  const key = store.find(reference);
  demandEnabled(key);
  demandRotatable(key);
  store.change(key, () => {
    key.rotates = rotates;
  });
  return {};
}

function demandRotatable(key: Key): void {
  if (key.spec === 'SYMMETRIC_DEFAULT') return;
  throw new KmsProblem('UnsupportedOperationException', `${key.arn} has key spec ${key.spec}, which does not rotate.`);
}

const algorithmsMember = {
  ENCRYPT_DECRYPT: 'EncryptionAlgorithms',
  GENERATE_VERIFY_MAC: 'MacAlgorithms',
  SIGN_VERIFY: 'SigningAlgorithms',
} as const;

function metadataOf(key: Key): object {
  return {
    AWSAccountId: ACCOUNT_ID,
    KeyId: key.keyId,
    Arn: key.arn,
    CreationDate: key.createdAtEpochMilliseconds / 1000,
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: key.usage,
    KeyState: key.state,
    ...(key.state === 'PendingDeletion' && { DeletionDate: key.deletedFromEpochMilliseconds! / 1000 }),
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    [algorithmsMember[key.usage]]: [keySpecs[key.spec].algorithm],
    MultiRegion: false,
  };
}
