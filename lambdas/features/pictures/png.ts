import type { CleanedImage, Size } from './image.ts';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** Length, type and check sum of a chunk (PNG, third edition, section 5.3). */
const FRAME_BYTES = 12;
const HEADER_BYTES = 13;

/** The chunks without which there is no image, and those that say how its colours and transparency are meant. */
const critical: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND']);
const ofColour: ReadonlySet<string> = new Set(['tRNS', 'gAMA', 'cHRM', 'sRGB']);

/** Every chunk not named above goes: eXIf, the texts, time, colour profile, and the further images of an animation. */
export function cleanedPng(content: Buffer): CleanedImage | undefined {
  if (!content.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return undefined;
  const kept: Buffer[] = [SIGNATURE];
  let size: Size | undefined;
  let hasData = false;
  for (let at = SIGNATURE.length; at + FRAME_BYTES <= content.length; ) {
    const length = content.readUInt32BE(at);
    const type = content.toString('latin1', at + 4, at + 8);
    const end = at + FRAME_BYTES + length;
    if (end > content.length || !/^[A-Za-z]{4}$/.test(type)) return undefined;
    // The header comes first, and once.
    if ((type === 'IHDR') !== (size === undefined)) return undefined;
    if (type === 'IHDR') {
      if (length !== HEADER_BYTES) return undefined;
      size = { width: content.readUInt32BE(at + 8), height: content.readUInt32BE(at + 12) };
    }
    // A capital letter in front: whoever does not know the chunk cannot show the image.
    if (/^[A-Z]/.test(type) && !critical.has(type)) return undefined;
    if (type === 'IDAT') hasData = true;
    if (critical.has(type) || ofColour.has(type)) kept.push(content.subarray(at, end));
    if (type === 'IEND') return size && hasData && length === 0 ? { ...size, content: Buffer.concat(kept) } : undefined;
    at = end;
  }
  return undefined;
}
