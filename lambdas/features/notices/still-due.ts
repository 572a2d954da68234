import {
  type AlarmId,
  CalendarEventId,
  type DistributionJobId,
  DocumentId,
  type MessageId,
  type OrganisationId,
  type PersonId,
} from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Records } from '../../platform/records.ts';
import { alarmRef } from '../alarms/alarm.ts';
import { attendanceDayRef } from '../attendance/attendance-day.ts';
import { eventPointers, eventRef, placeAt } from '../calendar/calendar-index.ts';
import { eventAnswerRef } from '../calendar/event.ts';
import { jobRef } from '../distribution/job.ts';
import { documentPointers, documentRef, editionInForce, receiptRef } from '../documents/document.ts';
import { inboxPointers } from '../messages/inbox.ts';
import { blocksBetween } from '../people/blocks.ts';
import { isSubscribed } from '../subscriptions/subscribers.ts';
import type { NoticeContent } from './notice.ts';

/** What a notice was about is over: it was seen meanwhile, or it is no longer so. */
export type Over = 'seen-already' | 'no-longer-due';

/**
 * Looks again, at the moment of sending, whether what a notice says still waits: between the two lie quiet hours, a
 * digest, or a supplier that was away. `about` is the id that the notice was queued with; without it nothing is looked
 * up. Three round trips at most.
 */
export async function whyOver(
  records: Records,
  { controller, subject }: Owner,
  content: NoticeContent,
  about: string | undefined,
): Promise<Over | undefined> {
  if (content.template === 'job-newsletter') {
    return (await isSubscribed(records, { controller, subject }, 'newsletter')) ? undefined : 'no-longer-due';
  }
  if (controller === 'operator' || !subject.startsWith('per_')) return undefined;
  const place: Place = { records, organisationId: controller, recipientId: subject as PersonId };
  switch (content.template) {
    case 'job-survey':
      return ifNotAskedFor(place, content.parameters);
    case 'message-waiting':
    case 'message-waiting-for-you':
    case 'announcement-waiting':
      return about === undefined ? undefined : ifRead(place, about as MessageId);
    case 'document-about-child':
    case 'document-for-you':
      return about === undefined ? undefined : ifOpened(place, DocumentId.parse(about), content.parameters.asked);
    case 'event-invited':
    case 'event-changed':
    case 'event-tomorrow':
    case 'event-unanswered':
    case 'own-event-invited':
    case 'own-event-changed':
    case 'own-event-tomorrow':
    case 'own-event-unanswered': {
      if (about === undefined) return undefined;
      const asksForAnswer = content.template.endsWith('unanswered');
      return ifCancelled(place, CalendarEventId.parse(about), content.parameters, asksForAnswer);
    }
    case 'alarm-waiting':
    case 'alarm-again':
    case 'device-waiting':
    case 'alarm-taken':
    case 'alarm-over':
      return ifAnsweredFor(place, content.parameters, content.template);
    case 'times-due':
    case 'holiday-answer-due':
      return ifAnswered(place, content.parameters);
    default:
      return undefined;
  }
}

interface Place {
  readonly records: Records;
  readonly organisationId: OrganisationId;
  readonly recipientId: PersonId;
}

/** Whoever agreed to be asked may have changed their mind; a group is asked without. */
async function ifNotAskedFor(
  { records, organisationId, recipientId }: Place,
  { jobId }: { readonly jobId: DistributionJobId },
): Promise<Over | undefined> {
  const [job, isStillWanted] = await Promise.all([
    records.get(jobRef(organisationId, jobId)),
    isSubscribed(records, { controller: organisationId, subject: recipientId }, 'surveys'),
  ]);
  return job?.value.audience.kind === 'survey-subscribers' && !isStillWanted ? 'no-longer-due' : undefined;
}

/** What has been read to its end, or taken back, is no longer in the inbox. */
async function ifRead({ records, organisationId, recipientId }: Place, id: MessageId): Promise<Over | undefined> {
  const [waiting] = await records.pointersAt([inboxPointers.waiting(organisationId, recipientId, id)]);
  return waiting ? undefined : 'seen-already';
}

async function ifOpened(
  { records, organisationId, recipientId }: Place,
  documentId: DocumentId,
  asked: 'none' | 'opening' | 'confirmation',
): Promise<Over | undefined> {
  const [home] = await records.pointersAt([documentPointers.home(organisationId, documentId)]);
  if (!home) return 'no-longer-due';
  // Written by the document's own store, from its owner.
  const owner = { controller: organisationId, subject: home.attributes?.['subject'] } as Owner;
  const [document, receipt] = await records.together([
    documentRef(owner, documentId),
    receiptRef(organisationId, recipientId, documentId),
  ]);
  const edition = document && editionInForce(document.value)?.number;
  if (edition === undefined) return 'no-longer-due';
  const done = asked === 'confirmation' ? receipt?.value.confirmed : receipt?.value.opened;
  return asked !== 'none' && done?.edition === edition ? 'seen-already' : undefined;
}

async function ifCancelled(
  { records, organisationId, recipientId }: Place,
  eventId: CalendarEventId,
  parameters: { readonly day: string; readonly childId?: PersonId },
  asksForAnswer: boolean,
): Promise<Over | undefined> {
  const personId = parameters.childId ?? recipientId;
  const [[row], answer] = await Promise.all([
    records.pointersAt([eventPointers.byId(organisationId, eventId)]),
    asksForAnswer ? records.get(eventAnswerRef(organisationId, personId, eventId, parameters.day)) : undefined,
  ]);
  if (answer) return 'seen-already';
  const place = row && placeAt(organisationId, row);
  const [event] = place ? await records.getMany([eventRef(place)]) : [];
  return event && !event.value.cancelled ? undefined : 'no-longer-due';
}

/**
 * Of an alarm that waits: somebody has answered it meanwhile. Of one that was taken or is over: it rings anew. And a block
 * that has come between the two since beats everything.
 */
async function ifAnsweredFor(
  { records, organisationId, recipientId: toldId }: Place,
  { alarmId, recipientId }: { readonly alarmId: AlarmId; readonly recipientId: PersonId },
  template: 'alarm-waiting' | 'alarm-again' | 'device-waiting' | 'alarm-taken' | 'alarm-over',
): Promise<Over | undefined> {
  const [alarm, ...blocks] = await records.together([
    alarmRef(organisationId, recipientId, alarmId),
    ...blocksBetween(organisationId, [toldId], recipientId),
  ]);
  if (!alarm || blocks.some((block) => block !== undefined)) return 'no-longer-due';
  const isAnswered = alarm.value.state === 'acknowledged' || alarm.value.state === 'resolved';
  const saysThatItWaits = template !== 'alarm-taken' && template !== 'alarm-over';
  return isAnswered === saysThatItWaits ? 'no-longer-due' : undefined;
}

/** Every day that was missing has been spoken for, or the child has come. */
async function ifAnswered(
  { records, organisationId }: Place,
  { childId, days = [] }: { readonly childId: PersonId; readonly days?: readonly string[] | undefined },
): Promise<Over | undefined> {
  if (days.length === 0) return undefined;
  const stored = await records.getMany(days.map((day) => attendanceDayRef(organisationId, childId, day)));
  const isAnswered = stored.every((day) => day?.value.expected ?? day?.value.absence ?? day?.value.stays.length);
  return isAnswered ? 'seen-already' : undefined;
}
