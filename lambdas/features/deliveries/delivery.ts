import * as z from 'zod';
import { NoticeId, PersonId } from '../../http/ids.ts';
import { channels, Notice, type NoticeState, noticeStates, type Template, templates } from '../notices/notice.ts';
import { isAboutRights } from '../notices/rights.ts';
import { stopReasons } from '../notices/undeliverable.ts';

/** Notices about one thing whose states are counted; of more, the first. */
export const COUNTED_MAX = 1_000;
const Instant = z.iso.datetime();
const progress = {
  channel: z.enum(channels),
  state: z.enum(noticeStates),
  createdAt: Instant,
  /** When the supplier took it. */
  sentAt: Instant.optional(),
};

/** What was sent to a person or an account, and what became of it: never what it said. */
export const NoticeStatus = z
  .strictObject({
    id: NoticeId,
    template: z.enum(Object.keys(templates) as [Template, ...Template[]]),
    ...progress,
    reason: Notice.shape.reason,
  })
  .meta({ id: 'NoticeStatus' });
export type NoticeStatus = z.output<typeof NoticeStatus>;

/** One of the notices about something, as whoever caused it sees it. */
export const SentNotice = z
  .strictObject({
    id: NoticeId,
    /** Absent where the caller may not see who it is. */
    recipientId: PersonId.optional(),
    ...progress,
  })
  .meta({ id: 'SentNotice' });
export type SentNotice = z.output<typeof SentNotice>;

/** An address that gets no more mail, as the person whose it is sees it. */
export const OwnUndeliverableAddress = z
  .strictObject({
    /** The account, or the person in an organisation, that is written to there. */
    ownerId: z.string().regex(/^(acc|per)_[0-9a-z]{26}$/),
    organisationId: z
      .string()
      .regex(/^org_[0-9a-z]{26}$/)
      .optional(),
    address: z.string().max(254),
    since: Instant,
    reason: z.enum(stopReasons),
  })
  .meta({ id: 'OwnUndeliverableAddress' });

export const templateOf = ({ content }: Notice): Template =>
  content.template === 'done' ? content.was : content.template;

/** What a line in a digest became is what the digest became. Pure. */
export const asItsDigest = (notice: Notice, digest: Notice | undefined): Notice =>
  notice.state === 'digested' && digest
    ? { ...notice, state: digest.state, ...(digest.sentAt !== undefined && { sentAt: digest.sentAt }) }
    : notice;

const progressOf = ({ channel, state, createdAt, sentAt }: Notice) => ({
  channel,
  state,
  createdAt,
  ...(sentAt !== undefined && { sentAt }),
});

export const statusOf = (notice: Notice): NoticeStatus => ({
  id: notice.id,
  template: templateOf(notice),
  ...progressOf(notice),
  ...(notice.reason && { reason: notice.reason }),
});

export const sentNoticeOf = (notice: Notice, recipientId: PersonId | undefined): SentNotice => ({
  id: notice.id,
  ...(recipientId !== undefined && { recipientId }),
  ...progressOf(notice),
});

/** In the order of the states; those that none is in are left out. */
export const countsOf = (notices: readonly Notice[]): { readonly state: NoticeState; readonly count: number }[] =>
  noticeStates.flatMap((state) => {
    const count = notices.filter((notice) => notice.state === state).length;
    return count > 0 ? [{ state, count }] : [];
  });

export type Onlooker = 'self' | 'administrator' | 'leader';

/** Between the person and somebody else: that there was word of it is not the management's to know. */
const inPrivate: ReadonlySet<Template> = new Set([
  'message-waiting',
  'message-waiting-for-you',
  'dpo-confirm',
  'dpo-answer',
  'dpo-answer-link',
  'dpo-message',
  'activity-export-ready',
  'log-checkpoint',
  // Whoever the report is about may be who looks.
  'abuse-reported',
  'abuse-report-handled',
]);
/** What was about a child that is kept from the recipient, or none of theirs any more, they were rightly not told. */
const keptFromRecipient: ReadonlySet<Notice['reason']> = new Set(['blocked', 'no-longer-guardian', 'child-gone']);
/** Whether it may be told is only decided when it is sent. */
const undecided: ReadonlySet<NoticeState> = new Set(['created', 'waiting']);

/** Whether somebody may know that a notice was sent, or was not. Rights are between the person and whoever answers for them. Pure. */
export function mayKnowOf(notice: Notice, as: Onlooker): boolean {
  if (as === 'self') return !undecided.has(notice.state) && !keptFromRecipient.has(notice.reason);
  const template = templateOf(notice);
  return !inPrivate.has(template) && (as === 'administrator' || !isAboutRights(template));
}
