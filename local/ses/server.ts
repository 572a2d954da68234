import type { Clock } from '../clock.ts';
import { type Answer, type Call, serveCalls } from '../loopback/call-server.ts';
import type { Listening } from '../loopback/listen.ts';
import { QueryForm, queryAnswer, queryProblem, type XmlContent, XmlMap } from '../loopback/query-protocol.ts';
import { accept, MESSAGE_BYTES_MAX, type SesSettings } from './accept.ts';
import { addressesIn } from './address.ts';
import { composed } from './compose.ts';
import { defaultConfigurationSets, type EmailIdentity, identityAnswer } from './email-identity.ts';
import { eventPublisher, type OnEvents } from './event-publisher.ts';
import type { Mail } from './mail.ts';
import { type MailStore, openMailStore } from './mail-store.ts';
import { invalidParameter, SesProblem } from './problem.ts';
import { type Quota, quotaFrom } from './quota.ts';
import type { SendCounts } from './send-counts.ts';
import { suppressionAnswer } from './suppression-list.ts';

export interface EmbeddedSes extends Listening {
  /** All mails, for the mailbox page. */
  readonly mails: MailStore;
}

export interface SesOptions {
  readonly stateDir: string;
  /** 0, the default, takes any free one. */
  readonly port?: number;
  readonly clock: Clock;
  /** Without it nobody comes near it. */
  readonly quota?: Quota;
  /** Verified domains and addresses; without them everyone may send. */
  readonly identities?: readonly string[];
  /** Without them every configuration set exists. */
  readonly configurationSets?: readonly string[];
  /** The rule set that receives mail; there is no choice of another. */
  readonly receiptRuleSet?: string | undefined;
  /** The identities of the template. */
  readonly emailIdentities?: readonly EmailIdentity[];
  /** Called once a mail is kept. */
  readonly onSend?: (mail: Mail) => void;
  /** Gets what becomes of every mail, in order and at least once; a rejection is tried again. */
  readonly onEvents?: OnEvents;
}

const NAMESPACE = 'http://ses.amazonaws.com/doc/2010-12-01/';
/** A message in base64, percent-encoded in the worst case, and the rest of the form. */
const BODY_BYTES_MAX = MESSAGE_BYTES_MAX * 2;

type Action = (
  form: QueryForm,
  ses: SesSettings & Pick<SesOptions, 'onSend' | 'receiptRuleSet'>,
) => Promise<{ [name: string]: XmlContent }>;

/**
 * Amazon SES on 127.0.0.1: of v1 what `@aws-sdk/client-ses` sends (AWS Query), of v2 the suppression list and what is
 * known of an identity.
 * Signatures and permissions are not checked. Everything is kept in `stateDir`.
 */
export async function startSes(options: SesOptions): Promise<EmbeddedSes> {
  const { clock, onSend, onEvents = () => {}, emailIdentities: declared = [] } = options;
  const store = openMailStore(options.stateDir);
  const publisher = eventPublisher(store, onEvents);
  const ses = {
    store,
    clock,
    quota: options.quota ?? quotaFrom({}),
    identities: options.identities,
    configurationSets: options.configurationSets,
    defaultConfigurationSets: defaultConfigurationSets(declared),
    receiptRuleSet: options.receiptRuleSet,
    ...(onSend && { onSend }),
  };
  const server = await serveCalls({
    port: options.port,
    clock,
    bodyBytesMax: BODY_BYTES_MAX,
    answer: async (call) => {
      const answer =
        suppressionAnswer(call, store, clock) ?? identityAnswer(call, declared) ?? (await queryCall(call, ses));
      publisher.wake();
      return answer;
    },
  });
  publisher.wake();
  return {
    ...server,
    mails: store,
    close: async () => {
      await server.close();
      publisher.stop();
      store.close();
    },
  };
}

async function queryCall(call: Call, ses: Parameters<Action>[1]): Promise<Answer> {
  const form = new QueryForm(call.body);
  const name = form.optional('Action') ?? '';
  const action = actions.get(name);
  try {
    if (call.method !== 'POST' || !action) throw new SesProblem('InvalidAction', `Could not find operation ${name}`);
    return queryAnswer(NAMESPACE, name, await action(form, ses));
  } catch (error) {
    if (error instanceof SesProblem) return queryProblem(NAMESPACE, error);
    throw error;
  }
}

const actions = new Map<string, Action>(
  Object.entries({
    SendRawEmail: async (form, ses) => {
      const mail = await accept(
        {
          raw: Buffer.from(required(form, 'RawMessage.Data'), 'base64'),
          source: form.optional('Source'),
          destinations: form.members('Destinations'),
          ...labelsOf(form),
        },
        ses,
      );
      ses.onSend?.(mail);
      return { MessageId: mail.id };
    },

    SendEmail: async (form, ses) => {
      const source = required(form, 'Source');
      const [to, cc, bcc] = ['To', 'Cc', 'Bcc'].map((kind) => form.members(`Destination.${kind}Addresses`));
      const text = form.optional('Message.Body.Text.Data');
      const html = form.optional('Message.Body.Html.Data');
      if (text === undefined && html === undefined) throw invalidParameter('Missing required parameter Message.Body');
      const subject = required(form, 'Message.Subject.Data');
      // Parsed before they are composed: the composer would quietly mend a wrong address.
      const destinations = [...to!, ...cc!, ...bcc!];
      destinations.forEach(addressesIn);
      const replyTo = form.members('ReplyToAddresses');
      const raw = await composed({ from: source, to: to!, cc: cc!, replyTo, subject, text, html });
      const mail = await accept({ raw, source, destinations, ...labelsOf(form) }, ses);
      ses.onSend?.(mail);
      return { MessageId: mail.id };
    },

    GetSendQuota: async (_, { store, clock, quota }) => ({
      Max24HourSend: quota.max24HourSend,
      MaxSendRate: quota.maxSendRate,
      SentLast24Hours: store.sent.inDay(clock.now()),
    }),

    GetSendStatistics: async (_, { store }) => ({ SendDataPoints: dataPoints(store.sent.bySecond()) }),

    DescribeActiveReceiptRuleSet: async (_, { receiptRuleSet }) => ({
      ...(receiptRuleSet !== undefined && { Metadata: { Name: receiptRuleSet } }),
    }),

    GetAccountSendingEnabled: async () => ({ Enabled: true }),

    VerifyEmailIdentity: async (form, { store }) => {
      const [address] = addressesIn(required(form, 'EmailAddress'));
      store.addIdentity(address!);
      return {};
    },

    GetIdentityVerificationAttributes: async (form, { store, identities = [] }) => {
      const verified = new Set([...identities.map((identity) => identity.toLowerCase()), ...store.identities()]);
      const entries = form
        .members('Identities')
        .filter((identity) => verified.has(identity.toLowerCase()))
        .map((identity) => ({ key: identity, value: { VerificationStatus: 'Success' } }));
      return { VerificationAttributes: new XmlMap(entries) };
    },
  } satisfies Record<string, Action>),
);

function required(form: QueryForm, name: string): string {
  const value = form.optional(name);
  if (value) return value;
  throw invalidParameter(`Missing required parameter ${name}`);
}

function labelsOf(form: QueryForm) {
  const values = form.members('Tags', 'Value');
  return {
    tags: new Map(form.members('Tags', 'Name').map((name, index) => [name, values[index] ?? ''])),
    configurationSetName: form.optional('ConfigurationSetName'),
  };
}

const QUARTER_HOUR_SECONDS = 15 * 60;

/** SES sums up what was sent in quarters of an hour. */
function dataPoints(sends: ReturnType<SendCounts['bySecond']>): XmlContent[] {
  const byQuarter = Map.groupBy(sends, ({ epochSecond }) => Math.floor(epochSecond / QUARTER_HOUR_SECONDS));
  return [...byQuarter].map(([quarter, ofQuarter]) => {
    const sum = (name: 'recipients' | 'bounces' | 'complaints' | 'rejects') =>
      ofQuarter.reduce((total, send) => total + send[name], 0);
    return {
      Timestamp: new Date(quarter * QUARTER_HOUR_SECONDS * 1000).toISOString(),
      DeliveryAttempts: sum('recipients'),
      Bounces: sum('bounces'),
      Complaints: sum('complaints'),
      Rejects: sum('rejects'),
    };
  });
}
