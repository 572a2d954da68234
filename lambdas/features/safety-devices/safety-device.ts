import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { type OrganisationId, PersonId, SafetyDeviceId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { ownerOf } from '../people/person.ts';

/** Devices of one service recipient: more is a mistake. */
export const SAFETY_DEVICES_MAX = 10;

export const safetyDeviceKinds = ['pendant', 'bracelet', 'tracker', 'home-unit', 'phone'] as const;

/** Devices report at least so seldom and so often: between a quarter of an hour and a week. */
export const SelfCheckMinutes = z
  .int()
  .min(15)
  .max(7 * 24 * 60)
  .meta({ description: 'Longer without a word from the device, and an alarm says so; absent: it may be silent.' });

/** An Ed25519 public key as a JSON Web Key (RFC 8037, section 2); `x` is its 32 bytes. */
export const PublicKey = z
  .strictObject({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: z
      .string()
      .regex(/^[\w-]{42}[AEIMQUYcgkosw048]$/)
      // RFC 8037, appendix A.2.
      .meta({ examples: ['11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'] }),
  })
  .meta({ id: 'DevicePublicKey', description: 'RFC 8037, section 2. The private key never leaves the device.' });
export type PublicKey = z.output<typeof PublicKey>;

export const SafetyDevice = z.strictObject({
  id: SafetyDeviceId,
  kind: z.enum(safetyDeviceKinds),
  /** What its people call it, so that they can tell it from another. */
  label: oneLine({ max: 60 }).optional(),
  selfCheckMinutes: SelfCheckMinutes.optional(),
  registeredAt: z.iso.datetime(),
  registeredBy: PersonId,
  /** When it last gave a key; absent while none has come. */
  keyGivenAt: z.iso.datetime().optional(),
});
export type SafetyDevice = z.output<typeof SafetyDevice>;

export const safetyDeviceEntity = entity({
  name: 'safety-device',
  table: 'core',
  sortKey: 'SAFETY-DEVICE',
  schema: SafetyDevice,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know by which devices a service recipient calls for help',
  legalBasis: 'controllers-agreement',
  article9: 'health-or-social-care',
  source: 'controller',
  retentionClass: 'membership',
  exported: 'copy',
  onErasure: 'delete',
});

export const safetyDeviceRef = (organisationId: OrganisationId, recipientId: PersonId, id: SafetyDeviceId) =>
  ({ entity: safetyDeviceEntity, owner: ownerOf(organisationId, recipientId), key: id }) as const;

/** Rows of ids, instants and public keys. */
export const safetyDevicePointers = {
  /**
   * By what a device is known: there as long as it is in service. Attributes: `organisationId`, `personId`, `publicKey`
   * (32 bytes in base64url), `selfCheckMinutes`.
   */
  key: (id: SafetyDeviceId): PointerKey => ({ table: 'core', pk: `SAFETY-DEVICE#${id}`, sk: 'KEY' }),
  /** Devices in service. Attributes: `personId`, `keyGivenAtEpochSeconds`, `selfCheckMinutes`. */
  inService: (organisationId: OrganisationId, id: SafetyDeviceId | ''): PointerKey => ({
    table: 'core',
    pk: `${organisationId}#SAFETY-DEVICES`,
    sk: id,
  }),
  /** When a device was last heard of. Attribute: `atEpochSeconds`. Never in a backup, and gone after 400 days. */
  heard: (organisationId: OrganisationId, id: SafetyDeviceId | ''): PointerKey => ({
    table: 'transient',
    pk: `${organisationId}#DEVICES-HEARD`,
    sk: id,
  }),
  /** A code that a device gives its key with, by its digest. Attributes: `organisationId`, `personId`, `deviceId`, `madeAt`. */
  enrolment: (digest: string): PointerKey => ({ table: 'transient', pk: `ENROLMENT#${digest}`, sk: 'ENROLMENT' }),
};

/** All rows outside the recipient's partition that lead to a device. */
export const rowsOfSafetyDevice = (organisationId: OrganisationId, id: SafetyDeviceId): PointerKey[] => [
  safetyDevicePointers.key(id),
  safetyDevicePointers.inService(organisationId, id),
  safetyDevicePointers.heard(organisationId, id),
];
