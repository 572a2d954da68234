import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { httpbis } from 'http-message-signatures';
import { ulid } from 'ulid';
import type { DeviceEvent } from '../../lambdas/features/device-events/device-event.ts';
import type { PublicKey } from '../../lambdas/features/safety-devices/safety-device.ts';
import type { Endpoints } from '../endpoints.ts';

/** A safety device: it makes its own key, signs what it sends (by another implementation of RFC 9421), and counts. */
export interface SafetyDevice {
  readonly safetyDeviceId: string;
  readonly publicKey: PublicKey;
  /** An event of now, or of another instant. */
  event(wanted?: Partial<DeviceEvent>): DeviceEvent;
  send(events: readonly DeviceEvent[]): Promise<Response>;
  request(method: string, path: string, body: unknown): Promise<Response>;
}

/** How a device reaches the service; the address may change while it lives. */
export interface Reach {
  readonly baseUrl: string;
  fetch(url: string, init: RequestInit): Promise<Response>;
  now(): Date;
}

/**
 * A device in service: it gives its public key with the code that staff were shown. Throws when the code is not good.
 * Where the service's clock has been moved, `now` moves with it: what is signed at another time is refused.
 */
export async function enrolledDevice(
  { api: baseUrl }: Pick<Endpoints, 'api'>,
  code: string,
  now = () => new Date(),
): Promise<SafetyDevice> {
  const pair = generateKeyPairSync('ed25519');
  const answer = await fetch(`${baseUrl}/v1/devices/enrolments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, publicKey: publicKeyOf(pair.publicKey) }),
  });
  if (answer.status !== 201) throw new Error(`The device was not enrolled: ${answer.status}`);
  const { safetyDeviceId } = (await answer.json()) as { safetyDeviceId: string };
  return safetyDevice({ baseUrl, fetch, now }, safetyDeviceId, pair);
}

/** A device by its id and key, whether in service or not. */
export function safetyDevice(
  reach: Reach,
  safetyDeviceId: string,
  pair: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } = generateKeyPairSync('ed25519'),
): SafetyDevice {
  let sequence = 0;
  const request = async (method: string, path: string, body: unknown) => {
    const url = `${reach.baseUrl}${path}`;
    const content = JSON.stringify(body);
    const digest = `sha-256=:${createHash('sha256').update(content).digest('base64')}:`;
    const headers = { 'content-type': 'application/json', 'content-digest': digest };
    const signing = signingBy(safetyDeviceId, pair.privateKey, reach.now());
    const signed = await httpbis.signMessage(signing, { method, url, headers });
    return reach.fetch(url, { method, headers: signed.headers as Record<string, string>, body: content });
  };
  return {
    safetyDeviceId,
    publicKey: publicKeyOf(pair.publicKey),
    event(wanted = {}) {
      const at = wanted.at ?? reach.now().toISOString();
      return { id: ulid(Date.parse(at)).toLowerCase(), at, sequence: sequence++, kind: 'self-check', ...wanted };
    },
    send: (events) => request('POST', `/v1/devices/${safetyDeviceId}/events`, { events }),
    request,
  };
}

export const publicKeyOf = (key: KeyObject): PublicKey => {
  const { x } = key.export({ format: 'jwk' });
  return { kty: 'OKP', crv: 'Ed25519', x: x! };
};

const signingBy = (keyId: string, privateKey: KeyObject, created: Date) => ({
  key: { id: keyId, sign: async (base: Buffer) => sign(null, base, privateKey) },
  fields: ['@method', '@target-uri', 'content-digest'],
  params: ['created', 'keyid', 'alg'],
  paramValues: { created, keyid: keyId, alg: 'ed25519' },
});
