import { decodeTime, encodeTime } from 'ulid';
import * as z from 'zod';
import { type OrganisationId, type PersonId, SafetyDeviceId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { ownerOf } from '../people/person.ts';
import { Position } from '../positions/position.ts';

/** Events in one request. */
export const EVENTS_MAX = 100;
/** A device's clock may be ahead by so much. */
const AHEAD_MILLISECONDS_MAX = 5 * 60_000;

export const deviceEventKinds = ['position', 'alarm', 'fall', 'battery', 'self-check', 'off', 'on'] as const;

/** A ULID of the device's own; its first 48 bits are the event's instant, so that ids lie in the order of time. */
export const DeviceEventId = z
  .string()
  .regex(/^[0-7][0-9a-hjkmnp-tv-z]{25}$/)
  .meta({
    id: 'DeviceEventId',
    description: 'A ULID in lower case, made at `at`.',
    examples: ['01jd8m3v5c2w7x9y4z6a8b0c1d'],
  });

/** What the ids of an instant begin with: digits that lie in the order of time. */
export const digitsOf = (at: Date): string => encodeTime(at.getTime(), TIME_DIGITS).toLowerCase();
const TIME_DIGITS = 10;

const fields = {
  id: DeviceEventId,
  at: z.iso.datetime().meta({
    description: 'When it happened, by the device: to the millisecond that the id begins with.',
    examples: ['2024-11-22T00:24:55.212Z'],
  }),
  sequence: z
    .int()
    .min(0)
    .max(2 ** 48)
    .meta({ description: 'Counts up on the device; tells events of one millisecond apart.' }),
  kind: z.enum(deviceEventKinds),
  position: Position.optional(),
  batteryPercent: z.int().min(0).max(100).optional(),
};

export const DeviceEvent = z
  .strictObject(fields)
  .refine(({ id, at }) => decodeTime(id.toUpperCase()) === Date.parse(at), {
    path: ['id'],
    message: 'It does not begin with the instant in `at`.',
  })
  .refine(({ kind, position }) => kind !== 'position' || position !== undefined, {
    path: ['position'],
    message: 'An event of this kind has one.',
  })
  .meta({ id: 'DeviceEvent' });
export type DeviceEvent = z.output<typeof DeviceEvent>;

/** What devices have sent: in Transient with the term of positions, under the recipient's own key, in no backup. */
export const deviceEventEntity = entity({
  name: 'device-event',
  table: 'transient',
  sortKey: 'DEVICE-EVENT',
  schema: z.strictObject({ ...fields, deviceId: SafetyDeviceId, receivedAt: z.iso.datetime() }),
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to find and help a service recipient who calls, falls or is lost',
  legalBasis: 'controllers-agreement',
  article9: 'health-or-social-care',
  source: 'use',
  retentionClass: 'position',
  exported: 'copy',
  onErasure: 'delete',
  // It names the device and the instant: a record of activity for each would bury what people have done.
  isTrace: true,
});

/** By the event's own id first, and so in the order of time; two devices never meet. */
export const deviceEventRef = (
  organisationId: OrganisationId,
  recipientId: PersonId,
  eventId: string,
  deviceId: SafetyDeviceId,
) =>
  ({ entity: deviceEventEntity, owner: ownerOf(organisationId, recipientId), key: `${eventId}#${deviceId}` }) as const;

/** In the order in which a device says that they happened. */
export const inOrder = (one: Moment, other: Moment): number =>
  Date.parse(one.at) - Date.parse(other.at) || one.sequence - other.sequence;
interface Moment {
  readonly at: string;
  readonly sequence: number;
}

export const refusals = ['too-old', 'in-the-future'] as const;
/** Why an event cannot be taken; the device need not send it again. Pure. */
export function refusalOf({ at }: DeviceEvent, now: Date, keptSince: Date): (typeof refusals)[number] | undefined {
  const instant = Date.parse(at);
  if (instant > now.getTime() + AHEAD_MILLISECONDS_MAX) return 'in-the-future';
  // It would be forgotten at once, and taken again with the next try.
  return instant <= keptSince.getTime() ? 'too-old' : undefined;
}
