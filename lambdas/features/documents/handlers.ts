import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { DocumentId, type FileId, type OrganisationId, type PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import { fileView } from '../files/file.ts';
import { changed, confirmed, demandReadersFor, published, withdrawn, withEdition } from './decisions.ts';
import {
  type DocumentEntity,
  type DocumentReceipt,
  type DocumentRecord,
  type DocumentScope,
  type documentReceiptEntity,
  editionInForce,
  type SharedScope,
} from './document.ts';
import type { Standing } from './reach.ts';
import { ReadersCursor } from './readers.ts';
import type { Document, ReceiptOfReader, sharedDocumentRoutes } from './routes.ts';

/** A document that the caller may see, what they may do with it, and their own receipt. */
export interface FoundDocument {
  readonly stored: Stored<DocumentEntity>;
  readonly standing: Standing;
  readonly receipt: Stored<typeof documentReceiptEntity> | undefined;
}

/** What becomes of a document: its record, and what goes with the change. */
interface DocumentSave {
  readonly event: `document.${string}`;
  readonly tellsReaders?: true;
}

export interface DocumentStore {
  /** Two waves and, of a shared one, two more for a guardian; undefined for what the caller may not see. */
  find(organisationId: OrganisationId, documentId: DocumentId, call: Call): Promise<FoundDocument | undefined>;
  /** One of the person's own list, of those that the caller may see. */
  ofPerson(organisationId: OrganisationId, personId: PersonId, call: Call): Promise<readonly FoundDocument[]>;
  shared(
    organisationId: OrganisationId,
    range: { readonly limit: number; readonly after?: string },
    call: Call,
  ): Promise<{ readonly documents: readonly FoundDocument[]; readonly next?: string }>;
  /** Whether the caller may share with all that the scope holds. Throws `group-not-found` and `department-not-found`. */
  mayShareWith(organisationId: OrganisationId, scope: SharedScope, call: Call): Promise<boolean>;
  /** Takes the file up. Throws `file-not-found`, `file-not-checked`, `too-many`. */
  add(
    organisationId: OrganisationId,
    draft: Omit<DocumentRecord, 'editions'>,
    fileId: FileId,
    call: Call,
    answer: (document: DocumentRecord) => Document,
  ): Promise<Document>;
  addEdition(
    found: FoundDocument,
    fileId: FileId,
    after: (file: DocumentRecord['editions'][number]['file']) => DocumentRecord,
    call: Call,
    answer: (document: DocumentRecord) => Document,
  ): Promise<Document>;
  save(found: FoundDocument, after: DocumentRecord, save: DocumentSave, call: Call): Promise<void>;
  /** Lets go of its files. */
  remove(found: FoundDocument, call: Call): Promise<void>;
  saveReceipt(found: FoundDocument, after: DocumentReceipt, call: Call): Promise<void>;
  /** That it was looked at, where it is about a person (SM-05). */
  recordLook(found: FoundDocument, call: Call): Promise<void>;
  /** Those whom it is published for, a slice of them, with what they have done; without whom a block keeps from the caller. */
  receipts(
    found: FoundDocument,
    range: { readonly after: string | undefined; readonly limit: number },
    call: Call,
  ): Promise<{ readonly items: readonly ReceiptOfReader[]; readonly next?: string }>;
}

export const sharedDocumentHandlers = (documents: DocumentStore): HandlersFor<typeof sharedDocumentRoutes, Call> => ({
  async createPersonDocument({ params: { organisationId, personId }, body }, call) {
    return create(documents, organisationId, { kind: 'person', id: personId }, body, call);
  },

  async listPersonDocuments({ params: { organisationId, personId } }, call) {
    const found = await documents.ofPerson(organisationId, personId, call);
    return { items: found.map((one) => answerOf(one)) };
  },

  async createDocument({ params: { organisationId }, body: { scope, ...body } }, call) {
    if (!(await documents.mayShareWith(organisationId, scope, call))) throw new Problem('not-allowed');
    return create(documents, organisationId, scope, body, call);
  },

  async listDocuments({ params: { organisationId }, query: { limit, cursor } }, call) {
    const after = cursor === undefined ? {} : { after: decodeCursor(SHARED, cursor, DocumentId) };
    const { documents: found, next } = await documents.shared(organisationId, { limit, ...after }, call);
    return {
      items: found.map((one) => answerOf(one)),
      ...(next !== undefined && { next: encodeCursor(SHARED, next) }),
    };
  },

  async getDocument({ params }, call) {
    const found = await documentOf(documents, params, call);
    await documents.recordLook(found, call);
    return answerOf(found);
  },

  async changeDocument({ params, body, ifMatch }, call) {
    const found = await managed(documents, params, ifMatch, call);
    const changes = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
    return saved(documents, found, changed(found.stored.value, changes), { event: 'document.changed' }, call);
  },

  async addEdition({ params, body }, call) {
    const found = await managed(documents, params, undefined, call);
    const now = call.now.toISOString();
    const answer = (after: DocumentRecord) => answerAfter(found, after);
    return documents.addEdition(found, body.fileId, (file) => withEdition(found.stored.value, file, now), call, answer);
  },

  async publishDocument({ params, ifMatch }, call) {
    const found = await managed(documents, params, ifMatch, call);
    const after = published(found.stored.value, call.now.toISOString());
    return saved(documents, found, after, { event: 'document.published', tellsReaders: true }, call);
  },

  async withdrawDocument({ params, ifMatch }, call) {
    const found = await managed(documents, params, ifMatch, call);
    await documents.save(found, withdrawn(found.stored.value), { event: 'document.withdrawn' }, call);
  },

  async removeDocument({ params, ifMatch }, call) {
    await documents.remove(await managed(documents, params, ifMatch, call), call);
  },

  async confirmDocument({ params, body }, call) {
    const found = await documentOf(documents, params, call);
    if (found.standing.worksWith) throw new Problem('wrong-state', 'It is published for others.');
    const before = found.receipt?.value;
    const after = confirmed(found.stored.value, before, body.edition, call.now.toISOString());
    if (after !== before) await documents.saveReceipt(found, after, call);
    return answerOf(found, after);
  },

  async listDocumentReceipts({ params, query: { limit, cursor } }, call) {
    const found = await managed(documents, params, undefined, call);
    const list: List = { name: 'document-receipts', filter: { documentId: params.documentId } };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, ReadersCursor);
    const { items, next } = await documents.receipts(found, { after, limit }, call);
    return { items: [...items], ...(next !== undefined && { next: encodeCursor(list, next) }) };
  },
});

const SHARED: List = { name: 'documents', filter: {} };

interface OfDocument {
  readonly organisationId: OrganisationId;
  readonly documentId: DocumentId;
}

async function documentOf(documents: DocumentStore, { organisationId, documentId }: OfDocument, call: Call) {
  const found = await documents.find(organisationId, documentId, call);
  if (!found) throw new Problem('document-not-found');
  return found;
}

/** Whoever may see a document and not manage it, in a role that manages others, is told no more than that there is none. */
async function managed(documents: DocumentStore, of: OfDocument, ifMatch: number | undefined, call: Call) {
  const found = await documentOf(documents, of, call);
  if (!found.standing.manages) throw new Problem('document-not-found');
  if (ifMatch !== undefined && found.stored.version !== ifMatch) throw new Problem('stale-version');
  return found;
}

interface NewDocument extends Pick<DocumentRecord, 'kind' | 'title' | 'visibleTo' | 'receipt'> {
  readonly fileId: FileId;
}

async function create(
  documents: DocumentStore,
  organisationId: OrganisationId,
  scope: DocumentScope,
  { fileId, ...fields }: NewDocument,
  call: Call,
): Promise<Document> {
  const draft = { ...fields, id: call.newId('doc'), scope, state: 'draft' } as const;
  demandReadersFor(draft);
  return documents.add(organisationId, draft, fileId, call, (document) =>
    shown(document, 1, { isWhole: true }, undefined),
  );
}

async function saved(
  documents: DocumentStore,
  found: FoundDocument,
  after: DocumentRecord,
  save: DocumentSave,
  call: Call,
): Promise<Document> {
  await documents.save(found, after, save, call);
  return answerAfter(found, after);
}

const answerAfter = ({ stored, standing, receipt }: FoundDocument, after: DocumentRecord): Document =>
  shown(after, stored.version + 1, { isWhole: standing.worksWith }, receipt?.value);

const answerOf = ({ stored, standing, receipt }: FoundDocument, mine = receipt?.value): Document =>
  shown(stored.value, stored.version, { isWhole: standing.worksWith }, mine);

function shown(
  document: DocumentRecord,
  version: number,
  { isWhole }: { readonly isWhole: boolean },
  receipt: DocumentReceipt | undefined,
): Document {
  const inForce = editionInForce(document);
  const editions = isWhole ? document.editions : inForce ? [inForce] : [];
  const { documentId: _, ...mine } = receipt ?? { documentId: document.id };
  return {
    ...document,
    editions: editions.map(({ file, ...edition }) => ({ ...edition, file: fileView(file) })),
    ...(!isWhole && document.receipt !== 'none' && { mine }),
    version,
  };
}
