import type { CleanedImage, Size } from './image.ts';

/** Markers (ITU-T T.81, table B.1), without their leading 0xFF. */
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DHT = 0xc4;
const DQT = 0xdb;
const DRI = 0xdd;
const APP0 = 0xe0;
const APP14 = 0xee;
/** Baseline, extended and progressive: what browsers show. */
const shownFrames: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);
/** The other frames, lossless and arithmetic ones, and what belongs to them. */
const otherFrames: ReadonlySet<number> = new Set([
  0xc3, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf,
]);
const tables: ReadonlySet<number> = new Set([DHT, DQT, DRI]);

/** JFIF without its thumbnail, and Adobe's colour transform: a decoder needs them to get the colours right. */
const JFIF_WITHOUT_THUMBNAIL_BYTES = 14;
const ADOBE_BYTES = 12;
const SHORTEST_FRAME_BYTES = 6;

/** Frame, tables and scans, up to the end of the image; every other segment goes (EXIF, XMP, ICC, IPTC, comments). */
export function cleanedJpeg(content: Buffer): CleanedImage | undefined {
  if (content[0] !== 0xff || content[1] !== SOI) return undefined;
  const kept = [content.subarray(0, 2)];
  let size: Size | undefined;
  let hasScan = false;
  for (let at = 2; ; ) {
    const segment = segmentAt(content, at);
    if (!segment || otherFrames.has(segment.marker)) return undefined;
    const { marker, body, whole, end } = segment;
    if (marker === EOI) {
      return size && hasScan ? { ...size, content: Buffer.concat([...kept, whole]) } : undefined;
    }
    if (shownFrames.has(marker)) {
      if (size || body.length < SHORTEST_FRAME_BYTES) return undefined;
      size = { height: body.readUInt16BE(1), width: body.readUInt16BE(3) };
    }
    if (marker === SOS) {
      if (!size) return undefined;
      hasScan = true;
    }
    if (isKept(marker, body)) kept.push(whole);
    at = end;
  }
}

interface Segment {
  readonly marker: number;
  readonly body: Buffer;
  /** With its marker and, behind the header of a scan, the coded data. */
  readonly whole: Buffer;
  readonly end: number;
}

function segmentAt(content: Buffer, from: number): Segment | undefined {
  if (content[from] !== 0xff) return undefined;
  let at = from;
  // Any number of 0xFF may fill the space before a marker.
  while (content[at + 1] === 0xff) at++;
  const marker = content[at + 1];
  if (marker === EOI) return { marker, body: Buffer.alloc(0), whole: content.subarray(at, at + 2), end: at + 2 };
  // Restart markers, a second beginning and reserved markers have no length, and no place here.
  if (marker === undefined || marker < 0xc0 || (marker >= 0xd0 && marker <= SOI)) return undefined;
  if (at + 4 > content.length) return undefined;
  const bodyEnd = at + 2 + content.readUInt16BE(at + 2);
  if (bodyEnd < at + 4 || bodyEnd > content.length) return undefined;
  const end = marker === SOS ? endOfScan(content, bodyEnd) : bodyEnd;
  return { marker, body: content.subarray(at + 4, bodyEnd), whole: content.subarray(at, end), end };
}

/** Coded data ends at the first marker that is no restart (0xD0 to 0xD7) and no escaped 0xFF (0xFF00). */
function endOfScan(content: Buffer, from: number): number {
  for (let at = content.indexOf(0xff, from); at >= 0; at = content.indexOf(0xff, at + 2)) {
    const next = content[at + 1];
    if (next !== 0x00 && (next === undefined || next < 0xd0 || next > 0xd7)) return at;
  }
  return content.length;
}

function isKept(marker: number, body: Buffer): boolean {
  if (marker === APP0) {
    return body.length === JFIF_WITHOUT_THUMBNAIL_BYTES && body.toString('latin1', 0, 5) === 'JFIF\0';
  }
  if (marker === APP14) return body.length === ADOBE_BYTES && body.toString('latin1', 0, 5) === 'Adobe';
  return marker === SOS || shownFrames.has(marker) || tables.has(marker);
}
