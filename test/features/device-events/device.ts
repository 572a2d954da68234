import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { httpbis } from 'http-message-signatures';
import { ulid } from 'ulid';
import type { DeviceEvent } from '../../../lambdas/features/device-events/device-event.ts';

/** A safety device: it makes its own key, signs what it sends (by another implementation of RFC 9421), and counts. */
export interface Device {
  readonly id: string;
  readonly publicKey: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };
  /** An event of now, or of another instant. */
  event(wanted?: Partial<DeviceEvent>): DeviceEvent;
  send(events: readonly DeviceEvent[]): Promise<Response>;
  request(method: string, path: string, body: unknown): Promise<Response>;
}

export interface Reach {
  readonly baseUrl: string;
  fetch(url: string, init: RequestInit): Promise<Response>;
  now(): Date;
}

export function aDevice(reach: Reach, id: string, pair = generateKeyPairSync('ed25519')): Device {
  let sequence = 0;
  const request = async (method: string, path: string, body: unknown) => {
    const url = `${reach.baseUrl}${path}`;
    const content = JSON.stringify(body);
    const digest = `sha-256=:${createHash('sha256').update(content).digest('base64')}:`;
    const headers = { 'content-type': 'application/json', 'content-digest': digest };
    const signed = await httpbis.signMessage(signing(id, pair.privateKey, reach.now()), { method, url, headers });
    return reach.fetch(url, { method, headers: signed.headers as Record<string, string>, body: content });
  };
  return {
    id,
    publicKey: publicKeyOf(pair.publicKey),
    event(wanted = {}) {
      const at = wanted.at ?? reach.now().toISOString();
      return { id: ulid(Date.parse(at)).toLowerCase(), at, sequence: sequence++, kind: 'self-check', ...wanted };
    },
    send: (events) => request('POST', `/v1/devices/${id}/events`, { events }),
    request,
  };
}

export const publicKeyOf = (key: KeyObject) => {
  const { x } = key.export({ format: 'jwk' });
  return { kty: 'OKP', crv: 'Ed25519', x: x! } as const;
};

const signing = (keyId: string, privateKey: KeyObject, created: Date) => ({
  key: { id: keyId, sign: async (base: Buffer) => sign(null, base, privateKey) },
  fields: ['@method', '@target-uri', 'content-digest'],
  params: ['created', 'keyid', 'alg'],
  paramValues: { created, keyid: keyId, alg: 'ed25519' },
});
