import * as z from 'zod';
import type { Call } from '../../http/call.ts';
import { NoticeId, PersonId } from '../../http/ids.ts';
import { entity, type Owner, type Ref } from '../../platform/entity.ts';
import type { Change, PointerKey } from '../../platform/records.ts';
import { mailPointer } from '../deliveries/mail-events.ts';
import { expiryAfter, terms } from '../retention/terms.ts';
import { ATTEMPTS_MAX } from './progress.ts';
import { accountTemplates } from './templates/accounts.ts';
import { activityTemplates } from './templates/activity.ts';
import { agreementEndTemplates } from './templates/agreement-end.ts';
import { alarmTemplates } from './templates/alarms.ts';
import { attendanceTemplates } from './templates/attendance.ts';
import { calendarTemplates } from './templates/calendar.ts';
import { childLogTemplates } from './templates/child-log.ts';
import { claimTemplates } from './templates/claims.ts';
import { deliveryTemplates } from './templates/deliveries.ts';
import { digestTemplates } from './templates/digest.ts';
import { distributionTemplates } from './templates/distribution.ts';
import { documentTemplates } from './templates/documents.ts';
import { erasureTemplates } from './templates/erasure.ts';
import { exportTemplates } from './templates/exports.ts';
import { formTemplates } from './templates/forms.ts';
import { integrationTemplates } from './templates/integrations.ts';
import { invoiceTemplates } from './templates/invoices.ts';
import { messageTemplates } from './templates/messages.ts';
import { misuseTemplates } from './templates/misuse.ts';
import { registerTemplates } from './templates/registers.ts';
import { requestTemplates } from './templates/requests.ts';
import { reservationTemplates } from './templates/reservations.ts';
import { slotTemplates } from './templates/slots.ts';
import { statementTemplates } from './templates/statements.ts';
import { ticketTemplates } from './templates/tickets.ts';
import { transparencyTemplates } from './templates/transparency.ts';
import { workplaceTemplates } from './templates/workplace.ts';

/** Word of an arrival is worthless a day later: it is then not sent at all. */
export const ARRIVAL_NEWS_SECONDS_MAX = 12 * 60 * 60;
const Instant = z.iso.datetime();

/** Every template with what it needs to know: schemas alone, because every bundle has them. */
export const templates = {
  ...attendanceTemplates,
  ...deliveryTemplates,
  ...digestTemplates,
  ...distributionTemplates,
  ...documentTemplates,
  ...calendarTemplates,
  ...erasureTemplates,
  ...accountTemplates,
  ...activityTemplates,
  ...agreementEndTemplates,
  ...alarmTemplates,
  ...slotTemplates,
  ...statementTemplates,
  ...childLogTemplates,
  ...claimTemplates,
  ...exportTemplates,
  ...formTemplates,
  ...integrationTemplates,
  ...invoiceTemplates,
  ...messageTemplates,
  ...misuseTemplates,
  ...registerTemplates,
  ...requestTemplates,
  ...reservationTemplates,
  ...ticketTemplates,
  ...transparencyTemplates,
  ...workplaceTemplates,
} as const;
export type Template = keyof typeof templates;
export type ParametersOf<T extends Template> = z.output<(typeof templates)[T]>;

/** What can be declined, as the one who gets it sees it. A template without a category cannot be declined. */
export const categories = [
  'arrivals',
  'daily-summary',
  'reminders',
  'messages',
  'organisation-news',
  'newsletter',
  'surveys',
] as const;
export type Category = (typeof categories)[number];

/**
 * How soon a notice has to be there. `urgent` (safety, security, and what the recipient has just asked for) comes
 * through quiet hours and is neither counted nor gathered; so does what a line in a digest could not stand for. `soon`
 * waits for the end of quiet hours, and goes into the digest only when the day's number is reached. `digestible` comes
 * when the recipient wishes.
 */
export interface NoticeKind {
  readonly category?: Category;
  readonly urgency: 'urgent' | 'soon' | 'digestible';
  /**
   * The one who caused it has chosen the ways, and queued a notice for each: no wish turns one off, and nothing rings
   * beside it.
   */
  readonly isByChosenWays?: true;
}
const urgent = { urgency: 'urgent' } as const;
const soon = { urgency: 'soon' } as const;
const alarm = { urgency: 'urgent', isByChosenWays: true } as const;
const reminder = { category: 'reminders', urgency: 'digestible' } as const;
const message = { category: 'messages', urgency: 'digestible' } as const;

export const noticeKinds: Readonly<Record<Template, NoticeKind>> = {
  'checked-in': { category: 'arrivals', urgency: 'soon' },
  // In no category: a child that did not come is a matter of its safety, not of convenience.
  'not-arrived': urgent,
  'alarm-waiting': alarm,
  'alarm-again': alarm,
  'alarm-taken': alarm,
  'alarm-over': alarm,
  'device-waiting': alarm,
  'daily-summary': { category: 'daily-summary', urgency: 'soon' },
  'event-invited': soon,
  'event-changed': soon,
  'event-cancelled': soon,
  'event-tomorrow': reminder,
  'event-unanswered': reminder,
  'own-event-invited': soon,
  'own-event-changed': soon,
  'own-event-cancelled': soon,
  'own-event-tomorrow': reminder,
  'own-event-unanswered': reminder,
  'slot-booked': soon,
  'slot-cancelled': soon,
  'slot-taken': soon,
  'slot-moved': soon,
  'slot-freed': soon,
  'own-certificate-expires': reminder,
  'certificate-expires': reminder,
  'still-clocked-in': { category: 'reminders', urgency: 'soon' },
  'times-due': reminder,
  'holiday-answer-due': reminder,
  'job-news': { category: 'organisation-news', urgency: 'digestible' },
  'job-newsletter': { category: 'newsletter', urgency: 'digestible' },
  'job-survey': { category: 'surveys', urgency: 'digestible' },
  'job-test': urgent,
  'document-about-child': soon,
  'document-for-you': soon,
  'message-waiting': message,
  'message-waiting-for-you': message,
  'announcement-waiting': message,
  'invoice-ready': soon,
  'invoice-reminder': soon,
  invitation: urgent,
  'email-change-confirm': urgent,
  'email-changed': urgent,
  'totp-reset': urgent,
  'sign-in-new': urgent,
  'sign-ins-failed': urgent,
  'abuse-reported': soon,
  'abuse-report-handled': soon,
  'activity-export-ready': urgent,
  'agreement-ends': urgent,
  'agreement-choice-reminder': urgent,
  'agreement-deletion': urgent,
  'organisation-export-ready': urgent,
  'agreement-data-gone': urgent,
  'claim-answer': urgent,
  'claim-certificate': urgent,
  'claim-code': urgent,
  'dpo-confirm': urgent,
  'dpo-answer': urgent,
  'dpo-answer-link': urgent,
  'dpo-message': soon,
  // Its time was chosen when it was begun.
  digest: urgent,
  'erasure-done': urgent,
  'export-ready': urgent,
  // The words, and the time limits, stand in the letter itself.
  'breach-told': urgent,
  'breach-person': urgent,
  'sub-processor-change': urgent,
  // What somebody asked for by right, and what the law counts days of: more than a line in a digest could say.
  'request-received': urgent,
  'request-waiting': urgent,
  'request-extended': urgent,
  'request-refused': urgent,
  'request-met': urgent,
  'request-in-force': urgent,
  'request-ending': urgent,
  'request-incomplete': urgent,
  'request-to-decide': urgent,
  'request-due': urgent,
  'request-overdue': urgent,
  'request-about-child': urgent,
  'request-rectified': urgent,
  'statement-changed': soon,
  'consent-asked-anew': urgent,
  'consent-withdrawn': urgent,
  // Asked for just now, by somebody who has no other mail from here.
  'form-confirm': urgent,
  'subscription-begun': urgent,
  'enquiry-answered': urgent,
  'enquiry-waiting': { urgency: 'digestible' },
  'sign-up': urgent,
  'ticket-answered': urgent,
  'ticket-waiting': { urgency: 'digestible' },
  'correction-waiting': { urgency: 'digestible' },
  'correction-answered': soon,
  // The letter is the evidence: a digest has no room for it.
  'service-client-created': urgent,
  'service-client-ended': urgent,
  'webhook-disabled': urgent,
  'log-checkpoint': urgent,
  'addresses-unreachable': { urgency: 'digestible' },
};
export const categoryOf = (template: Template): Category | undefined => noticeKinds[template].category;

/** The ways to reach somebody. What is further than e-mail is asked for; e-mail alone says more than that something waits. */
export const channels = ['email', 'sms', 'push'] as const;
export type Channel = (typeof channels)[number];

const notSentReasons = [
  'recipient-gone',
  'child-gone',
  'no-address',
  'declined',
  'blocked',
  'no-longer-guardian',
  'undeliverable-address',
  'too-late',
  // What it was about has been read, opened or answered meanwhile.
  'seen-already',
  // What it was about is no longer so: unsubscribed, cancelled, withdrawn.
  'no-longer-due',
] as const;
export type NotSentReason = (typeof notSentReasons)[number];

/**
 * `waiting`: for the end of quiet hours. `sending`: claimed until `dueAt`, then looked at again. `accepted`: the supplier
 * took it. `delivered`, and of what was accepted also `temporary-failure` and `permanent-failure`: what the supplier's
 * events said. `technical-failure`: our own code could not write it; it can be sent anew by `npm run ops`. `digested`: a
 * line in the digest `digestId`, whose state is its own.
 */
export const noticeStates = [
  'created',
  'waiting',
  'sending',
  'accepted',
  'delivered',
  'temporary-failure',
  'permanent-failure',
  'technical-failure',
  'digested',
  'not-sent',
] as const;
export type NoticeState = (typeof noticeStates)[number];

/** A template with the parameters that it takes. */
type ContentOf<T extends Template> = {
  readonly [K in T]: { readonly template: K; readonly parameters: ParametersOf<K> };
}[T];
const contents = (Object.keys(templates) as Template[]).map((template) =>
  z.strictObject({ template: z.literal(template), parameters: templates[template] }),
);
/** What is left when the notice has been dealt with: no link, no address, nobody's id. */
const Done = z.strictObject({
  template: z.literal('done'),
  was: z.enum(Object.keys(templates) as [Template, ...Template[]]),
});
type Content = ContentOf<Template> | z.output<typeof Done>;

/** An id of any kind. */
const About = z.string().regex(/^[a-z]{3}_[0-9a-z]{26}$/);

export const Notice = z.strictObject({
  id: NoticeId,
  content: z.discriminatedUnion('template', [Done, ...contents]) as unknown as z.ZodType<Content, Content>,
  /** Only where it stands in no record: the new address that waits to be confirmed, the old one that has been left. */
  address: z.email().max(254).optional(),
  /** Absent in rows that were written when there was mail alone. */
  channel: z.enum(channels).default('email'),
  /** Who caused it, where somebody did who may ask what became of it. */
  sentBy: PersonId.optional(),
  /** What it is about (an announcement, a job, a thread): opaque, and what is asked for by. */
  about: About.optional(),
  state: z.enum(noticeStates),
  attempts: z.int().min(0).max(ATTEMPTS_MAX),
  /** When a try began that ended without an answer: before another one the supplier's events are looked at. */
  unsureSince: Instant.optional(),
  createdAt: Instant,
  /** When it may next be tried; absent when it is done with. */
  dueAt: Instant.optional(),
  /** When the supplier took it. */
  sentAt: Instant.optional(),
  sesMessageId: z.string().max(200).optional(),
  /** What became of it is what became of the digest. */
  digestId: NoticeId.optional(),
  reason: z.enum(notSentReasons).optional(),
});
export type Notice = z.output<typeof Notice>;
export type NoticeContent = Exclude<Notice['content'], { template: 'done' }>;

export const noticeEntity = entity({
  name: 'notice',
  table: 'transient',
  partitionPrefix: 'OUTBOX#',
  sortKey: 'NOTICE',
  schema: Notice,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to tell people what they need to know, and to show that they were told',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'use',
  retentionClass: 'notice',
  exported: 'copy',
  onErasure: 'delete',
});

export const noticeRef = (to: Owner, id: NoticeId): Ref<typeof noticeEntity> => ({
  entity: noticeEntity,
  owner: to,
  key: id,
});

/** Mail records are kept for one year. */
export const keptUntil = (createdAt: string): number => expiryAfter(terms.notice.length, new Date(createdAt));

/** A notice to be sent: the person or account it is for, and what its template needs. */
export type NoticeRequest = {
  readonly [T in Template]: {
    readonly to: Owner;
    readonly template: T;
    readonly parameters: ParametersOf<T>;
    /** Only for an address that stands in no record; it is dropped when the mail is out. */
    readonly address?: string;
    /** The person who caused it, if they may ask what became of it: then it is found by {@link noticesAbout}. */
    readonly sentBy?: PersonId;
    /** The id of what it is about: whether it is still unread or due is looked up there again before it is sent. */
    readonly about?: string;
    /** Only for what stands beside a mail: the outbox decides it, by what the recipient wishes. */
    readonly channel?: Channel;
    /** Where it is to be sent later than now: RFC 3339. */
    readonly notBefore?: string;
  };
}[Template];

/**
 * Puts a notice into the transaction that causes it (two writes, four with `sentBy` and `about`): it is sent if, and only if, the
 * change happens. The change still needs its own activity record.
 */
export function queueNotice(change: Change, request: NoticeRequest, call: Pick<Call, 'now' | 'newId'>): NoticeId {
  const id = call.newId('ntc');
  const createdAt = call.now.toISOString();
  const dueAt = request.notBefore ?? createdAt;
  const notice = Notice.parse({
    id,
    content: { template: request.template, parameters: request.parameters },
    ...(request.address !== undefined && { address: request.address }),
    ...(request.sentBy !== undefined && { sentBy: request.sentBy }),
    ...(request.about !== undefined && { about: request.about }),
    channel: request.channel ?? 'email',
    state: 'created',
    attempts: 0,
    createdAt,
    dueAt,
  });
  const expiresAtEpochSeconds = keptUntil(createdAt);
  change.put(noticeRef(request.to, id), notice, 'new', { expiresAtEpochSeconds });
  change.point({ ...dueKey(id, dueAt), attributes: { ...request.to, noticeId: id }, expiresAtEpochSeconds });
  if (request.about !== undefined && request.sentBy !== undefined) {
    change.point({ ...aboutKey(request.about, id), expiresAtEpochSeconds });
    change.point(mailPointer(request.to, id, expiresAtEpochSeconds));
  }
  return id;
}

/** The notices about one thing that somebody may ask for: rows of `<ntc>` that name nobody, `mailKey` leads to whom. */
export const noticesAbout = (about: string) => `NOTICES-ABOUT#${about}`;
const aboutKey = (about: string, id: NoticeId): PointerKey => ({ table: 'transient', pk: noticesAbout(about), sk: id });

/** Enough shards that a whole organisation's notices at one moment do not meet in one partition. */
export const DUE_SHARDS = 8;
export const duePartition = (shard: number) => `OUTBOX-DUE#${shard}`;

/** Where the sweep finds a notice: by the instant it falls due, in one of a fixed number of partitions. */
export function dueKey(id: NoticeId, dueAt: string): PointerKey {
  const shard = Number.parseInt(id.slice(-2), 32) % DUE_SHARDS;
  return { table: 'transient', pk: duePartition(Number.isNaN(shard) ? 0 : shard), sk: `${dueAt}#${id}` };
}
