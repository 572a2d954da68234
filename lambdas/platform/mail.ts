import { type MessageTag, SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { isNeverConnected, outcomeOfFailure } from './call-failure.ts';
import { credentialsFromEnvironment } from './credentials.ts';

export interface Mail {
  /** RFC 5322 octets; at most 10 MB. */
  readonly raw: Uint8Array;
  readonly senderAddress: string;
  readonly recipientAddress: string;
  /** Tags the mail in SES's events; nothing else about it leaves with the tag (KP-08). */
  readonly noticeId: string;
}

/** One mail of many: its tag says which. */
export type JobMail = Omit<Mail, 'noticeId'> & { readonly jobTag: string };

/** What is known after one try. `unknown`: it may be on its way or not (a timeout), so it must not be sent again at once. */
export type MailOutcome =
  | { readonly outcome: 'accepted'; readonly sesMessageId: string }
  | { readonly outcome: 'refused' | 'later' | 'unknown' };

/** The one outbound door for mail (SES v1 SendRawEmail): it gets the recipient's address and the message, nothing more. */
export type SendMail = (mail: Mail) => Promise<MailOutcome>;
export type SendJobMail = (mail: JobMail) => Promise<MailOutcome>;

const CONNECT_MILLISECONDS_MAX = 3_000;
/** While no connection came about nothing was sent, so trying again at once is safe. */
const CONNECTIONS_MAX = 3;
const ANSWER_MILLISECONDS_MAX = 10_000;

/** SES has no idempotency token: a second try is ours to decide, never the SDK's. */
export const sesClient = () =>
  new SESClient({
    credentials: credentialsFromEnvironment,
    maxAttempts: 1,
    // Without `throwOnRequestTimeout` the handler only warns and goes on waiting.
    requestHandler: {
      connectionTimeout: CONNECT_MILLISECONDS_MAX,
      requestTimeout: ANSWER_MILLISECONDS_MAX,
      throwOnRequestTimeout: true,
    },
  });

/** `configurationSet` is what demands TLS and tells the events; without it the domain's default one does. */
export const mailer =
  (client: Pick<SESClient, 'send'>, configurationSet?: string): SendMail =>
  ({ noticeId, ...mail }) =>
    send(client, configurationSet, mail, { Name: 'notice', Value: noticeId });

/** The same for one mail of many. */
export const jobMailer =
  (client: Pick<SESClient, 'send'>, configurationSet?: string): SendJobMail =>
  ({ jobTag, ...mail }) =>
    send(client, configurationSet, mail, { Name: 'job', Value: jobTag });

async function send(
  client: Pick<SESClient, 'send'>,
  configurationSet: string | undefined,
  { raw, senderAddress, recipientAddress }: Omit<Mail, 'noticeId'>,
  tag: MessageTag,
): Promise<MailOutcome> {
  const command = () =>
    new SendRawEmailCommand({
      Source: senderAddress,
      Destinations: [recipientAddress],
      RawMessage: { Data: raw },
      Tags: [tag],
      ConfigurationSetName: configurationSet,
    });
  for (let connection = 1; ; connection++) {
    try {
      const { MessageId } = await client.send(command());
      return MessageId === undefined ? { outcome: 'unknown' } : { outcome: 'accepted', sesMessageId: MessageId };
    } catch (error) {
      if (isNeverConnected(error) && connection < CONNECTIONS_MAX) continue;
      return { outcome: outcomeOfFailure(error, REFUSALS) };
    }
  }
}

/** The bare address in a sender such as `Vern <notices@vern.example>`; the display name is another in each mail. */
export const addressIn = (sender: string): string => /<([^<>]+)>$/.exec(sender)?.[1] ?? sender;

/** SES answered, so the mail is not on its way; and no later try with this address or message can succeed. */
const REFUSALS = new Set(['InvalidParameterValue', 'InvalidParameterValueException']);
