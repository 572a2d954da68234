import type { Clock } from '../clock.ts';
import type { QueryForm } from '../loopback/query-protocol.ts';
import type { PhoneStore } from './phone-store.ts';
import { platformOf } from './platform-endpoints.ts';
import { invalidParameter, SnsProblem } from './problem.ts';

/** E.164. */
const phoneNumber = /^\+[1-9]\d{6,14}$/;
/** Ten parts of an SMS (API reference, Publish). */
const SMS_LENGTH_MAX = 1600;
const PUSH_BYTES_MAX = 256 * 1024;
const SENDER_ID_UNKNOWN = 'NOTICE';

/** The token of an app that is gone begins so: the first push is taken, and its platform has the endpoint switched off. */
const GONE_TOKEN_START = 'dead';

/** Whether a call is to a phone: to a number or a device, not to a topic. */
export function isForPhone(form: QueryForm): boolean {
  return form.optional('PhoneNumber') !== undefined || (form.optional('TargetArn') ?? '').includes(':endpoint/');
}

/** SNS's Publish to a number or a device, for which the phone that gets it is a list of messages. */
export function publishToPhone(form: QueryForm, phones: PhoneStore, clock: Clock): { readonly MessageId: string } {
  const message = form.optional('Message');
  if (!message) throw invalidParameter('Empty message');
  const number = form.optional('PhoneNumber');
  const sentAt = new Date(clock.now()).toISOString();
  return {
    MessageId:
      number === undefined
        ? push(form, message, phones, sentAt)
        : sms(number, message, senderIn(form) ?? SENDER_ID_UNKNOWN, phones, sentAt),
  };
}

function sms(number: string, text: string, from: string, phones: PhoneStore, sentAt: string): string {
  if (!phoneNumber.test(number)) {
    throw invalidParameter(`PhoneNumber Reason: ${number} is not valid to publish to`);
  }
  if (text.length > SMS_LENGTH_MAX) throw invalidParameter('Message too long');
  return phones.add({ channel: 'sms', to: number, from, title: '', text, sentAt });
}

function senderIn(form: QueryForm): string | undefined {
  return form.entries('MessageAttributes', 'Name', 'Value.StringValue').get('AWS.SNS.SMS.SenderID');
}

function push(form: QueryForm, message: string, phones: PhoneStore, sentAt: string): string {
  if (Buffer.byteLength(message) > PUSH_BYTES_MAX) throw invalidParameter('Message too long');
  const endpoint = phones.find(form.optional('TargetArn') ?? '');
  if (!endpoint) {
    throw invalidParameter('TargetArn Reason: No endpoint found for the target arn specified');
  }
  if (!endpoint.isEnabled) throw new SnsProblem('EndpointDisabled', 400, 'Endpoint is disabled');
  const platform = platformOf(endpoint.arn);
  const shown =
    form.optional('MessageStructure') === 'json' ? shownOn(platform, message) : { title: '', text: message };
  if (endpoint.token.startsWith(GONE_TOKEN_START)) phones.put({ ...endpoint, isEnabled: false });
  return phones.add({ channel: 'push', to: endpoint.token, from: platform, ...shown, sentAt });
}

/** What the phone shows: of the part for its platform, or of the default. */
function shownOn(platform: string, message: string): { readonly title: string; readonly text: string } {
  const parts: unknown = parsed(message);
  const byPlatform = Object(parts) as Readonly<Record<string, unknown>>;
  if (typeof byPlatform['default'] !== 'string') {
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  }
  const own = byPlatform[platform];
  if (own === undefined) return { title: '', text: byPlatform['default'] };
  if (typeof own !== 'string') throw invalidParameter('Message Structure - JSON message body failed to parse');
  const payload: unknown = parsed(own);
  const alert = platform.startsWith('APNS')
    ? Object(Object(payload)['aps'])['alert']
    : (Object(Object(Object(payload)['fcmV1Message'])['message'])['notification'] ?? Object(payload)['notification']);
  return typeof alert === 'string'
    ? { title: '', text: alert }
    : { title: String(Object(alert)['title'] ?? ''), text: String(Object(alert)['body'] ?? '') };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
}
