import { fileTypeFromBuffer } from 'file-type';
import { withoutMetadata } from '../pictures/image.ts';
import type { PictureType } from '../pictures/picture.ts';
import type { FileType, Refusal } from './file.ts';
import { isArchive, officeRefusal } from './office.ts';

/** Of what no browser or office program on a telephone can show without filling its memory. Pixels. */
const IMAGE_SIDE_MAX = 12_000;
/** As much as `file-type` asks for; the whole is never handed to it, so nothing is unpacked. */
const MAGIC_BYTES = 4_100;
/** Where a browser that guesses would look (WHATWG MIME Sniffing, section 5.2: 1,445 octets). */
const GUESSED_BYTES = 2_048;

type Inspected = { readonly content: Buffer } | { readonly refusal: Refusal };

/**
 * What was uploaded against what was declared: its first octets, and whatever makes it something else as well. Images
 * leave without metadata and without what follows their end. Changes nothing and knows nothing of where it came from.
 */
export async function inspect(
  declared: { readonly contentType: FileType; readonly bytes: number },
  content: Buffer,
): Promise<Inspected> {
  if (content.length === 0 || content.length !== declared.bytes) return { refusal: 'size-differs' };
  const { contentType } = declared;
  switch (contentType) {
    case 'image/jpeg':
    case 'image/png':
    case 'image/webp':
      return inspectImage(contentType, content);
    case 'application/pdf':
      return verdict(await pdfRefusal(content), content);
    case 'text/plain':
      return verdict(await textRefusal(content), content);
    default:
      return verdict(officeRefusal(contentType, content), content);
  }
}

const verdict = (refusal: Refusal | undefined, content: Buffer): Inspected => (refusal ? { refusal } : { content });

async function inspectImage(contentType: PictureType, content: Buffer): Promise<Inspected> {
  if ((await magicOf(content)) !== contentType) return { refusal: 'type-differs' };
  const cleaned = withoutMetadata(contentType, content);
  if (!cleaned) return { refusal: 'damaged' };
  if (Math.max(cleaned.width, cleaned.height) > IMAGE_SIDE_MAX) return { refusal: 'too-much-inside' };
  return { content: cleaned.content };
}

async function pdfRefusal(content: Buffer): Promise<Refusal | undefined> {
  if ((await magicOf(content)) !== 'application/pdf') return 'type-differs';
  // A page or an archive that begins or ends as a PDF: whoever opens it by its other name runs something else.
  if (holdsPage(content.subarray(0, GUESSED_BYTES).toString('latin1')) || isArchive(content)) return 'not-allowed';
  return undefined;
}

async function textRefusal(content: Buffer): Promise<Refusal | undefined> {
  const text = decoded(content);
  if (text === undefined || text.includes('\0')) return 'type-differs';
  const magic = await magicOf(content);
  if (magic !== undefined && !seemingTypes.has(magic)) return 'not-allowed';
  return beginsAsCode(text) ? 'not-allowed' : undefined;
}

/** Two letters make these types: without a NUL octet, it is text that begins with `BM` or `MZ`. */
const seemingTypes: ReadonlySet<string> = new Set(['image/bmp', 'application/x-msdownload']);

/** Where a browser that guesses would find a page. */
const holdsPage = (beginning: string): boolean =>
  /<(?:!doctype\s+html|html|head|body|script|iframe|svg)\b/i.test(beginning);
/** Markup of any kind, or a script with its interpreter. */
const beginsAsCode = (text: string): boolean =>
  /^\s*(?:<(?:!doctype|!--|\?|html|head|body|script|svg|iframe|style|link|meta|math|title|table|div|a|p|br|h1)\b|<!--|<\?|#!)/i.test(
    text,
  );

const magicOf = async (content: Buffer): Promise<string | undefined> =>
  (await fileTypeFromBuffer(content.subarray(0, MAGIC_BYTES)))?.mime;

function decoded(content: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}
