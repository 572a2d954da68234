import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sharedOffset } from '../../../local/clock.ts';
import { provisionMessaging, startMessaging } from '../../../local/messaging/messaging.ts';
import { readAssembly } from '../../../local/template/assembly.ts';
import { readTemplate } from '../../../local/template/template.ts';
import { aFolder, anAssembly } from '../fixtures/assembly.ts';

const queue = (name: string, properties: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: { QueueName: name, ...properties },
});

async function messagingFor(resources: Readonly<Record<string, unknown>>, dataDirectory = aFolder()) {
  const offset = sharedOffset();
  const messaging = await startMessaging(dataDirectory, offset.buffer);
  onTestFinished(() => messaging.close());
  const assembly = readAssembly(anAssembly([{ resources }]));
  const provision = () => provisionMessaging(readTemplate(assembly, { api: '', sqs: messaging.endpoint }), messaging);
  await provision();
  const url = (name: string) => `${messaging.endpoint}/000000000000/${name}`;
  const received = async (name: string) => {
    const answer = await messaging.sqs('AmazonSQS.ReceiveMessage', { QueueUrl: url(name), MaxNumberOfMessages: 10 });
    return ((answer['Messages'] ?? []) as { Body: string }[]).map(({ Body }) => Body);
  };
  return { messaging, offset, url, received, provision };
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
    const end = (accepted: boolean) => () => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}

describe('SQS and SNS', () => {
  it('listen on 127.0.0.1 and on no other address of the machine', async () => {
    const { messaging } = await messagingFor({});
    const port = Number(new URL(messaging.endpoint).port);
    expect(await accepts('127.0.0.1', port)).toBe(true);
    const others = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .map(({ address }) => address)
      .filter((address) => address !== '127.0.0.1');
    for (const host of [...others, '127.0.0.2']) expect([host, await accepts(host, port)]).toEqual([host, false]);
  });

  it('hand a message that was received too often to the dead letters', async () => {
    const { messaging, url, received } = await messagingFor({
      Dead: queue('dead'),
      Work: queue('work', {
        VisibilityTimeout: 0,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 2 },
      }),
    });
    await messaging.sqs('AmazonSQS.SendMessage', { QueueUrl: url('work'), MessageBody: 'poison' });
    expect([await received('work'), await received('work'), await received('work')]).toEqual([
      ['poison'],
      ['poison'],
      [],
    ]);
    expect(await received('dead')).toEqual(['poison']);
  });

  it('count delays and invisibility on the moved clock', async () => {
    const { messaging, offset, url, received } = await messagingFor({
      Work: queue('work', { DelaySeconds: 600, VisibilityTimeout: 900 }),
    });
    await messaging.sqs('AmazonSQS.SendMessage', { QueueUrl: url('work'), MessageBody: 'later' });
    expect(await received('work')).toEqual([]);
    offset.write(601_000);
    expect(await received('work')).toEqual(['later']);
    expect(await received('work')).toEqual([]);
    offset.write(601_000 + 901_000);
    expect(await received('work')).toEqual(['later']);
  });

  it('bring what is published to the subscribed queues, raw where the template says so', async () => {
    const subscription = (name: string, properties: object) => ({
      Type: 'AWS::SNS::Subscription',
      Properties: {
        Protocol: 'sqs',
        TopicArn: { Ref: 'Topic' },
        Endpoint: { 'Fn::GetAtt': [name, 'Arn'] },
        ...properties,
      },
    });
    const { messaging, received } = await messagingFor({
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'bounces' } },
      Raw: queue('raw'),
      Wrapped: queue('wrapped'),
      ToRaw: subscription('Raw', { RawMessageDelivery: true }),
      ToWrapped: subscription('Wrapped', {}),
      ToOperator: {
        Type: 'AWS::SNS::Subscription',
        Properties: { Protocol: 'email', TopicArn: { Ref: 'Topic' }, Endpoint: 'alarms@vern.example' },
      },
    });
    await messaging.send('arn:aws:sns:eu-west-1:000000000000:bounces', '{"eventType":"Bounce"}');
    expect(await received('raw')).toEqual(['{"eventType":"Bounce"}']);
    const [envelope = '{}'] = await received('wrapped');
    expect(JSON.parse(envelope)).toMatchObject({ Type: 'Notification', Message: '{"eventType":"Bounce"}' });
  });

  it('take ten messages for a topic in one call, in their order', async () => {
    const { messaging, received } = await messagingFor({
      Events: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'events' } },
      Work: queue('work'),
      Subscription: {
        Type: 'AWS::SNS::Subscription',
        Properties: {
          Protocol: 'sqs',
          TopicArn: { Ref: 'Events' },
          Endpoint: { 'Fn::GetAtt': ['Work', 'Arn'] },
          RawMessageDelivery: true,
        },
      },
    });
    const bodies = Array.from({ length: 10 }, (_, index) => JSON.stringify({ index, text: 'blåbær & "fløte" <3' }));
    await messaging.publishAll('arn:aws:sns:eu-west-1:000000000000:events', bodies);
    expect(await received('work')).toEqual(bodies);
    await expect(messaging.publishAll('arn:aws:sns:eu-west-1:000000000000:nowhere', bodies)).rejects.toThrow('SNS');
  });

  it('hand out again at once, after a restart, what somebody held when the machine stopped', async () => {
    const dataDirectory = aFolder();
    const resources = { Work: queue('work', { VisibilityTimeout: 900 }) };
    const { messaging, url, received } = await messagingFor(resources, dataDirectory);
    await messaging.sqs('AmazonSQS.SendMessage', { QueueUrl: url('work'), MessageBody: 'held' });
    expect([await received('work'), await received('work')]).toEqual([['held'], []]);
    await messaging.close();
    const again = await messagingFor(resources, dataDirectory);
    expect(await again.received('work')).toEqual(['held']);
  });

  it('keep messages over a restart, and take the settings of a changed template', async () => {
    const folder = aFolder();
    const first = await startMessaging(folder, sharedOffset().buffer);
    await first.sqs('AmazonSQS.CreateQueue', { QueueName: 'work', Attributes: { VisibilityTimeout: '5' } });
    await first.send('arn:aws:sqs:eu-west-1:000000000000:work', 'kept');
    await first.close();
    const { messaging, url, received, provision } = await messagingFor(
      { Work: queue('work', { VisibilityTimeout: 77 }) },
      folder,
    );
    await provision();
    const { Attributes } = await messaging.sqs('AmazonSQS.GetQueueAttributes', {
      QueueUrl: url('work'),
      AttributeNames: ['All'],
    });
    expect(Attributes).toMatchObject({ VisibilityTimeout: '77', QueueArn: 'arn:aws:sqs:eu-west-1:000000000000:work' });
    expect(await received('work')).toEqual(['kept']);
  });

  it('refuse what is neither a queue nor a topic', async () => {
    const { messaging } = await messagingFor({});
    await expect(messaging.send('arn:aws:states:eu-west-1:000000000000:stateMachine:x', '{}')).rejects.toThrow(
      'neither a queue nor a topic',
    );
  });
});
