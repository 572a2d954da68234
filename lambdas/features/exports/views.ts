import * as z from 'zod';
import { PersonId } from '../../http/ids.ts';
import type { EntityDeclaration, ValueOf } from '../../platform/entity.ts';
import { AbuseReportCopy, abuseReportCopy, abuseReportEntity } from '../abuse-reports/abuse-report.ts';
import { calendarEventEntity, EventCopy, eventCopy, personCalendarEventEntity } from '../calendar/event.ts';
import { DocumentCopy, documentCopy, personDocumentEntity, sharedDocumentEntity } from '../documents/document.ts';
import { Erasure, erasureEntity } from '../erasure/erasure.ts';
import { fileView } from '../files/file.ts';
import { MessageCopy, messageCopy, messageThreadEntity, ThreadCopy, threadMessageEntity } from '../messages/thread.ts';
import { Notice, noticeEntity } from '../notices/notice.ts';
import { GuardianLink, guardianLinkEntity } from '../people/person.ts';
import { PhotoCopy, photoEntity } from '../photos/photo.ts';
import { RequestRecord, requestEntity } from '../requests/request.ts';
import { supportTicketEntryEntity, TicketEntryCopy, ticketEntryCopy, ticketEntryEntity } from '../tickets/ticket.ts';

/**
 * How a record is shown where the stored form is not what a person should be handed: a form and its schema. All other
 * entities are exported as they are stored.
 */
export interface View<S extends z.ZodType = z.ZodType> {
  readonly entity: EntityDeclaration;
  readonly schema: S;
  /** `about`: the other person whose partition the record lies in, where it is not the subject's own. */
  of(value: unknown, about: string | undefined): z.output<S>;
}

const view = <E extends EntityDeclaration, S extends z.ZodType>(
  entity: E,
  schema: S,
  of: (value: ValueOf<E>, about: string | undefined) => z.output<S>,
): View => ({ entity, schema, of: (value, about) => of(value as ValueOf<E>, about) });

/** Not the parameters: they hold links that work once, and ids of others. What it was, when, and what became of it. */
export const NoticeView = Notice.pick({ id: true, state: true, createdAt: true, reason: true }).extend({
  template: z.string(),
});
/** A link is between two: seen from the grown-up it says which child. */
export const GuardianLinkView = GuardianLink.extend({ childId: PersonId.optional() });

/** Not what the clock alone needs: which warnings were given, when it looks next. */
export const RequestView = RequestRecord.pick({
  id: true,
  right: true,
  channel: true,
  identity: true,
  language: true,
  state: true,
  receivedAt: true,
  dueAt: true,
  entities: true,
  extension: true,
  decision: true,
  inForceSince: true,
  endsAt: true,
  endedAt: true,
  exportId: true,
  erasureId: true,
  closedAt: true,
});
/** Not how the worker goes about it. */
export const ErasureView = Erasure.pick({
  id: true,
  cause: true,
  orderedAt: true,
  fencedAt: true,
  verifiedAt: true,
  closedAt: true,
});
const picked =
  <S extends z.ZodObject>(schema: S) =>
  (value: object): z.output<S> =>
    schema.parse(Object.fromEntries(Object.entries(value).filter(([name]) => name in schema.shape)));

const views: readonly View[] = [
  view(requestEntity, RequestView, picked(RequestView)),
  view(erasureEntity, ErasureView, picked(ErasureView)),
  view(noticeEntity, NoticeView, ({ id, state, createdAt, reason, content }) => ({
    id,
    template: content.template === 'done' ? content.was : content.template,
    state,
    createdAt,
    ...(reason && { reason }),
  })),
  view(personDocumentEntity, DocumentCopy, documentCopy),
  view(sharedDocumentEntity, DocumentCopy, documentCopy),
  view(calendarEventEntity, EventCopy, eventCopy),
  view(personCalendarEventEntity, EventCopy, eventCopy),
  view(photoEntity, PhotoCopy, (photo) => ({ ...photo, file: fileView(photo.file) })),
  view(ticketEntryEntity, TicketEntryCopy, ticketEntryCopy),
  view(supportTicketEntryEntity, TicketEntryCopy, ticketEntryCopy),
  view(messageThreadEntity, ThreadCopy, picked(ThreadCopy)),
  view(threadMessageEntity, MessageCopy, messageCopy),
  view(abuseReportEntity, AbuseReportCopy, abuseReportCopy),
  view(guardianLinkEntity, GuardianLinkView, (link, childId) => ({
    ...link,
    ...(childId !== undefined && { childId: childId as PersonId }),
  })),
];

export const viewOf = (entity: EntityDeclaration): View =>
  views.find((one) => one.entity.name === entity.name) ?? { entity, schema: entity.schema, of: (value) => value };
