import * as z from 'zod';
import { SafetyDeviceId } from '../../http/ids.ts';
import { device, type Routes } from '../../http/route.ts';
import { changingRecords } from '../../platform/capabilities.ts';
import { SelfCheckMinutes } from '../safety-devices/safety-device.ts';
import { DeviceEvent, DeviceEventId, EVENTS_MAX, refusals } from './device-event.ts';

const EventsTaken = z
  .strictObject({
    taken: z.array(DeviceEventId).max(EVENTS_MAX).meta({
      description: 'Stored now or earlier: the device can forget them.',
    }),
    refused: z
      .array(z.strictObject({ id: DeviceEventId, reason: z.enum(refusals) }).meta({ id: 'RefusedDeviceEvent' }))
      .max(EVENTS_MAX),
    selfCheckMinutes: SelfCheckMinutes.optional(),
  })
  .meta({ id: 'DeviceEventsTaken' });

export const deviceEventRoutes = {
  sendDeviceEvents: {
    summary: 'Send what has happened to a device',
    description:
      'In any order and as often as it takes: an event is taken once, by its id, for as long as positions are kept, and what ' +
      'comes late never overwrites what is newer. Without an answer, or with a 5xx, the device sends the same events again.',
    tag: 'Safety',
    method: 'POST',
    path: '/v1/devices/{safetyDeviceId}/events',
    access: device,
    params: z.strictObject({ safetyDeviceId: SafetyDeviceId }),
    body: z.strictObject({ events: z.array(DeviceEvent).min(1).max(EVENTS_MAX) }).meta({ id: 'DeviceEvents' }),
    success: { status: 200, body: EventsTaken },
    problems: [],
    needs: changingRecords,
    // The gateway cannot tell a device from a stranger, and what all of them may send together is no more than a stranger
    // can: far above the stage's own limit, so that nobody's alarm is kept out with little trouble.
    limit: { perSecond: 2_000, burst: 4_000 },
  },
} as const satisfies Routes;
