import { createCipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tagCheck } from './gcm-tag.ts';

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((each) => Buffer.from(each));

function sealed(key: Buffer, nonce: Buffer, place: Buffer, plaintext: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(place);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

describe('the tag of a ciphertext', () => {
  it('is known for what it is bound to, and for nothing else, as Node’s own GCM has it', () => {
    const places = fc.string({ maxLength: 90 }).map((text) => Buffer.from(text));
    fc.assert(
      fc.property(bytes(32), bytes(12), places, fc.uint8Array({ maxLength: 70 }), (key, nonce, place, content) => {
        const whole = sealed(key, nonce, place, Buffer.from(content));
        expect(tagCheck(key)(whole, [randomBytes(8), place])).toBe(true);
        expect(tagCheck(key)(whole, [Buffer.concat([place, Buffer.from('|')])])).toBe(false);
        expect(tagCheck(randomBytes(32))(whole, [place])).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});
