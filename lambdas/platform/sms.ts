import type { SNSClient } from '@aws-sdk/client-sns';
import { publish, type SnsOutcome } from './sns.ts';

/** The supplier gets the number and the message, nothing more (KP-08). */
export interface Sms {
  /** E.164. */
  readonly number: string;
  /** One part of a message: see `shortText`. */
  readonly text: string;
}

/** The one outbound door for SMS (SNS Publish to a phone number). */
export type SendSms = (sms: Sms) => Promise<SnsOutcome>;

/** What the phone shows as the sender: at most 11 letters and digits. */
const SENDER_ID = 'Vern';
/** In US dollars: a number in a far country must not cost what a hundred others do. */
const PRICE_MAX = '0.25';

const attribute = (StringValue: string, DataType: 'String' | 'Number' = 'String') => ({ DataType, StringValue });

export const smsSender =
  (client: Pick<SNSClient, 'send'>): SendSms =>
  ({ number, text }) =>
    publish(client, {
      PhoneNumber: number,
      Message: text,
      MessageAttributes: {
        'AWS.SNS.SMS.SenderID': attribute(SENDER_ID),
        'AWS.SNS.SMS.SMSType': attribute('Transactional'),
        'AWS.SNS.SMS.MaxPrice': attribute(PRICE_MAX, 'Number'),
      },
    });
