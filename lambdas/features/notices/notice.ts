import * as z from 'zod';
import type { Call } from '../../http/call.ts';
import { NoticeId, PersonId } from '../../http/ids.ts';
import { entity, type Owner, type Ref } from '../../platform/entity.ts';
import type { Change, PointerKey } from '../../platform/records.ts';
import { expiryAfter, terms } from '../retention/terms.ts';
import { accountTemplates } from './templates/accounts.ts';
import { activityTemplates } from './templates/activity.ts';
import { agreementEndTemplates } from './templates/agreement-end.ts';
import { attendanceTemplates } from './templates/attendance.ts';
import { calendarTemplates } from './templates/calendar.ts';
import { childLogTemplates } from './templates/child-log.ts';
import { claimTemplates } from './templates/claims.ts';
import { documentTemplates } from './templates/documents.ts';
import { erasureTemplates } from './templates/erasure.ts';
import { exportTemplates } from './templates/exports.ts';
import { messageTemplates } from './templates/messages.ts';
import { registerTemplates } from './templates/registers.ts';
import { requestTemplates } from './templates/requests.ts';
import { reservationTemplates } from './templates/reservations.ts';
import { slotTemplates } from './templates/slots.ts';
import { statementTemplates } from './templates/statements.ts';
import { transparencyTemplates } from './templates/transparency.ts';

/** How often a notice is tried before it is given up. */
export const ATTEMPTS_MAX = 5;
/** While a lease lasts nobody else may send; longer than the worker's own time limit, so that it is surely over. */
export const LEASE_SECONDS = 5 * 60;
/** Wait before the next try after the first, second … temporary failure. */
const BACKOFF_SECONDS = [60, 5 * 60, 15 * 60, 60 * 60];
/** Word of an arrival is worthless a day later: it is then not sent at all. */
export const ARRIVAL_NEWS_SECONDS_MAX = 12 * 60 * 60;
const Instant = z.iso.datetime();

/** Every template with what it needs to know: schemas alone, because every bundle has them. */
export const templates = {
  ...attendanceTemplates,
  ...documentTemplates,
  ...calendarTemplates,
  ...erasureTemplates,
  ...accountTemplates,
  ...activityTemplates,
  ...agreementEndTemplates,
  ...slotTemplates,
  ...statementTemplates,
  ...childLogTemplates,
  ...claimTemplates,
  ...exportTemplates,
  ...messageTemplates,
  ...registerTemplates,
  ...requestTemplates,
  ...reservationTemplates,
  ...transparencyTemplates,
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
}
const urgent = { urgency: 'urgent' } as const;
const soon = { urgency: 'soon' } as const;
const reminder = { category: 'reminders', urgency: 'digestible' } as const;
const message = { category: 'messages', urgency: 'digestible' } as const;

export const noticeKinds: Readonly<Record<Template, NoticeKind>> = {
  'checked-in': { category: 'arrivals', urgency: 'soon' },
  // In no category: a child that did not come is a matter of its safety, not of convenience.
  'not-arrived': urgent,
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
  'times-due': reminder,
  'holiday-answer-due': reminder,
  'document-about-child': soon,
  'document-for-you': soon,
  'message-waiting': message,
  'message-waiting-for-you': message,
  'announcement-waiting': message,
  invitation: soon,
  'email-change-confirm': urgent,
  'email-changed': urgent,
  'totp-reset': urgent,
  'activity-export-ready': urgent,
  'agreement-ends': soon,
  'agreement-choice-reminder': soon,
  'agreement-deletion': soon,
  'organisation-export-ready': urgent,
  'agreement-data-gone': soon,
  'claim-answer': urgent,
  'claim-certificate': urgent,
  'claim-code': urgent,
  'dpo-confirm': urgent,
  'dpo-answer': soon,
  'dpo-answer-link': soon,
  'dpo-message': soon,
  'erasure-done': urgent,
  'export-ready': urgent,
  // The words, and the time limits, stand in the letter itself.
  'breach-told': urgent,
  'breach-person': urgent,
  'sub-processor-change': soon,
  'request-received': urgent,
  'request-waiting': soon,
  'request-extended': soon,
  'request-refused': soon,
  'request-met': soon,
  'request-in-force': soon,
  'request-ending': soon,
  'request-incomplete': soon,
  'request-to-decide': soon,
  'request-due': soon,
  'request-overdue': soon,
  'request-about-child': soon,
  'request-rectified': soon,
  'statement-changed': soon,
  'consent-asked-anew': soon,
  'consent-withdrawn': soon,
  // The letter is the evidence: a digest has no room for it.
  'log-checkpoint': urgent,
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
    /** The person who caused it, if somebody may want to know what became of it. */
    readonly sentBy?: PersonId;
    /** The id of what it is about; the notices about it are then found by {@link noticesAbout}. */
    readonly about?: string;
    /** Only for what stands beside a mail: the outbox decides it, by what the recipient wishes. */
    readonly channel?: Channel;
  };
}[Template];

/**
 * Puts a notice into the transaction that causes it (two writes, four with `about`): it is sent if, and only if, the
 * change happens. The change still needs its own activity record.
 */
export function queueNotice(change: Change, request: NoticeRequest, call: Pick<Call, 'now' | 'newId'>): NoticeId {
  const id = call.newId('ntc');
  const createdAt = call.now.toISOString();
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
    dueAt: createdAt,
  });
  const expiresAtEpochSeconds = keptUntil(createdAt);
  change.put(noticeRef(request.to, id), notice, 'new', { expiresAtEpochSeconds });
  change.point({ ...dueKey(id, createdAt), attributes: { ...request.to, noticeId: id }, expiresAtEpochSeconds });
  if (request.about !== undefined) {
    change.point({ ...aboutKey(request.about, id), expiresAtEpochSeconds });
    change.point({ ...recipientKey(id), attributes: { ...request.to }, expiresAtEpochSeconds });
  }
  return id;
}

/** Of whom a notice is; its supplier's events lie beside it. It goes with the recipient, so that what is left leads nowhere. */
export const recipientKey = (id: NoticeId): PointerKey => ({
  table: 'transient',
  pk: mailPartition(id),
  sk: 'RECIPIENT',
});
export const mailPartition = (id: NoticeId) => `MAIL#${id}`;

/** The notices about one thing, as rows of `<ntc>` that name nobody: {@link recipientKey} does. */
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

/** What may be done with a notice now. Pure. */
export function whatToDoWith(notice: Notice, now: Date): 'send' | 'wait' | 'give-up' | 'nothing' {
  if (notice.dueAt === undefined || notice.content.template === 'done') return 'nothing';
  if (now.toISOString() < notice.dueAt) return 'wait';
  return notice.attempts < ATTEMPTS_MAX ? 'send' : 'give-up';
}

/** Claimed: nobody else sends it before the lease is over. The record's version is the token that only one can hold. */
export const claimed = (notice: Notice, now: Date): Notice => ({
  ...notice,
  state: 'sending',
  attempts: notice.attempts + 1,
  dueAt: secondsAfter(now, LEASE_SECONDS),
});

/** SES took it. */
export const accepted = (notice: Notice, sesMessageId: string): Notice => ({
  ...doneWith(notice),
  state: 'accepted',
  sesMessageId,
});

/** SES or its network would not now: again later, or given up after the last try. */
export function failedForNow(notice: Notice, now: Date): Notice {
  if (notice.attempts >= ATTEMPTS_MAX) return failedForGood(notice);
  const wait = BACKOFF_SECONDS[notice.attempts - 1] ?? LEASE_SECONDS;
  return { ...notice, state: 'temporary-failure', dueAt: secondsAfter(now, wait) };
}

export const failedForGood = (notice: Notice): Notice => ({ ...doneWith(notice), state: 'permanent-failure' });
export const notSent = (notice: Notice, reason: NotSentReason): Notice => ({
  ...doneWith(notice),
  state: 'not-sent',
  reason,
});

/** What only the sending needed goes with it: link, address, ids of others. */
function doneWith({ address: _, dueAt: __, ...notice }: Notice): Notice {
  const { content } = notice;
  return content.template === 'done' ? notice : { ...notice, content: { template: 'done', was: content.template } };
}

const secondsAfter = (now: Date, seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString();
