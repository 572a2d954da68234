import * as z from 'zod';
import { NoticeId } from '../../http/ids.ts';
import { type JobPlace, jobPlaceIn } from '../distribution/mail-tag.ts';
import type { MailEvent } from './mail-events.ts';

/** What SES said of one mail of ours, and which one it was: its address is the envelope's, and leaves only with a stop. */
export interface Report {
  readonly event: MailEvent;
  /** When SES took it; RFC 3339. */
  readonly sentAt: string;
  readonly sesMessageId: string;
  readonly address: string;
}
export type NoticeReport = Report & { readonly noticeId: NoticeId };
export type JobReport = Report & { readonly place: JobPlace };

/**
 * What is no report. `unreadable`: not as SES writes it, so somebody must look. `of-another-kind`: an event that we have
 * not asked for. `not-ours`: a mail that is no notice and of no job, such as the user pool's.
 */
export type NoReport = 'unreadable' | 'of-another-kind' | 'not-ours';

const Instant = z.iso.datetime();
const ADDRESS_CHARACTERS_MAX = 254;
/** The part that all events have. What else SES says of a mail (its headers, its subject) is not even read. */
const mail = z.object({
  timestamp: Instant,
  messageId: z.string().min(1).max(200),
  // Each mail of ours goes to one address.
  destination: z.tuple([z.string().max(ADDRESS_CHARACTERS_MAX)]),
  tags: z.record(z.string(), z.array(z.string())).default({}),
});
const happened = z.object({ timestamp: Instant });

/** SES developer guide, "Contents of event data that Amazon SES publishes to Amazon SNS". */
const SesEvent = z.discriminatedUnion('eventType', [
  z.object({ eventType: z.literal('Send'), mail }),
  z.object({ eventType: z.literal('Reject'), mail }),
  z.object({ eventType: z.literal('Rendering Failure'), mail }),
  z.object({ eventType: z.literal('Delivery'), mail, delivery: happened }),
  z.object({ eventType: z.literal('DeliveryDelay'), mail, deliveryDelay: happened }),
  z.object({
    eventType: z.literal('Bounce'),
    mail,
    bounce: happened.extend({ bounceType: z.enum(['Permanent', 'Transient', 'Undetermined']) }),
  }),
  z.object({
    eventType: z.literal('Complaint'),
    mail,
    complaint: happened.extend({
      complaintSubType: z.string().nullish(),
      complaintFeedbackType: z.string().nullish(),
    }),
  }),
]);
const eventTypes = new Set<string>(SesEvent.options.flatMap(({ shape }) => [...shape.eventType.values]));

/** Reads a message of the queue: SES's event as it stands (raw delivery). Pure. */
export function readReport(body: string): NoticeReport | JobReport | NoReport {
  const json = jsonIn(body);
  const kind = z.object({ eventType: z.string() }).safeParse(json);
  if (!kind.success) return 'unreadable';
  if (!eventTypes.has(kind.data.eventType)) return 'of-another-kind';
  const parsed = SesEvent.safeParse(json);
  if (!parsed.success) return hasForeignTags(json) ? 'not-ours' : 'unreadable';
  const event = eventIn(parsed.data);
  if (event === 'of-another-kind') return event;
  const { timestamp: sentAt, messageId: sesMessageId, destination, tags } = parsed.data.mail;
  const report: Report = { event, sentAt, sesMessageId, address: destination[0] };
  const noticeId = NoticeId.safeParse(tags['notice']?.[0]);
  if (noticeId.success) return { ...report, noticeId: noticeId.data };
  const place = jobPlaceIn(tags['job']?.[0] ?? '');
  return place ? { ...report, place } : 'not-ours';
}

/** Mail that others send through the same account need not look like ours. */
function hasForeignTags(json: unknown): boolean {
  const Tagged = z.object({ mail: z.object({ tags: z.record(z.string(), z.unknown()).default({}) }) });
  const tagged = Tagged.safeParse(json);
  return tagged.success && !('notice' in tagged.data.mail.tags) && !('job' in tagged.data.mail.tags);
}

function eventIn(said: z.output<typeof SesEvent>): MailEvent | 'of-another-kind' {
  switch (said.eventType) {
    case 'Send':
      return { type: 'send', at: said.mail.timestamp };
    // No mail of ours has a template of SES's; what SES cannot write it does not send.
    case 'Reject':
    case 'Rendering Failure':
      return { type: 'reject', at: said.mail.timestamp };
    case 'Delivery':
      return { type: 'delivery', at: said.delivery.timestamp };
    case 'DeliveryDelay':
      return { type: 'delay', at: said.deliveryDelay.timestamp };
    case 'Bounce': {
      const bounce = said.bounce.bounceType === 'Permanent' ? 'permanent' : 'transient';
      return { type: 'bounce', bounce, at: said.bounce.timestamp };
    }
    case 'Complaint':
      return complaintIn(said.complaint);
  }
}

type Complaint = Extract<z.output<typeof SesEvent>, { eventType: 'Complaint' }>['complaint'];

function complaintIn({
  complaintSubType,
  complaintFeedbackType,
  timestamp: at,
}: Complaint): ReturnType<typeof eventIn> {
  // Somebody took the mail out of the junk: the opposite of a complaint.
  if (complaintFeedbackType === 'not-spam') return 'of-another-kind';
  // The address is on SES's own list since an earlier complaint: this mail was never sent.
  if (complaintSubType === 'OnAccountSuppressionList') return { type: 'bounce', bounce: 'permanent', at };
  return { type: 'complaint', at };
}

function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
