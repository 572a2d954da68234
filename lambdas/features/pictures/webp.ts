import type { CleanedImage, Size } from './image.ts';

/** `RIFF`, the length of what follows, `WEBP` (RFC 9649, section 2.4). */
const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const EXTENDED_BYTES = 10;
const HAS_ALPHA = 0x10;

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/**
 * Written anew from the one image and its transparency: EXIF, XMP, colour profile and unknown chunks have no place in
 * it. An animation has no image of its own and is none here.
 */
export function cleanedWebp(content: Buffer): CleanedImage | undefined {
  const chunks = chunksOf(content);
  const images = chunks?.filter(({ type }) => type === 'VP8 ' || type === 'VP8L') ?? [];
  const [image] = images;
  const size = image && images.length === 1 ? sizeOf(image) : undefined;
  if (!chunks || !image || !size) return undefined;
  const extended = chunks.find(({ type }) => type === 'VP8X');
  if (extended && !isCanvasOf(extended.data, size)) return undefined;
  const alpha = extended && image.type === 'VP8 ' && chunks.find(({ type }) => type === 'ALPH');
  const written = alpha ? [extendedHeader(size), alpha, image] : [image];
  return { ...size, content: riffOf(written) };
}

function chunksOf(content: Buffer): Chunk[] | undefined {
  if (content.length < HEADER_BYTES || content.toString('latin1', 0, 4) !== 'RIFF') return undefined;
  if (content.toString('latin1', 8, HEADER_BYTES) !== 'WEBP') return undefined;
  const end = CHUNK_HEADER_BYTES + content.readUInt32LE(4);
  if (end > content.length) return undefined;
  const chunks: Chunk[] = [];
  for (let at = HEADER_BYTES; at < end; ) {
    if (at + CHUNK_HEADER_BYTES > end) return undefined;
    const length = content.readUInt32LE(at + 4);
    const from = at + CHUNK_HEADER_BYTES;
    // Each chunk is filled up to an even length.
    at = from + length + (length % 2);
    if (at > end) return undefined;
    chunks.push({ type: content.toString('latin1', from - 8, from - 4), data: content.subarray(from, from + length) });
  }
  return chunks;
}

/** RFC 6386, section 9.1 (a key frame), and RFC 9649, section 3.4: 14 bits a side. */
function sizeOf({ type, data }: Chunk): Size | undefined {
  if (type === 'VP8L') {
    if (data.length < 5 || data[0] !== 0x2f) return undefined;
    const bits = data.readUInt32LE(1);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  const isKeyFrame = data.length >= 10 && (data[0]! & 1) === 0 && data.readUIntBE(3, 3) === 0x9d012a;
  return isKeyFrame ? { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff } : undefined;
}

const isCanvasOf = (data: Buffer, { width, height }: Size): boolean =>
  data.length === EXTENDED_BYTES && data.readUIntLE(4, 3) + 1 === width && data.readUIntLE(7, 3) + 1 === height;

function extendedHeader({ width, height }: Size): Chunk {
  const data = Buffer.alloc(EXTENDED_BYTES);
  data[0] = HAS_ALPHA;
  data.writeUIntLE(width - 1, 4, 3);
  data.writeUIntLE(height - 1, 7, 3);
  return { type: 'VP8X', data };
}

function riffOf(chunks: readonly Chunk[]): Buffer {
  const written = chunks.flatMap(({ type, data }) => [
    Buffer.from(type, 'latin1'),
    lengthOf(data.length),
    data,
    Buffer.alloc(data.length % 2),
  ]);
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...written]);
  return Buffer.concat([Buffer.from('RIFF', 'latin1'), lengthOf(body.length), body]);
}

function lengthOf(bytes: number): Buffer {
  const written = Buffer.alloc(4);
  written.writeUInt32LE(bytes);
  return written;
}
