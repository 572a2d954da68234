import { createHash } from 'node:crypto';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { layersOf } from './layers.ts';
import { type Canary, finderOf, hmacNeedles } from './needles.ts';

const name: Canary = { name: 'last name', value: 'Kvæfjord-Øygarden' };
const phone: Canary = { name: 'telephone', value: '+4791827364' };
const picture: Canary = { name: 'picture', value: Buffer.from('9f3c51d2a47be8067715c0de99aa31f4', 'hex') };
const finder = finderOf([name, phone, picture]);
const found = (bytes: Uint8Array) => [
  ...new Set(layersOf(bytes).flatMap((layer) => finder.find(layer).map(({ canary }) => canary.name))),
];
const amid = (middle: string | Uint8Array, encoding: BufferEncoding = 'utf8') =>
  Buffer.concat([
    Buffer.from('{"a":"'),
    typeof middle === 'string' ? Buffer.from(middle, encoding) : middle,
    Buffer.from('"}'),
  ]);

/** One entry, deflated, as a ZIP holds it (APPNOTE.TXT, section 4.3.7). */
function zipped(content: Buffer): Buffer {
  const [file, packed] = [Buffer.from('data/person.json'), deflateRawSync(content)];
  const header = Buffer.alloc(30);
  header.write('PK\x03\x04', 'latin1');
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(packed.length, 18);
  header.writeUInt32LE(content.length, 22);
  header.writeUInt16LE(file.length, 26);
  return Buffer.concat([header, file, packed]);
}

describe('the search for a canary', () => {
  it.each<[string, Buffer]>([
    ['as it is', amid('Kvæfjord-Øygarden')],
    ['in capitals', amid('KVÆFJORD-ØYGARDEN')],
    ['in another normal form', amid('Kvæfjord-Øygarden'.normalize('NFD'))],
    ['in Latin-1', amid('Kvæfjord-Øygarden', 'latin1')],
    ['in UTF-16', amid('Kvæfjord-Øygarden', 'utf16le')],
    ['in UTF-16, big endian', amid(Buffer.from('Kvæfjord-Øygarden', 'utf16le').swap16())],
    ['escaped in JSON', amid('Kv\\u00e6fjord-\\u00d8ygarden')],
    ['escaped in JSON where it need not be', amid('\\u004bv\\u00e6fjord-\\u00d8ygarden')],
    ['escaped in HTML', amid('Kv&#230;fjord-&#216;ygarden')],
    ['percent-encoded', amid('Kv%C3%A6fjord-%C3%98ygarden')],
    ['percent-encoded to the last letter', amid('%4B%76%C3%A6%66%6A%6F%72%64%2D%C3%98%79%67%61%72%64%65%6E')],
    ['in quoted-printable', amid('Kv=C3=A6fjord-=C3=98ygarden')],
    ['in quoted-printable over a soft line break', amid('Kv=C3=A6fj=\r\nord-=C3=98ygarden')],
    ['in hexadecimal', amid(Buffer.from('Kvæfjord-Øygarden').toString('hex'))],
    ['cut in two', amid('Kvæfjord')],
    ['in gzip', gzipSync(amid('Kvæfjord-Øygarden'))],
    ['in zlib behind something else', amid(deflateSync('Kvæfjord-Øygarden'))],
    ['in a ZIP', zipped(Buffer.from('Kvæfjord-Øygarden, again and again: Kvæfjord-Øygarden'))],
    [
      'in base64 of a gzip of base64',
      amid(gzipSync(amid(amid('Kvæfjord-Øygarden').toString('base64'))).toString('base64')),
    ],
    [
      'in base64 over several lines',
      amid(amid('x'.repeat(70).concat('Kvæfjord-Øygarden')).toString('base64').replace(/.{76}/g, '$&\r\n')),
    ],
    ['as a plain digest', amid(createHash('sha256').update('kvæfjord-øygarden').digest('hex'))],
  ])('finds it %s', (_, bytes) => {
    expect(found(bytes)).toEqual(['last name']);
  });

  it.each([0, 1, 2])('finds it in the middle of base64, %i bytes behind a border', (shift) => {
    const whole = `${'x'.repeat(shift)}Kvæfjord-Øygarden and more`;
    // Too short to be taken for a run of base64: the needle itself must be known.
    expect(finder.find(Buffer.from(Buffer.from(whole).toString('base64'))).map(({ encoding }) => encoding)).toContain(
      'base64',
    );
  });

  it('finds bytes as they are and in base64', () => {
    expect(found(amid(picture.value as Buffer))).toEqual(['picture']);
    expect(found(amid(Buffer.from(picture.value as Buffer).toString('base64')))).toEqual(['picture']);
  });

  it('finds a telephone number by the HMAC that Lookup files it under', () => {
    const hmac = 'aVeryLongHmacInBase64urlOfThePhoneNumber_x';
    const needles = hmacNeedles([phone, picture], (value) => (value === '+4791827364' ? [hmac] : []));
    expect(finderOf([], needles).find(amid(`operator#phone#${hmac}`))).toMatchObject([{ encoding: 'lookup hmac' }]);
  });

  it('finds nothing in noise', () => {
    const noise = Buffer.from(Array.from({ length: 1 << 16 }, (_, i) => (i * 2654435761) >>> 24));
    expect(found(noise)).toEqual([]);
  });
});
