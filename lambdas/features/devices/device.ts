import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type AccountId, PushDeviceId } from '../../http/ids.ts';
import { entity, keyOf, type Ref } from '../../platform/entity.ts';
import type { Change, Otherwise, PointerKey, Stored } from '../../platform/records.ts';
import { accountOwner } from '../accounts/account.ts';

/** Devices of one account; another takes the place of the one that was registered longest ago. */
export const DEVICES_MAX = 10;
/** Tokens of Apple are 64 hexadecimal digits and may grow; those of Google are about 160 characters. */
const TOKEN_CHARACTERS_MAX = 1024;

export const platforms = ['apple', 'google'] as const;

/** The address by which Apple or Google reach one app on one device. SNS keeps it; we do not. */
export const PushToken = z
  .string()
  .regex(/^[\w:.-]{16,}$/)
  .max(TOKEN_CHARACTERS_MAX)
  .meta({ description: 'What the app got from Apple (in hexadecimal) or from Firebase.' });

const Device = z.strictObject({
  id: PushDeviceId,
  platform: z.enum(platforms),
  /** The endpoint that SNS made of the token. */
  endpointArn: z
    .string()
    .regex(/^arn:[\w:/.-]+$/)
    .max(512),
  addedAt: z.iso.datetime(),
  /** When the app last said that it is there. */
  seenAt: z.iso.datetime(),
});
export type Device = z.output<typeof Device>;

export const deviceEntity = entity({
  name: 'device',
  table: 'core',
  sortKey: 'DEVICE',
  schema: Device,
  schemaVersion: 1,
  ourRole: 'controller',
  purpose: 'to tell a person on their own devices that something waits',
  legalBasis: 'contract',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'account',
  exported: 'copy',
  onErasure: 'delete',
});
export type StoredDevice = Stored<typeof deviceEntity>;

/** A device lies under a digest of its endpoint, so that what is registered again is found without looking for it. */
export const digestOf = (endpointArn: string) => createHash('sha256').update(endpointArn).digest('base64url');

export const deviceRef = (accountId: AccountId, digest: string): Ref<typeof deviceEntity> => ({
  entity: deviceEntity,
  owner: accountOwner(accountId),
  key: digest,
});

/** Which account a device is registered for: the one that was signed in there last, and no other. */
export const holderPointer = (digest: string): PointerKey => ({ table: 'core', pk: `DEVICE#${digest}`, sk: 'HOLDER' });

/** Takes a device out (two writes); the change still needs its activity record. */
export const withoutDevice = (change: Change, { ref, version, value }: StoredDevice, otherwise?: Otherwise): Change =>
  change.remove(ref, { version }, otherwise).unpoint(holderPointer(digestOf(value.endpointArn)));

/** The row of another account's device: it goes without a look at that account's keys. */
export const rowOfDevice = (accountId: AccountId, digest: string): PointerKey => ({
  table: 'core',
  ...keyOf(deviceRef(accountId, digest)),
});
