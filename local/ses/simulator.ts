import { ACCOUNT_ID, REGION } from '../account.ts';
import { domainOf, readableAddressesIn } from './address.ts';
import type { Mail } from './mail.ts';
import { type HeaderField, valuesOf } from './mime.ts';

/**
 * What becomes of a mail to one recipient. The reserved addresses are those of Amazon's mailbox simulator (SES developer
 * guide, "Using the mailbox simulator"): success, bounce, complaint, suppressionlist, ooto (an automatic reply: delivered),
 * each with a label after a plus sign if one likes. Three labels play what the simulator has no address for:
 * `bounce+full` (a transient bounce, the mailbox is full), `success+delayed` (delayed, and delivered after that) and
 * `success+rejected` (SES finds a virus and lets the mail go no further). More may follow them after a dot or a dash.
 */
type Outcome =
  | 'delivered'
  | 'delayed'
  | 'complained'
  | 'rejected'
  | 'General'
  | 'Suppressed'
  | 'OnAccountSuppressionList'
  | 'MailboxFull';

export interface Delivery {
  readonly address: string;
  readonly outcome: Outcome;
}

export function outcomeFor(address: string, isSuppressed: boolean): Outcome {
  if (domainOf(address) !== 'simulator.amazonses.com') return isSuppressed ? 'OnAccountSuppressionList' : 'delivered';
  const [name, label = ''] = address.toLowerCase().split(/[+@.-]/);
  if (name === 'bounce') return label === 'full' ? 'MailboxFull' : 'General';
  if (name === 'complaint') return 'complained';
  if (name === 'suppressionlist') return 'Suppressed';
  if (name === 'success' && label === 'delayed') return 'delayed';
  if (name === 'success' && label === 'rejected') return 'rejected';
  return 'delivered';
}

/** A bounce's type, as SES names it, and what the other server said (RFC 3463). */
const bounces = {
  General: { bounceType: 'Permanent', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
  Suppressed: {
    bounceType: 'Permanent',
    status: '5.1.1',
    diagnosticCode: 'Amazon SES has suppressed sending to this address because it has a recent history of bouncing',
  },
  OnAccountSuppressionList: {
    bounceType: 'Permanent',
    status: '5.1.1',
    diagnosticCode:
      'Amazon SES did not send the message to this address because it is on the suppression list for your account.',
  },
  MailboxFull: { bounceType: 'Transient', status: '4.2.2', diagnosticCode: 'smtp; 452 4.2.2 The mailbox is full' },
} as const;
type BounceSubType = keyof typeof bounces;

/** What SES says of a mail that it does not let out. */
const REJECT_REASON = 'Bad content';

export function isBounce({ outcome }: Delivery): boolean {
  return Object.hasOwn(bounces, outcome);
}

export function isUndelivered(delivery: Delivery): boolean {
  return isBounce(delivery) || delivery.outcome === 'rejected';
}

export function reasonFor(outcome: Outcome): string {
  if (outcome === 'rejected') return REJECT_REASON;
  return Object.hasOwn(bounces, outcome) ? bounces[outcome as BounceSubType].diagnosticCode : '';
}

/** An event as SES publishes it to SNS (SES developer guide, "Event data that Amazon SES publishes"). */
export interface SesEvent {
  readonly eventType: 'Send' | 'Reject' | 'DeliveryDelay' | 'Delivery' | 'Bounce' | 'Complaint';
  readonly mail: {
    readonly timestamp: string;
    readonly messageId: string;
    readonly source: string;
    readonly sendingAccountId: string;
    readonly destination: readonly string[];
    readonly headersTruncated: boolean;
    readonly headers: readonly HeaderField[];
    readonly commonHeaders: Readonly<Record<string, unknown>>;
    readonly tags: Readonly<Record<string, readonly string[]>>;
  };
  readonly [detail: string]: unknown;
}

/** SES goes on trying for fourteen hours ("Delivery delay"). */
const DELAY_MILLISECONDS_MAX = 14 * 3_600_000;

/** Send, then what became of it: Reject, DeliveryDelay, Delivery, Bounce by kind, Complaint. */
export function eventsFor(
  mail: Mail,
  source: string,
  fields: readonly HeaderField[],
  deliveries: readonly Delivery[],
): SesEvent[] {
  const common = { mail: mailObject(mail, source, fields) };
  const timestamp = mail.sentAt;
  const feedbackId = (kind: string) => `${mail.id}-${kind}`;
  const events: SesEvent[] = [{ eventType: 'Send', ...common, send: {} }];

  const rejected = deliveries.filter(({ outcome }) => outcome === 'rejected');
  if (rejected.length > 0) events.push({ eventType: 'Reject', ...common, reject: { reason: REJECT_REASON } });
  const delayed = deliveries.filter(({ outcome }) => outcome === 'delayed');
  if (delayed.length > 0) {
    const deliveryDelay = {
      timestamp,
      delayType: 'TransientCommunicationFailure',
      expirationTime: new Date(Date.parse(timestamp) + DELAY_MILLISECONDS_MAX).toISOString(),
      reportingMTA: `a.${REGION}.amazonses.com`,
      delayedRecipients: delayed.map(({ address }) => ({
        emailAddress: address,
        status: '4.4.1',
        diagnosticCode: 'smtp; 421 4.4.1 Unable to connect to remote host',
      })),
    };
    events.push({ eventType: 'DeliveryDelay', ...common, deliveryDelay });
  }
  const reached = deliveries.filter((delivery) => !isUndelivered(delivery)).map(({ address }) => address);
  if (reached.length > 0) {
    const delivery = {
      timestamp,
      processingTimeMillis: 1,
      recipients: reached,
      smtpResponse: '250 2.0.0 OK',
      reportingMTA: `a.${REGION}.amazonses.com`,
    };
    events.push({ eventType: 'Delivery', ...common, delivery });
  }
  for (const [bounceSubType, { bounceType, ...reason }] of Object.entries(bounces)) {
    const bounced = deliveries.filter(({ outcome }) => outcome === bounceSubType);
    if (bounced.length === 0) continue;
    const bounce = {
      feedbackId: feedbackId(bounceSubType),
      bounceType,
      bounceSubType,
      bouncedRecipients: bounced.map(({ address }) => ({ emailAddress: address, action: 'failed', ...reason })),
      timestamp,
      reportingMTA: 'dns; amazonses.com',
    };
    events.push({ eventType: 'Bounce', ...common, bounce });
  }
  const complained = deliveries.filter(({ outcome }) => outcome === 'complained');
  if (complained.length > 0) {
    const complaint = {
      feedbackId: feedbackId('complaint'),
      complaintSubType: null,
      complainedRecipients: complained.map(({ address }) => ({ emailAddress: address })),
      timestamp,
      userAgent: 'Amazon SES Mailbox Simulator',
      complaintFeedbackType: 'abuse',
      arrivalDate: timestamp,
    };
    events.push({ eventType: 'Complaint', ...common, complaint });
  }
  return events;
}

function mailObject(mail: Mail, source: string, fields: readonly HeaderField[]): SesEvent['mail'] {
  const custom = Object.entries(mail.tags).map(([name, value]) => [name, [value]] as const);
  return {
    timestamp: mail.sentAt,
    messageId: mail.id,
    source,
    sendingAccountId: ACCOUNT_ID,
    destination: mail.to,
    headersTruncated: false,
    headers: fields,
    commonHeaders: {
      from: [mail.from],
      date: mail.headers['date'],
      to: valuesOf(fields, 'to').flatMap(readableAddressesIn),
      messageId: mail.id,
      subject: mail.subject,
    },
    tags: {
      'ses:source-ip': ['127.0.0.1'],
      'ses:from-domain': [domainOf(source)],
      'ses:caller-identity': ['embedded-cloud'],
      ...(mail.configurationSetName && { 'ses:configuration-set': [mail.configurationSetName] }),
      ...Object.fromEntries(custom),
    },
  };
}
