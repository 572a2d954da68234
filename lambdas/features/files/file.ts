import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { FileId, type OrganisationId, type PersonId } from '../../http/ids.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';

/** Beyond it a file is refused, before it is sent and after. */
export const FILE_BYTES_MAX = 20 * 1024 * 1024;
/** How long the form takes a file. */
export const UPLOAD_SECONDS = 5 * 60;
/** A file that nothing holds by then is removed. */
export const UNCLAIMED_SECONDS = 24 * 60 * 60;
/** What one person has uploaded and nothing holds yet. */
export const UNCLAIMED_MAX = 50;

const OPEN_XML = 'application/vnd.openxmlformats-officedocument';

/** What people hand each other. Never what a browser runs (SVG, HTML, XML), and no document with macros. */
const fileTypes = [
  'application/pdf',
  'image/jpeg',
  'image/png',
  'image/webp',
  `${OPEN_XML}.wordprocessingml.document`,
  `${OPEN_XML}.spreadsheetml.sheet`,
  `${OPEN_XML}.presentationml.presentation`,
  'application/vnd.oasis.opendocument.text',
  'text/plain',
] as const;
export type FileType = (typeof fileTypes)[number];

/** Every type that may be uploaded has its ending; the name under which a copy is saved tells no more than that. */
export const endingOf: Readonly<Record<FileType, string>> = {
  'application/pdf': 'pdf',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'application/vnd.oasis.opendocument.text': 'odt',
  'text/plain': 'txt',
};

/** What a browser shows without running anything; the answer's own headers keep it so. */
export const inlineTypes = ['application/pdf', 'image/jpeg', 'image/png', 'image/webp'] as const satisfies FileType[];
/** In base64 it fits an answer of Lambda (6 MB). */
export const INLINE_BYTES_MAX = 4 * 1024 * 1024;

export const isShownInPlace = ({ contentType, bytes }: Pick<KeptFile, 'contentType' | 'bytes'>): boolean =>
  bytes <= INLINE_BYTES_MAX && inlineTypes.some((type) => type === contentType);

/** A content key of AES-256, in base64. */
const ContentKey = z
  .base64()
  .length(44)
  .meta({ examples: [`${'A'.repeat(43)}=`] });

/** A file as whoever holds it keeps it, in a sealed record of their own: its content opens with that record and dies with it. */
export const KeptFile = z.strictObject({
  id: FileId,
  name: oneLine({ max: 120 }),
  contentType: z.enum(fileTypes),
  /** Of the content as it is kept. */
  bytes: z.int().min(1).max(FILE_BYTES_MAX),
  /** The content key: never in an answer. */
  key: ContentKey,
});
export type KeptFile = z.output<typeof KeptFile>;

export const FileView = KeptFile.omit({ key: true }).meta({ id: 'File' });
export type FileView = z.output<typeof FileView>;

export const fileView = ({ key: _, ...file }: KeptFile): FileView => file;

/** Why a file was not taken: nothing of what is in it. */
export const refusalMessages = {
  'size-differs': {
    nb: 'Filen har en annen størrelse enn oppgitt.',
    en: 'The file has another size than was declared.',
  },
  'type-differs': {
    nb: 'Innholdet er ikke av den typen som er oppgitt.',
    en: 'The content is not of the type that was declared.',
  },
  'not-allowed': {
    nb: 'Filen inneholder noe som kan kjøres når den åpnes.',
    en: 'The file holds something that may run when it is opened.',
  },
  'has-macros': { nb: 'Dokumentet inneholder makroer.', en: 'The document holds macros.' },
  'too-much-inside': {
    nb: 'Filen blir for stor når den pakkes ut.',
    en: 'The file becomes too large when it is unpacked.',
  },
  damaged: { nb: 'Filen er skadet.', en: 'The file is damaged.' },
} as const;
export type Refusal = keyof typeof refusalMessages;
export const refusals = Object.keys(refusalMessages) as [Refusal, ...Refusal[]];

export const uploadStates = ['awaiting', 'checked', 'refused'] as const;

/** What was uploaded, until something holds it. The key is made with it, so that whoever tries again seals alike. */
export const UploadedFile = KeptFile.extend({
  /** As declared; as kept, once checked. */
  bytes: KeptFile.shape.bytes,
  state: z.enum(uploadStates),
  refusal: z.enum(refusals).optional(),
  uploadUntil: z.iso.datetime(),
  /** When the sweep removes it. */
  dueAt: z.iso.datetime(),
});
export type UploadedFile = z.output<typeof UploadedFile>;

/** Lies with whoever uploaded it, for a day at most. */
export const uploadedFileEntity = entity({
  name: 'uploaded-file',
  table: 'transient',
  sortKey: 'UPLOAD',
  schema: UploadedFile,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to check a file before anybody opens it',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  retentionClass: 'transient',
  exported: { not: 'a file that nothing holds is removed within a day' },
  onErasure: 'delete',
});

export const uploadRef = (organisationId: OrganisationId, uploaderId: PersonId, fileId: FileId) =>
  ({
    entity: uploadedFileEntity,
    owner: { controller: organisationId, subject: uploaderId },
    key: fileId,
  }) as const;

export const filePointers = {
  /** From whose partition it goes with: erasing them removes the object. */
  held: ({ controller, subject }: Owner, fileId: FileId | '') =>
    ({ table: 'core', pk: `${controller}#${subject}`, sk: `FILE#${fileId}` }) as const satisfies PointerKey,
  /** Who holds it. Attributes: `kind`, `subject`, and the ids that its feature finds it by. */
  home: (organisationId: OrganisationId, fileId: FileId) =>
    ({ table: 'core', pk: `${organisationId}#${fileId}`, sk: 'HOME' }) as const satisfies PointerKey,
  /** What goes when (of all organisations: an object has no reader left then). Attribute: `uploaderId` while nothing holds it. */
  due: (dueAt: string, organisationId: OrganisationId, fileId: FileId) =>
    ({ table: 'core', pk: 'FILES-DUE', sk: `${dueAt}#${organisationId}#${fileId}` }) as const satisfies PointerKey,
};

/** Where a file lies in the bucket of files; its sealing is bound to it. */
export const objectKey = (organisationId: OrganisationId, fileId: FileId) => `${organisationId}/${fileId}`;
/** Where it lies until it has been looked at. */
export const uploadKey = (organisationId: OrganisationId, fileId: FileId) => `files/${organisationId}/${fileId}`;
