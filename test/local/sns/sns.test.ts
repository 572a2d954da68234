import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreatePlatformEndpointCommand,
  DeleteEndpointCommand,
  GetEndpointAttributesCommand,
  ListTopicsCommand,
  PublishCommand,
  SetEndpointAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Clock } from '../../../local/clock.ts';
import { sharedOffset } from '../../../local/clock.ts';
import { startMessaging } from '../../../local/messaging/messaging.ts';
import { startSns } from '../../../local/sns/server.ts';

const clock: Clock = { now: () => Date.parse('2026-11-21T12:00:00Z'), offsetMilliseconds: 0 };
const aFolder = () => mkdtempSync(join(tmpdir(), 'vern-sns-'));
const NOBODY = 'http://127.0.0.1:9';
const apple = 'arn:aws:sns:eu-west-1:000000000000:app/APNS/vern-dev';
const google = 'arn:aws:sns:eu-west-1:000000000000:app/GCM/vern-dev';

async function started(stateDir = aFolder(), topicsEndpoint = NOBODY) {
  const sns = await startSns({ stateDir, clock, topicsEndpoint });
  onTestFinished(() => sns.close());
  const client = new SNSClient({
    endpoint: sns.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const endpointFor = async (Token: string, PlatformApplicationArn = apple) => {
    const made = await client.send(new CreatePlatformEndpointCommand({ PlatformApplicationArn, Token }));
    return String(made.EndpointArn);
  };
  return { sns, client, endpointFor };
}

const refused = (name: string) => expect.objectContaining({ name });

describe('an SMS', () => {
  const sms = (PhoneNumber: string, Message = 'Noe venter på deg: æøå') =>
    new PublishCommand({
      PhoneNumber,
      Message,
      MessageAttributes: { 'AWS.SNS.SMS.SenderID': { DataType: 'String', StringValue: 'Vern' } },
    });

  it('comes to its number, with the sender that it names', async () => {
    const { sns, client } = await started();
    const { MessageId } = await client.send(sms('+4790000001'));
    expect(sns.phones.list()).toEqual([
      {
        id: MessageId,
        channel: 'sms',
        to: '+4790000001',
        from: 'Vern',
        title: '',
        text: 'Noe venter på deg: æøå',
        sentAt: '2026-11-21T12:00:00.000Z',
      },
    ]);
  });

  it.each(['90000001', '+0790000001', '+47 900 00 001', '+47', 'ola@example.org'])(
    'is refused for %s, which is no number',
    async (number) => {
      const { sns, client } = await started();
      await expect(client.send(sms(number))).rejects.toEqual(refused('InvalidParameterException'));
      expect(sns.phones.list()).toEqual([]);
    },
  );

  it('is refused when it is empty or longer than ten parts', async () => {
    const { client } = await started();
    for (const text of ['', 'x'.repeat(1601)]) {
      await expect(client.send(sms('+4790000001', text))).rejects.toEqual(refused('InvalidParameterException'));
    }
    await client.send(sms('+4790000001', 'x'.repeat(1600)));
  });
});

describe('a device', () => {
  it('has one endpoint for one token, until something else is wanted of it', async () => {
    const { client, endpointFor } = await started();
    const arn = await endpointFor('ab12');
    expect(arn).toMatch(/^arn:aws:sns:eu-west-1:000000000000:endpoint\/APNS\/vern-dev\/[0-9a-f-]{36}$/);
    expect(await endpointFor('ab12')).toBe(arn);
    expect(await endpointFor('ab13')).not.toBe(arn);
    const other = new CreatePlatformEndpointCommand({
      PlatformApplicationArn: apple,
      Token: 'ab12',
      CustomUserData: 'x',
    });
    await expect(client.send(other)).rejects.toThrow(`Endpoint ${arn} already exists with the same Token`);
  });

  it('is refused where there is no application, or where its token is none of the platform’s', async () => {
    const { endpointFor } = await started();
    await expect(endpointFor('ab12', apple.replace('APNS', 'ADM'))).rejects.toEqual(refused('NotFoundException'));
    await expect(endpointFor('no hex')).rejects.toEqual(refused('InvalidParameterException'));
    await expect(endpointFor('')).rejects.toEqual(refused('InvalidParameterException'));
    await expect(endpointFor('fcm:any-letters_at.all', google)).resolves.toContain(':endpoint/GCM/vern-dev/');
  });

  it('changes its token, is switched off and on, and goes, all over a restart', async () => {
    const stateDir = aFolder();
    const first = await started(stateDir);
    const EndpointArn = await first.endpointFor('ab12');
    const Attributes = { Token: 'cd34', Enabled: 'false' };
    await first.client.send(new SetEndpointAttributesCommand({ EndpointArn, Attributes }));
    await first.sns.close();
    const { client } = await started(stateDir);
    const shown = await client.send(new GetEndpointAttributesCommand({ EndpointArn }));
    expect(shown.Attributes).toEqual(Attributes);
    await client.send(new DeleteEndpointCommand({ EndpointArn }));
    await client.send(new DeleteEndpointCommand({ EndpointArn }));
    await expect(client.send(new GetEndpointAttributesCommand({ EndpointArn }))).rejects.toEqual(
      refused('NotFoundException'),
    );
  });
});

describe('a push', () => {
  const push = (TargetArn: string, message: object | string) =>
    new PublishCommand({
      TargetArn,
      Message: typeof message === 'string' ? message : JSON.stringify(message),
      ...(typeof message === 'object' && { MessageStructure: 'json' }),
    });
  const forBoth = {
    default: 'Noe nytt',
    APNS: JSON.stringify({ aps: { alert: { title: 'Vern', body: 'Noe venter' } } }),
    GCM: JSON.stringify({ fcmV1Message: { message: { notification: { title: 'Vern', body: 'Noe venter her' } } } }),
  };

  it('shows what is meant for the device’s own platform', async () => {
    const { sns, client, endpointFor } = await started();
    await client.send(push(await endpointFor('ab12'), forBoth));
    await client.send(push(await endpointFor('fcm:1', google), forBoth));
    await client.send(push(await endpointFor('ab12', apple.replace('APNS', 'APNS_SANDBOX')), forBoth));
    await client.send(push(await endpointFor('ab12'), 'Bare tekst'));
    const came = sns.phones.list().reverse();
    expect(came.map(({ to, from, title, text }) => [to, from, title, text])).toEqual([
      ['ab12', 'APNS', 'Vern', 'Noe venter'],
      ['fcm:1', 'GCM', 'Vern', 'Noe venter her'],
      ['ab12', 'APNS_SANDBOX', '', 'Noe nytt'],
      ['ab12', 'APNS', '', 'Bare tekst'],
    ]);
    expect(sns.phones.list({ to: 'fcm:1' })).toHaveLength(1);
  });

  it('is refused without a default, for a device that is gone, and for one that is switched off', async () => {
    const { client, endpointFor } = await started();
    const arn = await endpointFor('ab12');
    await expect(client.send(push(arn, { APNS: forBoth.APNS }))).rejects.toEqual(refused('InvalidParameterException'));
    await client.send(new SetEndpointAttributesCommand({ EndpointArn: arn, Attributes: { Enabled: 'false' } }));
    await expect(client.send(push(arn, forBoth))).rejects.toEqual(refused('EndpointDisabledException'));
    await client.send(new DeleteEndpointCommand({ EndpointArn: arn }));
    await expect(client.send(push(arn, forBoth))).rejects.toEqual(refused('InvalidParameterException'));
  });

  it('to an app that is gone is taken once, and then its device is switched off', async () => {
    const { client, endpointFor } = await started();
    const arn = await endpointFor('dead01');
    await client.send(push(arn, forBoth));
    await expect(client.send(push(arn, forBoth))).rejects.toEqual(refused('EndpointDisabledException'));
  });
});

describe('a topic', () => {
  it('is the other engine’s, through the same address', async () => {
    const messaging = await startMessaging(aFolder(), sharedOffset().buffer);
    onTestFinished(() => messaging.close());
    await messaging.sns('CreateTopic', { Name: 'events' });
    const { client } = await started(aFolder(), messaging.endpoint);
    const TopicArn = 'arn:aws:sns:eu-west-1:000000000000:events';
    expect((await client.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn }]);
    expect((await client.send(new PublishCommand({ TopicArn, Message: 'x' }))).MessageId).toBeDefined();
    await expect(client.send(new PublishCommand({ TopicArn: `${TopicArn}-2`, Message: 'x' }))).rejects.toEqual(
      refused('NotFoundException'),
    );
  });
});
