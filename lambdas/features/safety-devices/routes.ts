import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { OrganisationId, SafetyDeviceId } from '../../http/ids.ts';
import { ofPerson } from '../../http/params.ts';
import { anyone, device, type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { EnrolmentCode } from './enrolment.ts';
import { PublicKey, SAFETY_DEVICES_MAX, SafetyDevice, SelfCheckMinutes, safetyDeviceKinds } from './safety-device.ts';

const Instant = z.iso.datetime();

const SafetyDeviceView = SafetyDevice.extend({
  version: z.int(),
  state: z
    .enum(['awaiting-key', 'in-service'])
    .meta({ description: '`awaiting-key`: nothing that it sends is taken yet.' }),
  heardOfAt: Instant.optional().meta({ description: 'When it last sent anything, within 400 days.' }),
}).meta({ id: 'SafetyDevice' });

const Enrolment = z
  .strictObject({ code: EnrolmentCode, expiresAt: Instant })
  .meta({ id: 'Enrolment', description: 'Typed into the device, once. Nobody can read it again.' });

const ofSafetyDevice = ofPerson.extend({ safetyDeviceId: SafetyDeviceId });

/** What staff do with a recipient's devices. */
export const safetyDeviceRoutes = {
  registerSafetyDevice: {
    summary: 'Give a service recipient a safety device',
    description:
      'The answer holds a code for the device, good for a quarter of an hour: the device makes its own key and gives the ' +
      `public half with the code (\`POST /v1/devices/enrolments\`). At most ${SAFETY_DEVICES_MAX} each.`,
    tag: 'Safety',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/safety-devices',
    access: rolesThatMay('safety-device:manage'),
    params: ofPerson,
    body: z
      .strictObject({
        kind: z.enum(safetyDeviceKinds),
        label: oneLine({ max: 60 }).optional(),
        selfCheckMinutes: SelfCheckMinutes.optional(),
      })
      .meta({ id: 'NewSafetyDevice' }),
    success: {
      status: 201,
      body: z.strictObject({ device: SafetyDeviceView, enrolment: Enrolment }).meta({ id: 'RegisteredSafetyDevice' }),
    },
    problems: ['not-a-service-recipient', 'too-many'],
    needs: changingRecords,
    creates: true,
  },
  listSafetyDevices: {
    summary: 'List the safety devices of a service recipient',
    tag: 'Safety',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/safety-devices',
    access: rolesThatMay('safety-device:read'),
    params: ofPerson,
    success: {
      status: 200,
      body: z.strictObject({ items: z.array(SafetyDeviceView).max(SAFETY_DEVICES_MAX) }).meta({ id: 'SafetyDevices' }),
    },
    problems: [],
    needs: [...readingRecords, 'transient:read', 'activity:append'],
    reads: 'safety-devices',
  },
  changeSafetyDevice: {
    summary: 'Change what a safety device is called, or how often it must report',
    description: '`null` empties a field. The device learns of it with the answer to what it sends next.',
    tag: 'Safety',
    method: 'PATCH',
    path: '/v1/organisations/{organisationId}/people/{personId}/safety-devices/{safetyDeviceId}',
    access: rolesThatMay('safety-device:manage'),
    params: ofSafetyDevice,
    body: z
      .strictObject({
        label: oneLine({ max: 60 }).nullable().optional(),
        selfCheckMinutes: SelfCheckMinutes.nullable().optional(),
      })
      .meta({ id: 'SafetyDeviceChange' }),
    success: { status: 200, body: SafetyDeviceView },
    problems: ['safety-device-not-found'],
    needs: changingRecords,
    versioned: true,
  },
  removeSafetyDevice: {
    summary: 'Take a safety device out of service',
    description: 'At once: nothing that it sends is taken any more. It is given to somebody by registering it anew.',
    tag: 'Safety',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/people/{personId}/safety-devices/{safetyDeviceId}',
    access: rolesThatMay('safety-device:manage'),
    params: ofSafetyDevice,
    success: { status: 204 },
    problems: ['safety-device-not-found'],
    needs: changingRecords,
    versioned: true,
  },
  makeEnrolmentCode: {
    summary: 'Make another code for a safety device',
    description:
      'For one that has got no key yet, or has lost it. Its old key holds until it gives a new one with the code.',
    tag: 'Safety',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/safety-devices/{safetyDeviceId}/enrolments',
    access: rolesThatMay('safety-device:manage'),
    params: ofSafetyDevice,
    success: { status: 201, body: Enrolment },
    problems: ['safety-device-not-found'],
    needs: changingRecords,
    creates: true,
  },
} as const satisfies Routes;

const Enrolled = z
  .strictObject({
    safetyDeviceId: SafetyDeviceId,
    organisationId: OrganisationId,
    selfCheckMinutes: SelfCheckMinutes.optional(),
  })
  .meta({ id: 'EnrolledDevice' });

/** What the devices themselves do about their keys. */
export const enrolmentRoutes = {
  enrolSafetyDevice: {
    summary: 'Give the public key of a device with its code',
    description:
      'The device makes an Ed25519 key and keeps its private half. The code is good once; with the same key it is ' +
      'answered again, for as long as it lasts, so that a lost answer does no harm.',
    tag: 'Safety',
    method: 'POST',
    path: '/v1/devices/enrolments',
    access: anyone,
    body: z.strictObject({ code: EnrolmentCode, publicKey: PublicKey }).meta({ id: 'DeviceEnrolment' }),
    success: { status: 201, body: Enrolled },
    problems: ['enrolment-code-not-found'],
    needs: changingRecords,
    // A code has 80 bits and lasts a quarter of an hour: this is for quiet, not for safety.
    limit: { perSecond: 5, burst: 20 },
  },
  putDeviceKey: {
    summary: 'Change the key of a device',
    description:
      'Signed with the key that holds so far. From the answer on the new one holds; repeated with it, it is answered alike.',
    tag: 'Safety',
    method: 'PUT',
    path: '/v1/devices/{safetyDeviceId}/key',
    access: device,
    params: z.strictObject({ safetyDeviceId: SafetyDeviceId }),
    body: z.strictObject({ publicKey: PublicKey }).meta({ id: 'DeviceKey' }),
    success: { status: 204 },
    problems: [],
    needs: changingRecords,
  },
} as const satisfies Routes;
