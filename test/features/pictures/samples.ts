import { crc32, deflateSync } from 'node:zlib';

/** Tiny images, written by hand from their specifications, with and without what must not be kept. */

export const GPS_SECRET = 'GPS 59.9139N 10.7522E';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const big = (value: number, bytes: number) => {
  const written = Buffer.alloc(bytes);
  written.writeUIntBE(value, 0, bytes);
  return written;
};
const little = (value: number, bytes: number) => {
  const written = Buffer.alloc(bytes);
  written.writeUIntLE(value, 0, bytes);
  return written;
};

export const segment = (marker: number, body: Buffer) =>
  Buffer.concat([Buffer.from([0xff, marker]), big(body.length + 2, 2), body]);
export const exif = segment(0xe1, Buffer.concat([latin1('Exif\0\0MM\0*'), latin1(GPS_SECRET)]));
export const jfif = segment(0xe0, Buffer.concat([latin1('JFIF\0'), Buffer.from('0102000001000100', 'hex'), big(0, 1)]));
export const adobe = segment(0xee, Buffer.concat([latin1('Adobe'), Buffer.from('00640000000001', 'hex')]));

/** The parts of a grey JPEG; `extra` comes before its tables, `coded` is what its scan holds. */
export function jpeg(
  options: { extra?: readonly Buffer[]; width?: number; height?: number; frame?: number; coded?: Buffer } = {},
): Buffer {
  const { extra = [], width = 8, height = 8, frame = 0xc0, coded = Buffer.from('3fff00d0ffd3aa', 'hex') } = options;
  return Buffer.concat([
    Buffer.from('ffd8', 'hex'),
    ...extra,
    segment(0xdb, Buffer.alloc(65, 1)),
    segment(frame, Buffer.concat([big(8, 1), big(height, 2), big(width, 2), Buffer.from('01011100', 'hex')])),
    segment(0xc4, Buffer.alloc(20)),
    segment(0xda, Buffer.from('010100003f00', 'hex')),
    coded,
    Buffer.from('ffd9', 'hex'),
  ]);
}

export const pngChunk = (type: string, data: Buffer | string = '') => {
  const named = Buffer.concat([latin1(type), Buffer.from(data)]);
  return Buffer.concat([big(named.length - 4, 4), named, big(crc32(named), 4)]);
};
/** One that is really decodable; `extra` comes behind its header. */
export function png(options: { extra?: readonly Buffer[]; width?: number; height?: number } = {}): Buffer {
  const { extra = [], width = 1, height = 1 } = options;
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    pngChunk('IHDR', Buffer.concat([big(width, 4), big(height, 4), Buffer.from('0806000000', 'hex')])),
    ...extra,
    pngChunk('IDAT', deflateSync(Buffer.alloc(5))),
    pngChunk('IEND'),
  ]);
}

export const webpChunk = (type: string, data: Buffer | string) => {
  const content = Buffer.from(data);
  return Buffer.concat([latin1(type), little(content.length, 4), content, Buffer.alloc(content.length % 2)]);
};
export const vp8 = (width = 2, height = 3) =>
  webpChunk(
    'VP8 ',
    Buffer.concat([Buffer.from('1000009d012a', 'hex'), little(width, 2), little(height, 2), latin1('…')]),
  );
export const vp8l = (width = 2, height = 3) =>
  webpChunk('VP8L', Buffer.concat([big(0x2f, 1), little((width - 1) | ((height - 1) << 14), 4), Buffer.from([7, 7])]));
export const vp8x = (flags: number, width = 2, height = 3) =>
  webpChunk('VP8X', Buffer.concat([little(flags, 4), little(width - 1, 3), little(height - 1, 3)]));
export function webp(...chunks: readonly Buffer[]): Buffer {
  const body = Buffer.concat([latin1('WEBP'), ...chunks]);
  return Buffer.concat([latin1('RIFF'), little(body.length, 4), body]);
}
