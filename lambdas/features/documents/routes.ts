import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { DocumentId, FileId, PersonId } from '../../http/ids.ts';
import { inOrganisation, ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords } from '../../platform/capabilities.ts';
import { FileView } from '../files/file.ts';
import {
  DOCUMENTS_OF_PERSON_MAX,
  DocumentRecord,
  DocumentScope,
  documentKinds,
  EDITIONS_MAX,
  receiptsAsked,
  SharedScope,
} from './document.ts';

const ofDocument = inOrganisation.extend({ documentId: DocumentId });
const shape = DocumentRecord.shape;
const editionNumber = z.int().min(1).max(EDITIONS_MAX);
const Read = z.strictObject({ edition: editionNumber, at: z.iso.datetime() });

const Document = z
  .strictObject({
    id: DocumentId,
    scope: DocumentScope,
    kind: shape.kind,
    title: shape.title,
    visibleTo: shape.visibleTo,
    receipt: shape.receipt,
    state: shape.state,
    editions: z
      .array(
        z.strictObject({
          number: editionNumber,
          file: FileView,
          addedAt: z.iso.datetime(),
          publishedAt: z.iso.datetime().optional(),
        }),
      )
      .meta({ description: 'Oldest first. Who only reads sees the newest that was published.' }),
    mine: z
      .strictObject({ opened: Read.optional(), confirmed: Read.optional() })
      .optional()
      .meta({ description: "The caller's own receipt, where one is asked for." }),
    version: z.int().min(1),
  })
  .meta({ id: 'Document' });
export type Document = z.output<typeof Document>;

const newFields = {
  fileId: FileId.meta({ description: 'A file that the caller has uploaded, and that has been checked.' }),
  kind: z.enum(documentKinds),
  title: shape.title,
  visibleTo: shape.visibleTo,
  receipt: z.enum(receiptsAsked).default('none'),
} as const;
const example = {
  fileId: 'fil_01jd8m3v5c2w7x9y4z6a8b0c1d',
  kind: 'plan',
  title: 'Årsplan 2026–2027',
  visibleTo: 'guardians',
  receipt: 'opening',
} as const;

const NewPersonDocument = z.strictObject(newFields).meta({ id: 'NewPersonDocument', examples: [example] });
const NewDocument = z
  .strictObject({ ...newFields, scope: SharedScope })
  .meta({ id: 'NewDocument', examples: [{ ...example, scope: { kind: 'organisation' } }] });
const DocumentChange = z
  .strictObject({ kind: shape.kind, title: shape.title, visibleTo: shape.visibleTo, receipt: shape.receipt })
  .partial()
  .meta({ id: 'DocumentChange', examples: [{ title: 'Årsplan 2026–2027, rettet' }] });

const ReceiptOfReader = z
  .strictObject({
    readerId: PersonId,
    /** The child through whom the document concerns them. */
    childId: PersonId.optional(),
    opened: Read.optional(),
    confirmed: Read.optional(),
  })
  .meta({ id: 'DocumentReceipt' });
export type ReceiptOfReader = z.output<typeof ReceiptOfReader>;

const problemsOfUpload = [
  'forbidden-content',
  'file-not-found',
  'file-not-checked',
  'too-many',
  'wrong-state',
] as const;

export const sharedDocumentRoutes = {
  createPersonDocument: {
    summary: 'Make a draft of a document about a person',
    description: 'From a file that was uploaded. Nobody but those who work with it sees it before it is published.',
    tag: 'Files',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/documents',
    access: rolesThatMay('document:manage'),
    params: ofPerson,
    body: NewPersonDocument,
    success: { status: 201, body: Document },
    problems: ['person-not-found', ...problemsOfUpload],
    needs: changingRecords,
    creates: true,
  },
  listPersonDocuments: {
    summary: 'List the documents about a person',
    description: 'Guardians, and the person, see what is published for them.',
    tag: 'Files',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/documents',
    access: rolesThatMay('document:read'),
    params: ofPerson,
    success: { status: 200, body: z.strictObject({ items: z.array(Document).max(DOCUMENTS_OF_PERSON_MAX) }) },
    problems: ['person-not-found'],
    needs: changingRecords,
    reads: 'documents',
  },
  createDocument: {
    summary: 'Make a draft of a document for a group, a department or everybody',
    tag: 'Files',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/documents',
    access: rolesThatMay('document:manage'),
    params: inOrganisation,
    body: NewDocument,
    success: { status: 201, body: Document },
    problems: ['not-allowed', 'group-not-found', 'department-not-found', ...problemsOfUpload],
    needs: changingRecords,
    creates: true,
  },
  listDocuments: {
    summary: 'List what the organisation shares',
    description:
      'Guardians and members see what is published for their group, their department or everybody. A page may hold fewer ' +
      'items than asked for, and not be the last.',
    tag: 'Files',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/documents',
    access: rolesThatMay('document:open'),
    params: inOrganisation,
    query: z.strictObject(pageQuery),
    success: { status: 200, body: page(Document) },
    problems: [],
    needs: changingRecords,
  },
  getDocument: {
    summary: 'See a document: its editions and what is asked of you',
    description: 'Its content is fetched by the id of the edition’s file.',
    tag: 'Files',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/documents/{documentId}',
    access: rolesThatMay('document:open'),
    params: ofDocument,
    success: { status: 200, body: Document },
    problems: ['document-not-found'],
    needs: changingRecords,
    versioned: true,
  },
  changeDocument: {
    summary: 'Change what a document is called, who sees it, and what is asked of them',
    description: 'The last two only while it is not published.',
    tag: 'Files',
    method: 'PATCH',
    path: '/v1/organisations/{organisationId}/documents/{documentId}',
    access: rolesThatMay('document:manage'),
    params: ofDocument,
    body: DocumentChange,
    success: { status: 200, body: Document },
    problems: ['document-not-found', 'forbidden-content', 'wrong-state', 'stale-version'],
    needs: changingRecords,
    versioned: true,
  },
  addEdition: {
    summary: 'Add a new edition of a document',
    description: 'Readers see the one before until the new one is published.',
    tag: 'Files',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/documents/{documentId}/editions',
    access: rolesThatMay('document:manage'),
    params: ofDocument,
    body: z.strictObject({ fileId: newFields.fileId }).meta({ id: 'NewEdition' }),
    success: { status: 201, body: Document },
    problems: ['document-not-found', 'file-not-found', 'file-not-checked', 'too-many'],
    needs: changingRecords,
    creates: true,
  },
  publishDocument: {
    summary: 'Publish the newest edition of a document',
    description:
      'Those who may read it are told by mail that something waits: at once for a document about a person, within the ' +
      'hour for one that is shared.',
    tag: 'Files',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/documents/{documentId}/publication',
    access: rolesThatMay('document:manage'),
    params: ofDocument,
    success: { status: 200, body: Document },
    problems: ['document-not-found', 'wrong-state', 'stale-version'],
    needs: changingRecords,
    versioned: true,
  },
  withdrawDocument: {
    summary: 'Withdraw a document',
    description: 'Its readers no longer see it. It can be published again.',
    tag: 'Files',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/documents/{documentId}/publication',
    access: rolesThatMay('document:manage'),
    params: ofDocument,
    success: { status: 204 },
    problems: ['document-not-found', 'wrong-state', 'stale-version'],
    needs: changingRecords,
    versioned: true,
  },
  removeDocument: {
    summary: 'Remove a document and all its editions',
    tag: 'Files',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/documents/{documentId}',
    access: rolesThatMay('document:manage'),
    params: ofDocument,
    success: { status: 204 },
    problems: ['document-not-found', 'stale-version'],
    needs: changingRecords,
    versioned: true,
  },
  confirmDocument: {
    summary: 'Confirm that you have read a document',
    tag: 'Files',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/documents/{documentId}/confirmation',
    access: rolesThatMay('document:open'),
    params: ofDocument,
    body: z.strictObject({ edition: editionNumber }).meta({ id: 'DocumentConfirmation', examples: [{ edition: 1 }] }),
    success: { status: 200, body: Document },
    problems: ['document-not-found', 'wrong-state'],
    needs: changingRecords,
  },
  listDocumentReceipts: {
    summary: 'See who has read a document, and who has not',
    description:
      'Everybody whom it is published for, whether or not they have opened it. A guardian of several children may stand ' +
      'on several pages.',
    tag: 'Files',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/documents/{documentId}/receipts',
    access: rolesThatMay('document:manage'),
    params: ofDocument,
    query: z.strictObject(pageQuery),
    success: {
      status: 200,
      body: z.strictObject({ items: z.array(ReceiptOfReader), next: page(ReceiptOfReader).shape.next }),
    },
    problems: ['document-not-found'],
    needs: changingRecords,
    reads: 'documents',
  },
} as const satisfies Routes;
