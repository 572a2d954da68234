import { SNSServiceException } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { pushApplicationsFrom, pushEndpoints, pushSender } from '../../lambdas/platform/push.ts';
import { smsSender } from '../../lambdas/platform/sms.ts';

const ENDPOINT = 'arn:aws:sns:eu-west-1:111122223333:endpoint/APNS/vern/7c1d';

/** SNS's answers by the name of the command, or its failures; what it was asked is kept. */
function sns(answers: Readonly<Record<string, object | Error>>) {
  const asked: { name: string; input: Record<string, unknown> }[] = [];
  const client = {
    async send(command: { input: Record<string, unknown> }) {
      const { name } = command.constructor;
      asked.push({ name, input: command.input });
      const answer = answers[name];
      if (answer === undefined) throw new Error(`an unexpected ${name}`);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as unknown as Parameters<typeof smsSender>[0];
  return { client, asked };
}
const failure = (name: string, httpStatusCode: number) =>
  new SNSServiceException({ name, $fault: httpStatusCode < 500 ? 'client' : 'server', $metadata: { httpStatusCode } });
const published = { PublishCommand: { MessageId: 'sns-1' } };

describe('sending an SMS', () => {
  it('gives SNS the number and the message, nothing more (KP-08)', async () => {
    const { client, asked } = sns(published);
    expect(await smsSender(client)({ number: '+4790000000', text: 'Vern: Et oppslag venter på deg.' })).toBe(
      'accepted',
    );
    expect(asked).toEqual([
      {
        name: 'PublishCommand',
        input: {
          PhoneNumber: '+4790000000',
          Message: 'Vern: Et oppslag venter på deg.',
          MessageAttributes: {
            'AWS.SNS.SMS.SenderID': { DataType: 'String', StringValue: 'Vern' },
            'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
            'AWS.SNS.SMS.MaxPrice': { DataType: 'Number', StringValue: '0.25' },
          },
        },
      },
    ]);
  });

  it.each([
    ['refused', 'a number that is none', failure('InvalidParameterException', 400)],
    ['refused', 'a phone whose owner wants no more', failure('OptedOutException', 400)],
    ['later', 'throttling', failure('ThrottledException', 429)],
    ['later', 'missing rights', failure('AuthorizationErrorException', 403)],
    ['later', 'no connection', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
    ['unknown', 'a failure inside SNS', failure('InternalErrorException', 500)],
    ['unknown', 'a timeout', Object.assign(new Error('timed out'), { name: 'TimeoutError' })],
    ['unknown', 'an answer without an id', {}],
  ])('is %s after %s, and not tried again by itself', async (outcome, _, answer) => {
    const { client, asked } = sns({ PublishCommand: answer });
    expect(await smsSender(client)({ number: '+4790000000', text: 'x' })).toBe(outcome);
    expect(asked).toHaveLength(1);
  });
});

describe('sending a push', () => {
  it('gives every platform the same few words, and no id (KP-09)', async () => {
    const { client, asked } = sns(published);
    expect(await pushSender(client)({ endpointArn: ENDPOINT, title: 'Vern', body: 'Noe venter.' })).toBe('accepted');
    const { TargetArn, MessageStructure, Message } = asked[0]!.input;
    expect({ TargetArn, MessageStructure }).toEqual({ TargetArn: ENDPOINT, MessageStructure: 'json' });
    const parts = JSON.parse(String(Message)) as Record<string, string>;
    const apple = { aps: { alert: { title: 'Vern', body: 'Noe venter.' }, sound: 'default' } };
    expect(parts['default']).toBe('Noe venter.');
    expect(JSON.parse(parts['APNS']!)).toEqual(apple);
    expect(JSON.parse(parts['APNS_SANDBOX']!)).toEqual(apple);
    expect(JSON.parse(parts['GCM']!)).toEqual({
      fcmV1Message: {
        message: { notification: { title: 'Vern', body: 'Noe venter.' }, android: { collapse_key: 'vern' } },
      },
    });
  });

  it.each(['EndpointDisabledException', 'NotFoundException'])('is refused for good after %s', async (name) => {
    const { client } = sns({ PublishCommand: failure(name, 400) });
    expect(await pushSender(client)({ endpointArn: ENDPOINT, title: 'Vern', body: 'x' })).toBe('refused');
  });
});

describe('the endpoints of devices', () => {
  const applications = pushApplicationsFrom('{"apple":"arn:aws:sns:eu-west-1:111122223333:app/APNS/vern"}');

  it('are made by the platform’s application, and switched on', async () => {
    const { client, asked } = sns({
      CreatePlatformEndpointCommand: { EndpointArn: ENDPOINT },
      SetEndpointAttributesCommand: {},
    });
    expect(await pushEndpoints(client, applications).register('apple', 'a1b2')).toBe(ENDPOINT);
    expect(asked.map(({ input }) => input)).toEqual([
      { PlatformApplicationArn: applications.apple, Token: 'a1b2' },
      { EndpointArn: ENDPOINT, Attributes: { Token: 'a1b2', Enabled: 'true' } },
    ]);
  });

  it('that were made before are switched on again, also where SNS refuses because one was changed', async () => {
    const exists = failure('InvalidParameterException', 400);
    exists.message = `Invalid parameter: Token Reason: Endpoint ${ENDPOINT} already exists with the same Token, but different attributes.`;
    const { client, asked } = sns({ CreatePlatformEndpointCommand: exists, SetEndpointAttributesCommand: {} });
    expect(await pushEndpoints(client, applications).register('apple', 'a1b2')).toBe(ENDPOINT);
    expect(asked.at(-1)?.input).toEqual({ EndpointArn: ENDPOINT, Attributes: { Token: 'a1b2', Enabled: 'true' } });
  });

  it('are not made for a platform that the stage has no app of', async () => {
    const { client, asked } = sns({});
    expect(await pushEndpoints(client, applications).register('google', 'a1b2')).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('are not made of what is no token', async () => {
    const { client } = sns({ CreatePlatformEndpointCommand: failure('InvalidParameterException', 400) });
    expect(await pushEndpoints(client, applications).register('apple', 'a1b2')).toBeUndefined();
  });

  it('may fail, which says nothing of the token', async () => {
    const { client } = sns({ CreatePlatformEndpointCommand: failure('InternalErrorException', 500) });
    await expect(pushEndpoints(client, applications).register('apple', 'a1b2')).rejects.toMatchObject({
      name: 'InternalErrorException',
    });
  });

  it.each([
    [true, {}],
    [false, failure('NotFoundException', 404)],
  ])('exist: %s', async (exists, answer) => {
    const { client } = sns({ GetEndpointAttributesCommand: answer });
    expect(await pushEndpoints(client, applications).exists(ENDPOINT)).toBe(exists);
  });

  it('are removed', async () => {
    const { client, asked } = sns({ DeleteEndpointCommand: {} });
    await pushEndpoints(client, applications).remove(ENDPOINT);
    expect(asked).toEqual([{ name: 'DeleteEndpointCommand', input: { EndpointArn: ENDPOINT } }]);
  });
});
