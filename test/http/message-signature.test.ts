import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { httpbis } from 'http-message-signatures';
import { describe, expect, it } from 'vitest';
import { isSignedBy, type SignedRequest } from '../../lambdas/http/message-signature.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const KEY_ID = 'sdv_01jd8m3v5c2w7x9y4z6a8b0c1d';
const pair = generateKeyPairSync('ed25519');
const key = { keyId: KEY_ID, publicKey: pair.publicKey };

const content = Buffer.from('{"events":[]}');
const digestOf = (bytes: Uint8Array) => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;

interface Wishes {
  readonly fields?: string[];
  readonly params?: string[];
  readonly keyid?: string;
  readonly created?: Date;
  readonly expires?: Date;
  readonly alg?: string;
  readonly digest?: string;
  readonly url?: string;
  readonly privateKey?: typeof pair.privateKey;
}

/** As a device with another implementation of RFC 9421 sends it. */
async function signed(wishes: Wishes = {}): Promise<SignedRequest> {
  const url = wishes.url ?? 'https://vern.test/v1/devices/1/events';
  const message = {
    method: 'POST',
    url,
    headers: { 'content-digest': wishes.digest ?? digestOf(content), 'content-type': 'application/json' },
  };
  const { headers } = await httpbis.signMessage(
    {
      key: { id: KEY_ID, sign: async (base: Buffer) => sign(null, base, wishes.privateKey ?? pair.privateKey) },
      fields: wishes.fields ?? ['@method', '@target-uri', 'content-digest'],
      params: wishes.params ?? ['created', 'keyid', 'alg'],
      paramValues: {
        created: wishes.created ?? NOW,
        keyid: wishes.keyid ?? KEY_ID,
        alg: wishes.alg ?? 'ed25519',
        ...(wishes.expires && { expires: wishes.expires }),
      },
    },
    message,
  );
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
  return { method: 'POST', targetUri: url, headers: lower, content };
}

const minutesFromNow = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

describe('a signed request', () => {
  it('holds when another implementation has signed it', async () => {
    expect(isSignedBy(key, await signed(), NOW)).toBe(true);
    const more = await signed({ fields: ['@method', '@target-uri', 'content-digest', 'content-type'] });
    expect(isSignedBy(key, more, NOW)).toBe(true);
  });

  it('holds without the name of the algorithm, which the key decides', async () => {
    expect(isSignedBy(key, await signed({ params: ['created', 'keyid'] }), NOW)).toBe(true);
  });

  it('holds beside the signature of another', async () => {
    const { headers, ...request } = await signed();
    const input = `sig2=("@method");created=1;keyid="other", ${headers['signature-input']}`;
    const signature = `sig2=:AAAA:, ${headers['signature']}`;
    const both = { ...headers, 'signature-input': input, signature };
    expect(isSignedBy(key, { ...request, headers: both }, NOW)).toBe(true);
  });

  it.each<[string, Wishes]>([
    ['older than five minutes', { created: minutesFromNow(-6) }],
    ['from a clock that is ahead', { created: minutesFromNow(6) }],
    ['expired by its own word', { params: ['created', 'keyid', 'expires'], expires: minutesFromNow(-1) }],
    ['without the instant of its making', { params: ['keyid'] }],
    ['without the id of its key', { params: ['created'] }],
    ['by another key’s id', { keyid: 'sdv_01jd8m3v5c2w7x9y4z6a8b0c1e' }],
    ['by another key', { privateKey: generateKeyPairSync('ed25519').privateKey }],
    ['with another algorithm', { alg: 'hmac-sha256' }],
    ['that leaves the method out', { fields: ['@target-uri', 'content-digest'] }],
    ['that leaves the target out', { fields: ['@method', 'content-digest'] }],
    ['that leaves the content out', { fields: ['@method', '@target-uri'] }],
    ['of other content', { digest: digestOf(Buffer.from('{}')) }],
    ['with an algorithm of digests that is none', { digest: `md5=:${Buffer.from('x').toString('base64')}:` }],
    ['that covers what we do not know', { fields: ['@method', '@target-uri', 'content-digest', '@authority'] }],
  ])('does not hold %s', async (_, wishes) => {
    expect(isSignedBy(key, await signed(wishes), NOW)).toBe(false);
  });

  it('does not hold for another method, address or content than was signed', async () => {
    const request = await signed();
    expect(isSignedBy(key, { ...request, method: 'PUT' }, NOW)).toBe(false);
    expect(isSignedBy(key, { ...request, targetUri: 'https://vern.test/v1/devices/2/events' }, NOW)).toBe(false);
    expect(isSignedBy(key, { ...request, content: Buffer.from('{"events":[1]}') }, NOW)).toBe(false);
  });

  it('does not hold when its headers cannot be read', async () => {
    const { headers, ...request } = await signed();
    for (const broken of ['', 'sig=', '"', 'sig=("@method"', 'sig=1', 'x'.repeat(10_000)]) {
      expect(isSignedBy(key, { ...request, headers: { ...headers, 'signature-input': broken } }, NOW)).toBe(false);
      expect(isSignedBy(key, { ...request, headers: { ...headers, signature: broken } }, NOW)).toBe(false);
      expect(isSignedBy(key, { ...request, headers: { ...headers, 'content-digest': broken } }, NOW)).toBe(false);
    }
    expect(isSignedBy(key, { ...request, headers: {} }, NOW)).toBe(false);
  });

  it('does not hold with a component that is covered twice, or by a part', async () => {
    const { headers, ...request } = await signed();
    for (const more of [' "@method"', ' "@method";req', ' "content-type";sf']) {
      const input = headers['signature-input']!.replace('"content-digest"', `"content-digest"${more}`);
      expect(isSignedBy(key, { ...request, headers: { ...headers, 'signature-input': input } }, NOW)).toBe(false);
    }
  });
});
