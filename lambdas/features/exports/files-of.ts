import type { EntityDeclaration } from '../../platform/entity.ts';
import { personCalendarEventEntity } from '../calendar/event.ts';
import { type DocumentRecord, editionInForce, personDocumentEntity } from '../documents/document.ts';
import type { KeptFile } from '../files/file.ts';
import { threadMessageEntity } from '../messages/thread.ts';
import { photoEntity } from '../photos/photo.ts';
import { type TicketEntry, ticketEntryEntity } from '../tickets/ticket.ts';
import { type Audience, guardianIn } from './export.ts';

/** All files of one copy together: what is beyond stands in the records alone, and is fetched through the API. */
export const FILES_BYTES_MAX = 100 * 1024 * 1024;

/**
 * The files of a record whose contents go into a copy (Art. 15(3)): those that whoever gets it may open themselves. What
 * staff keep among themselves, and photos in which others are, stand there as records: who else they are about is for the
 * controller to look at first (Art. 15(4)).
 */
export function filesOf({ name }: EntityDeclaration, value: unknown, audience: Audience): readonly KeptFile[] {
  switch (name) {
    case personDocumentEntity.name: {
      const document = value as DocumentRecord;
      const readers: readonly string[] = guardianIn(audience) ? ['guardians'] : ['guardians', 'person'];
      const edition = readers.includes(document.visibleTo) ? editionInForce(document) : undefined;
      return edition ? [edition.file] : [];
    }
    case photoEntity.name: {
      const photo = value as { readonly file: KeptFile; readonly depicted: readonly string[] };
      return photo.depicted.length === 1 ? [photo.file] : [];
    }
    case threadMessageEntity.name:
    case personCalendarEventEntity.name:
      return (value as { readonly files: readonly KeptFile[] }).files;
    case ticketEntryEntity.name: {
      const entry = value as TicketEntry;
      return entry.kind === 'message' ? entry.files : [];
    }
    default:
      return [];
  }
}
