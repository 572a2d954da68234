import { profileSettings } from '../../access/profile-settings.ts';
import { OrganisationId, PersonId, SafetyDeviceId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { Change } from '../../platform/records.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import { ENROLMENT_MINUTES } from './enrolment.ts';
import type { Place, SafetyDeviceStore } from './handlers.ts';
import {
  rowsOfSafetyDevice,
  SAFETY_DEVICES_MAX,
  type SafetyDevice,
  safetyDeviceEntity,
  safetyDevicePointers,
  safetyDeviceRef,
} from './safety-device.ts';

export const safetyDeviceStore: SafetyDeviceStore = {
  async list({ organisationId, personId }, { records }) {
    const [[organisation, person], { items }] = await Promise.all([
      records.together([organisationRef(organisationId), personRef(organisationId, personId)]),
      records.list(safetyDeviceEntity, ownerOf(organisationId, personId), { limit: SAFETY_DEVICES_MAX }),
    ]);
    const isKept = organisation !== undefined && profileSettings[organisation.value.profile].safetyDevices;
    return { isRecipient: isKept && person?.value.kind === 'member', devices: items };
  },

  async heard(organisationId, ids, { records }) {
    const rows = await records.pointersAt(ids.map((id) => safetyDevicePointers.heard(organisationId, id)));
    return rows.map((row) => {
      const at = row?.attributes?.['atEpochSeconds'];
      return typeof at === 'number' ? new Date(at * 1000) : undefined;
    });
  },

  get: ({ organisationId, personId }, id, { records }) => records.get(safetyDeviceRef(organisationId, personId, id)),

  create: (place, device, code, { records }, answer) =>
    withCode(records.change(), place, device.id, code)
      .put(refOf(place, device.id), device, 'new')
      .activity({ ...about(place, device.id), event: 'safety-device.registered', detail: { kind: device.kind } })
      .commit(answer),

  async change(before, place, after, { records }) {
    const change = records.change().put(refOf(place, after.id), after, { version: before.version });
    const publicKey = await publicKeyIn(records, after.id);
    if (publicKey !== undefined) putInService(change, place, after, publicKey);
    await change.activity({ ...about(place, after.id), event: 'safety-device.changed' }).commit();
  },

  async remove(before, place, { records }) {
    const { id } = before.value;
    const change = records.change().remove(before.ref, { version: before.version });
    for (const row of rowsOfSafetyDevice(place.organisationId, id)) change.unpoint(row);
    await change.activity({ ...about(place, id), event: 'safety-device.removed' }).commit();
  },

  addCode: (before, place, code, { records }, answer) =>
    withCode(records.change(), place, before.value.id, code)
      .requirePresent(before.ref, () => new Problem('safety-device-not-found'))
      .activity({ ...about(place, before.value.id), event: 'safety-device.code-made' })
      .commit(answer),

  async byCode(digest, { records, now }) {
    const [row] = await records.pointersAt([safetyDevicePointers.enrolment(digest)]);
    const { organisationId, personId, deviceId, madeAt, usedFor } = row?.attributes ?? {};
    const expiresAt = new Date((row?.expiresAtEpochSeconds ?? 0) * 1000);
    if (expiresAt <= now) return undefined;
    const place = { organisationId: OrganisationId.parse(organisationId), personId: PersonId.parse(personId) };
    const device = await records.get(refOf(place, SafetyDeviceId.parse(deviceId)));
    return (
      device && {
        place,
        device,
        madeAt: String(madeAt),
        expiresAt,
        usedFor: typeof usedFor === 'string' ? usedFor : undefined,
      }
    );
  },

  keyOf: (id, { records }) => publicKeyIn(records, id),

  async putKey(before, place, publicKey, { records, now }, code) {
    const after: SafetyDevice = { ...before.value, keyGivenAt: now.toISOString() };
    const change = records.change().put(before.ref, after, { version: before.version });
    putInService(change, place, after, publicKey.x);
    if (code) withCode(change, place, after.id, code, publicKey.x);
    const event = before.value.keyGivenAt === undefined ? 'safety-device.enrolled' : 'safety-device.key-changed';
    await change.activity({ ...about(place, after.id), event }).commit();
  },
};

const refOf = ({ organisationId, personId }: Place, id: SafetyDeviceId) =>
  safetyDeviceRef(organisationId, personId, id);
const about = ({ organisationId, personId }: Place, id: SafetyDeviceId) => ({
  subject: ownerOf(organisationId, personId),
  about: [id],
});

async function publicKeyIn(records: Parameters<SafetyDeviceStore['keyOf']>[1]['records'], id: SafetyDeviceId) {
  const [row] = await records.pointersAt([safetyDevicePointers.key(id)]);
  const publicKey = row?.attributes?.['publicKey'];
  return typeof publicKey === 'string' ? publicKey : undefined;
}

/** The rows by which a device is known when it sends, and by which its silence is noticed. */
function putInService(change: Change, { organisationId, personId }: Place, device: SafetyDevice, publicKey: string) {
  const { id, selfCheckMinutes, keyGivenAt = '' } = device;
  const often = selfCheckMinutes !== undefined && { selfCheckMinutes };
  const keyGivenAtEpochSeconds = Math.floor(Date.parse(keyGivenAt) / 1000);
  change.point({ ...safetyDevicePointers.key(id), attributes: { organisationId, personId, publicKey, ...often } });
  change.point({
    ...safetyDevicePointers.inService(organisationId, id),
    attributes: { personId, keyGivenAtEpochSeconds, ...often },
  });
}

const withCode = (
  change: Change,
  { organisationId, personId }: Place,
  deviceId: SafetyDeviceId,
  { digest, expiresAt }: { readonly digest: string; readonly expiresAt: Date },
  usedFor?: string,
): Change =>
  change.point({
    ...safetyDevicePointers.enrolment(digest),
    attributes: {
      organisationId,
      personId,
      deviceId,
      madeAt: madeAtOf(expiresAt),
      ...(usedFor !== undefined && { usedFor }),
    },
    expiresAtEpochSeconds: Math.ceil(expiresAt.getTime() / 1000),
  });

const madeAtOf = (expiresAt: Date): string => new Date(expiresAt.getTime() - ENROLMENT_MINUTES * 60_000).toISOString();
