import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanedImage } from '../../../lambdas/features/pictures/image.ts';
import {
  PICTURE_BYTES_MAX,
  PICTURE_SIDE_MAX,
  type PictureType,
  pictureTypes,
} from '../../../lambdas/features/pictures/picture.ts';
import { Problem } from '../../../lambdas/http/problem.ts';
import {
  adobe,
  exif,
  GPS_SECRET,
  jfif,
  jpeg,
  png,
  pngChunk,
  segment,
  vp8,
  vp8l,
  vp8x,
  webp,
  webpChunk,
} from './samples.ts';

const refusal = (type: PictureType, content: Buffer): string | undefined => {
  try {
    cleanedImage(type, content);
    return undefined;
  } catch (error) {
    return error instanceof Problem ? error.slug : String(error);
  }
};
const clean = (type: PictureType, content: Buffer) => cleanedImage(type, content).toString('hex');

describe('a JPEG', () => {
  it('loses EXIF, XMP, colour profile, IPTC, comments, and what follows its end', () => {
    const extra = [
      exif,
      segment(0xe1, Buffer.from('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>')),
      segment(0xe2, Buffer.from('ICC_PROFILE\0')),
      segment(0xed, Buffer.from('Photoshop 3.0\0')),
      segment(0xef, Buffer.from('who knows')),
      segment(0xfe, Buffer.from(GPS_SECRET)),
    ];
    const content = Buffer.concat([jpeg({ extra }), Buffer.from(GPS_SECRET)]);
    expect(clean('image/jpeg', content)).toBe(jpeg().toString('hex'));
  });

  it('loses metadata between its scans too', () => {
    const scan = segment(0xda, Buffer.from('010100003f00', 'hex'));
    const scans = (between: Buffer) => jpeg({ frame: 0xc2, coded: Buffer.concat([Buffer.from('07'), between, scan]) });
    expect(clean('image/jpeg', scans(exif))).toBe(clean('image/jpeg', scans(Buffer.alloc(0))));
  });

  it('keeps what its colours depend on, and no thumbnail', () => {
    const extra = [jfif, adobe];
    expect(clean('image/jpeg', jpeg({ extra }))).toBe(jpeg({ extra }).toString('hex'));
    const thumbnail = segment(
      0xe0,
      Buffer.concat([Buffer.from('JFIF\0'), Buffer.from('010200000100010101aabbcc', 'hex')]),
    );
    expect(clean('image/jpeg', jpeg({ extra: [thumbnail] }))).toBe(jpeg().toString('hex'));
  });

  it('may fill the space before a marker', () => {
    expect(clean('image/jpeg', jpeg({ extra: [Buffer.from('ffff', 'hex'), exif] }))).toBe(jpeg().toString('hex'));
  });

  it.each<[string, Buffer]>([
    ['without an end', jpeg().subarray(0, -2)],
    ['without a scan', Buffer.concat([jpeg().subarray(0, -17), Buffer.from('ffd9', 'hex')])],
    ['of lossless coding', jpeg({ frame: 0xc3 })],
    ['with two frames', jpeg({ extra: [segment(0xc0, Buffer.alloc(9, 1))] })],
    ['without height', jpeg({ height: 0 })],
    ['with a segment longer than itself', jpeg({ extra: [Buffer.from('ffe1ffff', 'hex')] })],
    ['with a second beginning', jpeg({ extra: [Buffer.from('ffd8', 'hex')] })],
  ])('%s is refused', (_what, content) => expect(refusal('image/jpeg', content)).toBe('not-a-picture'));
});

describe('a PNG', () => {
  it('loses texts, EXIF, time, colour profile, further images, and what follows its end', () => {
    const types = ['tEXt', 'iTXt', 'zTXt', 'eXIf', 'tIME', 'iCCP', 'pHYs', 'acTL', 'fcTL', 'fdAT', 'prVt'];
    const extra = types.map((type) => pngChunk(type, `Location\0${GPS_SECRET}`));
    const content = Buffer.concat([png({ extra }), Buffer.from(GPS_SECRET)]);
    expect(clean('image/png', content)).toBe(png().toString('hex'));
  });

  it('keeps what its colours and transparency depend on', () => {
    const content = png({ extra: [pngChunk('gAMA', Buffer.alloc(4, 1)), pngChunk('tRNS', Buffer.alloc(6))] });
    expect(clean('image/png', content)).toBe(content.toString('hex'));
  });

  it.each<[string, Buffer]>([
    ['without an end', png().subarray(0, -12)],
    ['with two headers', png({ extra: [pngChunk('IHDR', Buffer.alloc(13, 1))] })],
    ['with a critical chunk that nobody knows', png({ extra: [pngChunk('ABCD')] })],
    ['without width', png({ width: 0 })],
    ['cut in a chunk', png().subarray(0, 40)],
    ['without data', Buffer.concat([png().subarray(0, 33), pngChunk('IEND')])],
    ['that begins with its data', Buffer.concat([png().subarray(0, 8), png().subarray(33)])],
  ])('%s is refused', (_what, content) => expect(refusal('image/png', content)).toBe('not-a-picture'));
});

describe('a WebP', () => {
  const metadata = ['EXIF', 'XMP ', 'ICCP', 'WHAT'].map((type) => webpChunk(type, GPS_SECRET));

  it('loses EXIF, XMP, colour profile and unknown chunks, and no longer announces them', () => {
    for (const image of [vp8(), vp8l()]) {
      const content = Buffer.concat([webp(vp8x(0x2c), ...metadata, image), Buffer.from(GPS_SECRET)]);
      expect(clean('image/webp', content)).toBe(webp(image).toString('hex'));
    }
  });

  it('keeps its transparency', () => {
    const alpha = webpChunk('ALPH', 'abc');
    expect(clean('image/webp', webp(vp8x(0x3c), ...metadata, alpha, vp8()))).toBe(
      webp(vp8x(0x10), alpha, vp8()).toString('hex'),
    );
  });

  it.each<[string, Buffer]>([
    ['that is an animation', webp(vp8x(0x02), webpChunk('ANIM', '123456'), webpChunk('ANMF', vp8()))],
    ['of two images', webp(vp8(), vp8())],
    ['whose canvas is another size', webp(vp8x(0, 2000, 3000), vp8())],
    ['that is no key frame', webp(webpChunk('VP8 ', Buffer.from('1100009d012a02000300', 'hex')))],
    ['shorter than it says', webp(vp8()).subarray(0, -2)],
    ['with a chunk longer than itself', webp(Buffer.from('VP8 \xff\xff\xff\x7f', 'latin1'))],
    ['that is another RIFF', Buffer.from(webp(vp8()).toString('latin1').replace('WEBP', 'WAVE'), 'latin1')],
  ])('%s is refused', (_what, content) => expect(refusal('image/webp', content)).toBe('not-a-picture'));
});

describe('a picture', () => {
  const samples: Readonly<Record<PictureType, Buffer>> = {
    'image/jpeg': jpeg({ extra: [jfif, exif] }),
    'image/png': png({ extra: [pngChunk('tEXt', `Location\0${GPS_SECRET}`)] }),
    'image/webp': webp(vp8x(0x08), vp8(), webpChunk('EXIF', GPS_SECRET)),
  };
  const beginnings: Readonly<Record<PictureType, RegExp>> = {
    'image/jpeg': /^ffd8ff/,
    'image/png': /^89504e470d0a1a0a/,
    'image/webp': /^52494646.{8}57454250/,
  };

  it('is refused under another type than its own, and so is what is no picture', () => {
    for (const type of pictureTypes) {
      for (const [itsType, content] of Object.entries(samples)) {
        expect(refusal(type, content)).toBe(itsType === type ? undefined : 'not-a-picture');
      }
      const others = [
        '',
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
        '<!doctype html><script>',
        'GIF89a',
        '\xff',
        'RIFF',
      ];
      for (const other of others) expect(refusal(type, Buffer.from(other, 'latin1'))).toBe('not-a-picture');
    }
  });

  it('is bounded in octets and in pixels', () => {
    const side = PICTURE_SIDE_MAX;
    expect(refusal('image/jpeg', jpeg({ width: side, height: side }))).toBeUndefined();
    expect(refusal('image/png', png({ width: side, height: side }))).toBeUndefined();
    expect(refusal('image/webp', webp(vp8l(side, side)))).toBeUndefined();
    for (const content of [jpeg({ width: side + 1 }), jpeg({ height: side + 1 })]) {
      expect(refusal('image/jpeg', content)).toBe('picture-too-large');
    }
    expect(refusal('image/png', png({ width: 2 ** 31 }))).toBe('picture-too-large');
    expect(refusal('image/webp', webp(vp8l(side, side + 1)))).toBe('picture-too-large');
    const padded = (bytes: number) => jpeg({ coded: Buffer.alloc(bytes - jpeg({ coded: Buffer.alloc(0) }).length) });
    expect(cleanedImage('image/jpeg', padded(PICTURE_BYTES_MAX))).toHaveLength(PICTURE_BYTES_MAX);
    expect(refusal('image/jpeg', padded(PICTURE_BYTES_MAX + 1))).toBe('picture-too-large');
  });

  /** What a hostile or broken client could send: a sample with metadata, damaged anywhere. */
  const damaged = (type: PictureType) =>
    fc
      .tuple(
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
        fc.option(fc.nat()),
        fc.option(fc.tuple(fc.nat(), fc.uint8Array({ maxLength: 40 }))),
      )
      .map(([changes, cut, insertion]) => {
        let content = Buffer.from(samples[type]);
        for (const [at, value] of changes) content[at % content.length] = value;
        if (insertion) {
          const at = insertion[0] % content.length;
          content = Buffer.concat([content.subarray(0, at), insertion[1], content.subarray(at)]);
        }
        return cut === null ? content : content.subarray(0, cut % (content.length + 1));
      });

  it.each(pictureTypes)(
    'of %s is refused by a problem or comes out as one, with nothing more to take out, however damaged',
    (type) => {
      let taken = 0;
      const check = (content: Buffer) => {
        const slug = refusal(type, content);
        if (slug !== undefined) {
          expect(['not-a-picture', 'picture-too-large']).toContain(slug);
          return;
        }
        taken++;
        const once = cleanedImage(type, content);
        expect(once.toString('hex')).toMatch(beginnings[type]);
        expect(once.length).toBeLessThanOrEqual(content.length);
        expect(cleanedImage(type, once).equals(once)).toBe(true);
      };
      check(samples[type]);
      fc.assert(fc.property(damaged(type), check), { numRuns: 2000 });
      fc.assert(
        fc.property(
          fc.uint8Array({ maxLength: 400 }).map((content) => Buffer.from(content)),
          check,
        ),
      );
      expect(taken).toBeGreaterThan(20);
    },
  );

  it.each(pictureTypes)('of %s keeps none of any metadata put into it', (type) => {
    const metadata: Readonly<Record<PictureType, (body: Buffer, kind: number) => Buffer>> = {
      'image/jpeg': (body, kind) => jpeg({ extra: [segment([0xe1, 0xe2, 0xed, 0xfe][kind]!, body)] }),
      'image/png': (body, kind) => png({ extra: [pngChunk(['eXIf', 'tEXt', 'iTXt', 'zTXt'][kind]!, body)] }),
      'image/webp': (body, kind) => webp(vp8x(0x2c), vp8(), webpChunk(['EXIF', 'XMP ', 'ICCP', 'ABCD'][kind]!, body)),
    };
    const without = clean(type, metadata[type](Buffer.alloc(0), 0));
    const body = fc.uint8Array({ maxLength: 2000 });
    fc.assert(
      fc.property(body, fc.nat(3), (octets, kind) => {
        expect(clean(type, metadata[type](Buffer.from(octets), kind))).toBe(without);
      }),
    );
  });
});
