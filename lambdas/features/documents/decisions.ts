import { Problem } from '../../http/problem.ts';
import type { KeptFile } from '../files/file.ts';
import { type DocumentReceipt, type DocumentRecord, EDITIONS_MAX, editionInForce } from './document.ts';

type DocumentChanges = Partial<Pick<DocumentRecord, 'title' | 'kind' | 'visibleTo' | 'receipt'>>;

/** Who sees a document and what is asked of them is settled before it is published. Throws `wrong-state`. */
export function changed(document: DocumentRecord, changes: DocumentChanges): DocumentRecord {
  const after = { ...document, ...changes };
  const isOtherAudience = after.visibleTo !== document.visibleTo || after.receipt !== document.receipt;
  if (isOtherAudience && document.state === 'published') {
    throw new Problem('wrong-state', 'Withdraw the document first: who sees it cannot change while it is published.');
  }
  demandReadersFor(after);
  return after;
}

/**
 * Of staff alone nothing is asked, because nobody is counted then; and what is shared is about nobody in particular.
 * Throws `wrong-state`.
 */
export function demandReadersFor({
  scope,
  visibleTo,
  receipt,
}: Pick<DocumentRecord, 'scope' | 'visibleTo' | 'receipt'>) {
  if (visibleTo === 'staff' && receipt !== 'none') throw new Problem('wrong-state', 'No receipt is asked of staff.');
  if (visibleTo === 'person' && scope.kind !== 'person') {
    throw new Problem('wrong-state', 'A shared document is about no one person.');
  }
}

/** Readers go on seeing the one before until it is published. Throws `too-many`. */
export function withEdition(document: DocumentRecord, file: KeptFile, now: string): DocumentRecord {
  const { editions } = document;
  if (editions.length >= EDITIONS_MAX) throw new Problem('too-many', `At most ${EDITIONS_MAX} editions.`);
  return { ...document, editions: [...editions, { number: editions.length + 1, file, addedAt: now }] };
}

/** The newest edition. Throws `wrong-state` when its readers have that already. */
export function published(document: DocumentRecord, now: string): DocumentRecord {
  const newest = document.editions.at(-1)!;
  if (editionInForce(document)?.number === newest.number) {
    throw new Problem('wrong-state', 'The newest edition is published already.');
  }
  const editions = [...document.editions.slice(0, -1), { ...newest, publishedAt: now }];
  return { ...document, state: 'published', editions };
}

/** Throws `wrong-state` when it is not published. */
export function withdrawn(document: DocumentRecord): DocumentRecord {
  if (document.state !== 'published') throw new Problem('wrong-state', 'The document is not published.');
  return { ...document, state: 'withdrawn' };
}

/** The first opening of an edition counts; undefined when there is nothing new to note. */
export function opened(
  document: DocumentRecord,
  receipt: DocumentReceipt | undefined,
  now: string,
): DocumentReceipt | undefined {
  const edition = editionInForce(document)?.number;
  if (edition === undefined || document.receipt === 'none' || receipt?.opened?.edition === edition) return undefined;
  return { ...receipt, documentId: document.id, opened: { edition, at: now } };
}

/** That the reader has read that edition; it must be the one in force. Throws `wrong-state`. */
export function confirmed(
  document: DocumentRecord,
  receipt: DocumentReceipt | undefined,
  edition: number,
  now: string,
): DocumentReceipt {
  if (document.receipt !== 'confirmation') throw new Problem('wrong-state', 'No confirmation is asked for.');
  if (editionInForce(document)?.number !== edition) throw new Problem('wrong-state', 'There is another edition now.');
  if (receipt?.confirmed?.edition === edition) return receipt;
  const read = { edition, at: now };
  return {
    documentId: document.id,
    opened: receipt?.opened?.edition === edition ? receipt.opened : read,
    confirmed: read,
  };
}
