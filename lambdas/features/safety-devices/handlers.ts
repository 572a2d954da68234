import { randomBytes } from 'node:crypto';
import type { Call, DeviceCaller } from '../../http/call.ts';
import type { OrganisationId, PersonId, SafetyDeviceId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import { digestOfCode, ENROLMENT_MINUTES, enrolmentCode } from './enrolment.ts';
import type { enrolmentRoutes, safetyDeviceRoutes } from './routes.ts';
import { type PublicKey, SAFETY_DEVICES_MAX, type SafetyDevice, type safetyDeviceEntity } from './safety-device.ts';

export type StoredSafetyDevice = Stored<typeof safetyDeviceEntity>;
/** Whose device. */
export interface Place {
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
}
/** A code that a device may give its key with. */
interface CodeRow {
  readonly digest: string;
  readonly expiresAt: Date;
}

interface CodeFound {
  readonly place: Place;
  readonly device: StoredSafetyDevice;
  readonly madeAt: string;
  readonly expiresAt: Date;
  /** The key that it was used for already. */
  readonly usedFor: string | undefined;
}

export interface SafetyDeviceStore {
  /** One wave; `isRecipient` is false for somebody whom the organisation serves with no devices. */
  list(
    place: Place,
    call: Call,
  ): Promise<{ readonly isRecipient: boolean; readonly devices: readonly StoredSafetyDevice[] }>;
  /** When each was last heard of; one wave. */
  heard(
    organisationId: OrganisationId,
    ids: readonly SafetyDeviceId[],
    call: Call,
  ): Promise<readonly (Date | undefined)[]>;
  get(place: Place, id: SafetyDeviceId, call: Call): Promise<StoredSafetyDevice | undefined>;
  create<A>(place: Place, device: SafetyDevice, code: CodeRow, call: Call, answer: A): Promise<A>;
  change(before: StoredSafetyDevice, place: Place, after: SafetyDevice, call: Call): Promise<void>;
  remove(before: StoredSafetyDevice, place: Place, call: Call): Promise<void>;
  addCode<A>(before: StoredSafetyDevice, place: Place, code: CodeRow, call: Call, answer: A): Promise<A>;
  /** The device that a code is for, as long as it is good; two waves. */
  byCode(digest: string, call: Call): Promise<CodeFound | undefined>;
  /** The key that the device signs with, as it was given; one wave. */
  keyOf(id: SafetyDeviceId, call: Call): Promise<string | undefined>;
  /** From then on the device is in service with this key. A code that it was given with is good for no other one. */
  putKey(before: StoredSafetyDevice, place: Place, publicKey: PublicKey, call: Call, code?: CodeRow): Promise<void>;
}

export const safetyDeviceHandlers = (store: SafetyDeviceStore): HandlersFor<typeof safetyDeviceRoutes, Call> => ({
  async registerSafetyDevice({ params, body }, call) {
    const { isRecipient, devices } = await store.list(params, call);
    if (!isRecipient) throw new Problem('not-a-service-recipient');
    if (devices.length >= SAFETY_DEVICES_MAX) throw new Problem('too-many', `At most ${SAFETY_DEVICES_MAX} devices.`);
    const { kind, label, selfCheckMinutes } = body;
    const device: SafetyDevice = {
      id: call.newId('sdv'),
      kind,
      ...(label !== undefined && { label }),
      ...(selfCheckMinutes !== undefined && { selfCheckMinutes }),
      registeredAt: call.now.toISOString(),
      registeredBy: call.role!.personId,
    };
    const { code, row, expiresAt } = newCode(call);
    return store.create(params, device, row, call, {
      device: viewOf({ value: device, version: 1 }, undefined),
      enrolment: { code, expiresAt },
    });
  },

  async listSafetyDevices({ params }, call) {
    const { devices } = await store.list(params, call);
    const heard = await store.heard(
      params.organisationId,
      devices.map(({ value }) => value.id),
      call,
    );
    return { items: devices.map((one, i) => viewOf(one, heard[i])) };
  },

  async changeSafetyDevice({ params, body, ifMatch }, call) {
    const before = await theDevice(params, call, store);
    if (before.version !== ifMatch) throw new Problem('stale-version');
    const { label = before.value.label, selfCheckMinutes = before.value.selfCheckMinutes } = body;
    const { label: _, selfCheckMinutes: __, ...rest } = before.value;
    const after: SafetyDevice = {
      ...rest,
      ...(typeof label === 'string' && { label }),
      ...(typeof selfCheckMinutes === 'number' && { selfCheckMinutes }),
    };
    await store.change(before, params, after, call);
    const [heard] = await store.heard(params.organisationId, [after.id], call);
    return viewOf({ value: after, version: before.version + 1 }, heard);
  },

  async removeSafetyDevice({ params, ifMatch }, call) {
    const before = await theDevice(params, call, store);
    if (before.version !== ifMatch) throw new Problem('stale-version');
    await store.remove(before, params, call);
  },

  async makeEnrolmentCode({ params }, call) {
    const device = await theDevice(params, call, store);
    const { code, row, expiresAt } = newCode(call);
    return store.addCode(device, params, row, call, { code, expiresAt });
  },
});

export const enrolmentHandlers = (store: SafetyDeviceStore): HandlersFor<typeof enrolmentRoutes, Call> => ({
  async enrolSafetyDevice({ body: { code, publicKey } }, call) {
    const digest = digestOfCode(code);
    const found = await store.byCode(digest, call);
    if (!found || !isGoodFor(publicKey, found)) throw new Problem('enrolment-code-not-found');
    const { device, place, expiresAt, usedFor } = found;
    const { id, selfCheckMinutes } = device.value;
    if (usedFor === undefined) await store.putKey(device, place, publicKey, call, { digest, expiresAt });
    return {
      safetyDeviceId: id,
      organisationId: place.organisationId,
      ...(selfCheckMinutes !== undefined && { selfCheckMinutes }),
    };
  },

  async putDeviceKey({ body: { publicKey } }, call) {
    const { deviceId, organisationId, recipientId } = deviceOf(call);
    if ((await store.keyOf(deviceId, call)) === publicKey.x) return;
    const place = { organisationId, personId: recipientId };
    const device = await store.get(place, deviceId, call);
    if (!device) throw new Problem('signature-required');
    await store.putKey(device, place, publicKey, call);
  },
});

/**
 * Good for one key: whoever saw the code on the screen comes too late, with an earlier code as well, once the device has
 * got its key by a later one.
 */
function isGoodFor({ x }: PublicKey, { usedFor, madeAt, device }: CodeFound): boolean {
  if (usedFor !== undefined) return usedFor === x;
  const { keyGivenAt } = device.value;
  return keyGivenAt === undefined || keyGivenAt <= madeAt;
}

async function theDevice(
  { safetyDeviceId, ...place }: Place & { readonly safetyDeviceId: SafetyDeviceId },
  call: Call,
  store: SafetyDeviceStore,
): Promise<StoredSafetyDevice> {
  const found = await store.get(place, safetyDeviceId, call);
  if (!found) throw new Problem('safety-device-not-found');
  return found;
}

function newCode({ now }: Call) {
  const code = enrolmentCode(randomBytes(16));
  const expiresAt = new Date(now.getTime() + ENROLMENT_MINUTES * 60_000);
  return {
    code,
    expiresAt: expiresAt.toISOString(),
    row: { digest: digestOfCode(code), expiresAt },
  };
}

const viewOf = ({ value, version }: Pick<StoredSafetyDevice, 'value' | 'version'>, heardOfAt: Date | undefined) => ({
  ...value,
  version,
  state: value.keyGivenAt === undefined ? ('awaiting-key' as const) : ('in-service' as const),
  ...(heardOfAt && { heardOfAt: heardOfAt.toISOString() }),
});

/** The chain lets nothing but a device reach a route for devices. */
export function deviceOf({ device }: Call): DeviceCaller {
  if (!device) throw new Error('A route for devices without a device');
  return device;
}
