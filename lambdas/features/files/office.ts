import { strFromU8, unzipSync } from 'fflate';
import type { FileType, Refusal } from './file.ts';

const ENTRIES_MAX = 5_000;
/** What an office program would unpack, by the archive's own word; nothing of it is unpacked here. */
const UNPACKED_BYTES_MAX = 200 * 1024 * 1024;
/** The list of parts (ECMA-376-2, section 7.2.3.2), the only one that is read. */
const TYPES_PART = '[Content_Types].xml';
const TYPES_BYTES_MAX = 1024 * 1024;
const TYPES_PACKED_BYTES_MAX = 64 * 1024;
/** OpenDocument 1.3 part 2, section 3.3. */
const MIMETYPE_PART = 'mimetype';
const MIMETYPE_BYTES_MAX = 100;
const STORED = 0;

const OPEN_DOCUMENT_TEXT = 'application/vnd.oasis.opendocument.text' satisfies FileType;

const macroParts = /vba(?:project|data|projectsignature)|(?:^|\/)macrosheets\/|(?:^|\/)activex\/|^basic\/|^scripts\//i;
const macroTypes = /macroenabled|vbaproject|vbadata|ms-office\.activex|macrosheet/i;

/** A local file header at the very beginning (APPNOTE.TXT, section 4.3.7): nothing stands before the archive. */
const LOCAL_HEADER = Buffer.from('PK\u0003\u0004', 'latin1');
const END_RECORD = Buffer.from('PK\u0005\u0006', 'latin1');
const END_RECORD_BYTES = 22;
const COMMENT_BYTES_MAX = 0xffff;

/**
 * What speaks against an office document, from the archive's central directory and its list of parts alone: it is not
 * what it says, it holds macros, or it would fill a disk.
 */
export function officeRefusal(contentType: FileType, content: Buffer): Refusal | undefined {
  if (!content.subarray(0, LOCAL_HEADER.length).equals(LOCAL_HEADER) || !isArchive(content)) return 'type-differs';
  const parts = readParts(content);
  if (typeof parts === 'string') return parts;
  if (parts.names.some((name) => macroParts.test(name))) return 'has-macros';
  return contentType === OPEN_DOCUMENT_TEXT ? openDocumentRefusal(parts) : openXmlRefusal(contentType, parts);
}

/** An end record whose comment reaches exactly to the end (APPNOTE.TXT, section 4.3.16): what programs take for an archive. */
export function isArchive(content: Buffer): boolean {
  const first = Math.max(0, content.length - END_RECORD_BYTES - COMMENT_BYTES_MAX);
  for (let at = content.lastIndexOf(END_RECORD); at >= first; at = content.lastIndexOf(END_RECORD, at - 1)) {
    const isWhole = at + END_RECORD_BYTES <= content.length;
    if (isWhole && at + END_RECORD_BYTES + content.readUInt16LE(at + 20) === content.length) return true;
    if (at === 0) break;
  }
  return false;
}

interface Parts {
  readonly names: readonly string[];
  readonly types: string | undefined;
  readonly mimetype: string | undefined;
}

function readParts(content: Buffer): Parts | Refusal {
  const names: string[] = [];
  let unpackedBytes = 0;
  try {
    const read = unzipSync(content, {
      filter({ name, size, originalSize, compression }) {
        names.push(name);
        unpackedBytes += originalSize;
        if (names.length > ENTRIES_MAX || unpackedBytes > UNPACKED_BYTES_MAX) throw new TooMuch();
        if (name === TYPES_PART) return size <= TYPES_PACKED_BYTES_MAX && originalSize <= TYPES_BYTES_MAX;
        return name === MIMETYPE_PART && compression === STORED && size <= MIMETYPE_BYTES_MAX;
      },
    });
    return { names, types: textOf(read[TYPES_PART]), mimetype: textOf(read[MIMETYPE_PART]) };
  } catch (error) {
    return error instanceof TooMuch ? 'too-much-inside' : 'damaged';
  }
}

class TooMuch extends Error {
  override readonly name = 'TooMuch';
}

const textOf = (part: Uint8Array | undefined) => part && strFromU8(part, true);

function openDocumentRefusal({ names, mimetype }: Parts): Refusal | undefined {
  return mimetype === OPEN_DOCUMENT_TEXT && names.includes('content.xml') ? undefined : 'type-differs';
}

function openXmlRefusal(contentType: FileType, { types }: Parts): Refusal | undefined {
  if (types === undefined) return 'type-differs';
  // Another encoding, or an entity, could spell a type that the search below does not see; no program writes one.
  if (types.includes('\0') || types.includes('&') || types.includes('<!')) return 'damaged';
  if (macroTypes.test(types)) return 'has-macros';
  return types.includes(`"${mainPartType(contentType)}"`) ? undefined : 'type-differs';
}

/** The type of the document's main part (ECMA-376-1, section 15.2). */
const mainPartType = (contentType: FileType) => `${contentType}.main+xml`;
