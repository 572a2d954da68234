import { ACCOUNT_ID, REGION } from '../account.ts';
import { domainOf, readableAddressesIn } from './address.ts';
import type { Mail } from './mail.ts';
import { type HeaderField, valuesOf } from './mime.ts';

/**
 * What becomes of a mail to one recipient. The reserved addresses are those of Amazon's mailbox simulator
 * (SES developer guide, "Using the mailbox simulator"); a label may follow a plus sign.
 */
export type Outcome = 'delivered' | 'complained' | 'General' | 'Suppressed' | 'OnAccountSuppressionList';

export interface Delivery {
  readonly address: string;
  readonly outcome: Outcome;
}

export function outcomeFor(address: string, isSuppressed: boolean): Outcome {
  if (domainOf(address) === 'simulator.amazonses.com') {
    const [name] = address.toLowerCase().split(/[+@]/);
    if (name === 'bounce') return 'General';
    if (name === 'complaint') return 'complained';
    if (name === 'suppressionlist') return 'Suppressed';
    return 'delivered';
  }
  return isSuppressed ? 'OnAccountSuppressionList' : 'delivered';
}

export function isBounce({ outcome }: Delivery): boolean {
  return outcome !== 'delivered' && outcome !== 'complained';
}

const bounceReasons = {
  General: { status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
  Suppressed: {
    status: '5.1.1',
    diagnosticCode: 'Amazon SES has suppressed sending to this address because it has a recent history of bouncing',
  },
  OnAccountSuppressionList: {
    status: '5.1.1',
    diagnosticCode:
      'Amazon SES did not send the message to this address because it is on the suppression list for your account.',
  },
} as const;

export function reasonFor(outcome: Outcome): string {
  return outcome in bounceReasons ? bounceReasons[outcome as keyof typeof bounceReasons].diagnosticCode : '';
}

/** An event as SES publishes it to SNS (SES developer guide, "Event data that Amazon SES publishes"). */
export interface SesEvent {
  readonly eventType: 'Send' | 'Delivery' | 'Bounce' | 'Complaint';
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

/** Send, then what became of it: Delivery, Bounce by kind, Complaint. */
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

  const reached = deliveries.filter((delivery) => !isBounce(delivery)).map(({ address }) => address);
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
  for (const [bounceSubType, reason] of Object.entries(bounceReasons)) {
    const bounced = deliveries.filter(({ outcome }) => outcome === bounceSubType);
    if (bounced.length === 0) continue;
    const bounce = {
      feedbackId: feedbackId(bounceSubType),
      bounceType: 'Permanent',
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
