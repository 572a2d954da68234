import * as z from 'zod';
import { PushDeviceId } from '../../http/ids.ts';
import { account, type Routes } from '../../http/route.ts';
import { changingRecords } from '../../platform/capabilities.ts';
import { DEVICES_MAX, PushToken, platforms } from './device.ts';

const DeviceView = z
  .strictObject({
    id: PushDeviceId,
    platform: z.enum(platforms),
    addedAt: z.iso.datetime(),
    seenAt: z.iso.datetime().meta({ description: 'When the app last registered it.' }),
  })
  .meta({ id: 'Device' });

const needs = [...changingRecords, 'push:register', 'push:forget'] as const;

export const deviceRoutes = {
  registerDevice: {
    summary: 'Let this device be told that something waits',
    description:
      'The app calls it whenever it starts: the same token is the same device. A push passes Apple or Google, and says ' +
      'that something waits, nothing else. A device belongs to the account that registered it last; of more than ' +
      `${DEVICES_MAX} the one that was seen longest ago goes. On signing out the app deletes it.`,
    tag: 'Me',
    method: 'POST',
    path: '/v1/me/devices',
    access: account,
    body: z.strictObject({ platform: z.enum(platforms), token: PushToken }).meta({ id: 'NewDevice' }),
    success: { status: 201, body: DeviceView },
    problems: ['push-token-refused'],
    needs,
    creates: true,
  },
  listDevices: {
    summary: 'List the devices that are told when something waits',
    tag: 'Me',
    method: 'GET',
    path: '/v1/me/devices',
    access: account,
    success: {
      status: 200,
      body: z.strictObject({ items: z.array(DeviceView).max(DEVICES_MAX) }).meta({ id: 'Devices' }),
    },
    problems: [],
    needs: changingRecords,
  },
  deleteDevice: {
    summary: 'Let a device be told no more',
    description: 'Its address is deleted at Amazon SNS as well.',
    tag: 'Me',
    method: 'DELETE',
    path: '/v1/me/devices/{deviceId}',
    access: account,
    params: z.strictObject({ deviceId: PushDeviceId }),
    success: { status: 204 },
    problems: ['device-not-found'],
    needs,
  },
} as const satisfies Routes;
