import { createPublicKey } from 'node:crypto';
import type { DeviceCaller } from '../../http/call.ts';
import { OrganisationId, PersonId, type SafetyDeviceId } from '../../http/ids.ts';
import type { Records } from '../../platform/records.ts';
import { PublicKey, safetyDevicePointers } from './safety-device.ts';

/** A device in service, and the key that it signs with; undefined for any other. One round trip. */
export async function findDevice(deviceId: SafetyDeviceId, records: Pick<Records, 'pointersAt'>) {
  const [row] = await records.pointersAt([safetyDevicePointers.key(deviceId)]);
  const attributes = row?.attributes;
  if (!attributes) return undefined;
  const key = PublicKey.parse({ kty: 'OKP', crv: 'Ed25519', x: attributes['publicKey'] });
  const selfCheckMinutes = attributes['selfCheckMinutes'];
  const device: DeviceCaller = {
    deviceId,
    organisationId: OrganisationId.parse(attributes['organisationId']),
    recipientId: PersonId.parse(attributes['personId']),
    ...(typeof selfCheckMinutes === 'number' && { selfCheckMinutes }),
  };
  return { device, publicKey: createPublicKey({ key, format: 'jwk' }) };
}
