import * as z from 'zod';
import { GeofenceId, type OrganisationId, type PersonId, SafetyDeviceId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { DeviceEventId } from '../device-events/device-event.ts';
import { GEOFENCES_MAX, SHARED_GEOFENCES_MAX } from '../geofences/geofence.ts';
import { ownerOf } from '../people/person.ts';
import { SAFETY_DEVICES_MAX } from '../safety-devices/safety-device.ts';
import { Position } from './position.ts';

/** Devices that are known of one recipient: those in service, and many that were exchanged within a term. */
export const DEVICES_KNOWN_MAX = 10 * SAFETY_DEVICES_MAX;

const moment = { at: z.iso.datetime(), sequence: z.int() };

/** What is known last of one recipient's devices, where the recipient is, and on which side of each geofence. */
export const Whereabouts = z.strictObject({
  devices: z
    .array(
      z.strictObject({
        id: SafetyDeviceId,
        ...moment,
        batteryPercent: z.int().min(0).max(100).optional(),
        /** Somebody has been told that it is low, and it has not been charged since. */
        isLow: z.boolean(),
        isOff: z.boolean(),
      }),
    )
    // Those that were taken out of service go with the term of what they sent, or when there are too many.
    .max(DEVICES_KNOWN_MAX),
  latest: z.strictObject({ id: DeviceEventId, ...moment, deviceId: SafetyDeviceId, position: Position }).optional(),
  fences: z
    .array(
      z.strictObject({
        id: GeofenceId,
        /** Of the geofence: drawn anew, it is another one. */
        version: z.int().min(1),
        side: z.enum(['inside', 'outside']),
        isArmed: z.boolean(),
      }),
    )
    .max(GEOFENCES_MAX + SHARED_GEOFENCES_MAX),
});
export type Whereabouts = z.output<typeof Whereabouts>;

/** Made of what the devices sent, and gone with it: it only ever moves forward in time. */
export const whereaboutsEntity = entity({
  name: 'whereabouts',
  table: 'transient',
  sortKey: 'WHEREABOUTS',
  schema: Whereabouts,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know where a service recipient was last, and that their devices work',
  legalBasis: 'controllers-agreement',
  article9: 'health-or-social-care',
  source: 'use',
  retentionClass: 'position',
  exported: 'copy',
  onErasure: 'delete',
  // It names the device and the instant: a record of activity for each would bury what people have done.
  isTrace: true,
});

export const whereaboutsRef = (organisationId: OrganisationId, recipientId: PersonId) =>
  ({ entity: whereaboutsEntity, owner: ownerOf(organisationId, recipientId) }) as const;

export const nowhere: Whereabouts = { devices: [], fences: [] };
