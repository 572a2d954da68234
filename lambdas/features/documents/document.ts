import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { DepartmentId, DocumentId, GroupId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { FileView, fileView, KeptFile } from '../files/file.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';

/** Editions of one document: more is a sign that it should be another document. */
export const EDITIONS_MAX = 20;
/** Documents that lie with one person, and those that an organisation shares. */
export const DOCUMENTS_OF_PERSON_MAX = 100;
export const DOCUMENTS_SHARED_MAX = 300;

export const documentKinds = ['agreement', 'plan', 'report', 'form', 'other'] as const;
const documentStates = ['draft', 'published', 'withdrawn'] as const;
/**
 * Who reads it once it is published, beside those who work with it. `guardians`: of the person, or of those in the group,
 * and members of it themselves. `person`: whom it is about.
 */
export const audiences = ['guardians', 'person', 'staff'] as const;
/** What is asked of whoever reads it: nothing, that they open it, or that they confirm having read it. */
export const receiptsAsked = ['none', 'opening', 'confirmation'] as const;

/** Whom a shared document concerns. */
export const SharedScope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('organisation') }),
  z.strictObject({ kind: z.literal('department'), id: DepartmentId }),
  z.strictObject({ kind: z.literal('group'), id: GroupId }),
]);
export type SharedScope = z.output<typeof SharedScope>;
export const DocumentScope = z.discriminatedUnion('kind', [
  ...SharedScope.options,
  z.strictObject({ kind: z.literal('person'), id: PersonId }),
]);
export type DocumentScope = z.output<typeof DocumentScope>;

const Edition = z.strictObject({
  /** From 1, in the order of their making. */
  number: z.int().min(1).max(EDITIONS_MAX),
  file: KeptFile,
  addedAt: z.iso.datetime(),
  publishedAt: z.iso.datetime().optional(),
});
export type Edition = z.output<typeof Edition>;

export const DocumentRecord = z.strictObject({
  id: DocumentId,
  scope: DocumentScope,
  kind: z.enum(documentKinds),
  title: oneLine({ max: 120 }),
  visibleTo: z.enum(audiences),
  receipt: z.enum(receiptsAsked),
  state: z.enum(documentStates),
  /** Oldest first. */
  editions: z.array(Edition).min(1).max(EDITIONS_MAX),
});
export type DocumentRecord = z.output<typeof DocumentRecord>;

/** As it is handed out: without the keys of its files. */
export const DocumentCopy = DocumentRecord.extend({ editions: z.array(Edition.extend({ file: FileView })) });
export const documentCopy = ({ editions, ...document }: DocumentRecord): z.output<typeof DocumentCopy> => ({
  ...document,
  editions: editions.map(({ file, ...edition }) => ({ ...edition, file: fileView(file) })),
});

const declared = {
  table: 'core',
  schema: DocumentRecord,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to hand agreements, plans and reports to those whom they concern',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  exported: 'copy',
  onErasure: 'delete',
} as const;

/** What an organisation shares with a group, a department or everybody. */
export const sharedDocumentEntity = entity({
  ...declared,
  name: 'shared-document',
  sortKey: 'DOCUMENT',
  retentionClass: 'organisation',
});

/** What is about one person (KP-04): with their other records, and gone with them. */
export const personDocumentEntity = entity({
  ...declared,
  name: 'person-document',
  sortKey: 'PERSON-DOCUMENT',
  retentionClass: 'daily-life',
});
export type DocumentEntity = typeof sharedDocumentEntity | typeof personDocumentEntity;

const Read = z.strictObject({ edition: z.int().min(1).max(EDITIONS_MAX), at: z.iso.datetime() });
/** What somebody has done with a document: the newest edition that they opened, and that they confirmed. */
export const DocumentReceipt = z.strictObject({
  documentId: DocumentId,
  opened: Read.optional(),
  confirmed: Read.optional(),
});
export type DocumentReceipt = z.output<typeof DocumentReceipt>;

/** Lies with whoever reads, not with the document: it is theirs. */
export const documentReceiptEntity = entity({
  name: 'document-receipt',
  table: 'core',
  sortKey: 'DOCUMENT-RECEIPT',
  schema: DocumentReceipt,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know who has read what they were asked to read',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'use',
  retentionClass: 'daily-life',
  exported: 'copy',
  onErasure: 'delete',
});

/** With whom a document lies. */
export const ownerOfDocument = (organisationId: OrganisationId, scope: DocumentScope): Owner =>
  scope.kind === 'person' ? ownerOf(organisationId, scope.id) : organisationOwner(organisationId);

export const documentRef = (owner: Owner, documentId: DocumentId) => ({
  entity: isOfOrganisation(owner) ? sharedDocumentEntity : personDocumentEntity,
  owner,
  key: documentId,
});
const isOfOrganisation = ({ controller, subject }: Owner) => controller === subject;

export const receiptRef = (organisationId: OrganisationId, readerId: PersonId, documentId: DocumentId) =>
  ({ entity: documentReceiptEntity, owner: ownerOf(organisationId, readerId), key: documentId }) as const;

export const documentPointers = {
  /** From an id to its place. Attributes: `subject`, `kind`. */
  home: (organisationId: OrganisationId, documentId: DocumentId) =>
    ({ table: 'core', pk: `${organisationId}#${documentId}`, sk: 'HOME' }) as const satisfies PointerKey,
};

/** Where its file stands among the files. */
export const placeOfDocument = (owner: Owner, documentId: DocumentId) =>
  ({ owner, kind: 'document', ids: { documentId } }) as const;

/** What its readers see: nothing but the newest edition that was published, and only while the document is. */
export function editionInForce({ state, editions }: DocumentRecord): Edition | undefined {
  return state === 'published' ? editions.findLast(({ publishedAt }) => publishedAt !== undefined) : undefined;
}
