import { Problem } from '../../http/problem.ts';
import { cleanedJpeg } from './jpeg.ts';
import { PICTURE_BYTES_MAX, PICTURE_SIDE_MAX, type PictureType } from './picture.ts';
import { cleanedPng } from './png.ts';
import { cleanedWebp } from './webp.ts';

export interface Size {
  /** Pixels, as the file's own header says. */
  readonly width: number;
  readonly height: number;
}

/** An image of which only what is needed to show it is left. */
export interface CleanedImage extends Size {
  readonly content: Buffer;
}

/** Undefined when the octets are no image of the format. */
type Clean = (content: Buffer) => CleanedImage | undefined;

const cleaners: Readonly<Record<PictureType, Clean>> = {
  'image/jpeg': cleanedJpeg,
  'image/png': cleanedPng,
  'image/webp': cleanedWebp,
};

/**
 * The image without metadata: place, time, camera, thumbnails, comments, colour profiles, and whatever follows its end.
 * What is kept is listed, not what is dropped, so that an unknown kind of metadata goes as well. Nothing is decoded.
 * Undefined when the octets are no image of the format.
 */
export function withoutMetadata(contentType: PictureType, content: Buffer): CleanedImage | undefined {
  const cleaned = cleaners[contentType](content);
  return cleaned && cleaned.width >= 1 && cleaned.height >= 1 ? cleaned : undefined;
}

/** A portrait without metadata. Throws `picture-too-large` and `not-a-picture`. */
export function cleanedImage(contentType: PictureType, content: Buffer): Buffer {
  if (content.length > PICTURE_BYTES_MAX) throw new Problem('picture-too-large');
  const cleaned = withoutMetadata(contentType, content);
  if (!cleaned) throw new Problem('not-a-picture');
  if (Math.max(cleaned.width, cleaned.height) > PICTURE_SIDE_MAX) throw new Problem('picture-too-large');
  return cleaned.content;
}
