import { join } from 'node:path';
import { GetSendQuotaCommand, SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { expect, it, onTestFinished } from 'vitest';
import { startEmbeddedCloud } from '../../../local/embedded-cloud.ts';
import type { SesEvent } from '../../../local/ses/simulator.ts';
import { aFolder, aFunction, anAssembly } from '../fixtures/assembly.ts';
import { recordingHandler } from '../fixtures/cloud.ts';
import { recorded } from '../fixtures/recorded.ts';

const patiently = { timeout: 10_000 };
const destination = (ConfigurationSetName: string, MatchingEventTypes: readonly string[], topic: string) => ({
  Type: 'AWS::SES::ConfigurationSetEventDestination',
  Properties: {
    ConfigurationSetName,
    EventDestination: { Enabled: true, MatchingEventTypes, SnsDestination: { TopicARN: { Ref: topic } } },
  },
});

it('What SES says of a domain’s mails comes to the worker: of its default configuration set, and of the types wanted', async () => {
  const file = join(aFolder(), 'events');
  const resources = {
    Ours: { Type: 'AWS::SES::ConfigurationSet', Properties: { Name: 'ours' } },
    Others: { Type: 'AWS::SES::ConfigurationSet', Properties: { Name: 'others' } },
    Domain: {
      Type: 'AWS::SES::EmailIdentity',
      Properties: { EmailIdentity: 'vern.example', ConfigurationSetAttributes: { ConfigurationSetName: 'ours' } },
    },
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'mail-events' } },
    OurEvents: destination('ours', ['SEND', 'DELIVERY_DELAY', 'BOUNCE'], 'Topic'),
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'mail-events' } },
    Subscription: {
      Type: 'AWS::SNS::Subscription',
      Properties: {
        Protocol: 'sqs',
        TopicArn: { Ref: 'Topic' },
        Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] },
        RawMessageDelivery: true,
      },
    },
    Watcher: aFunction('watcher', { Environment: { Variables: { FILE: file } } }),
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: 'Watcher' },
        EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
        BatchSize: 100,
        MaximumBatchingWindowInSeconds: 1,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 2 },
      },
    },
  };
  const outdir = anAssembly([{ resources }], { watcher: recordingHandler() });
  const mailQuota = { maxSendRate: 14, max24HourSend: 200 };
  const cloud = await startEmbeddedCloud({ outdir, stateDir: aFolder(), mailQuota });
  onTestFinished(() => cloud.close());
  const { ses, region, accessKeyId, secretAccessKey } = cloud.endpoints;
  const client = new SESClient({ endpoint: ses, region, credentials: { accessKeyId, secretAccessKey } });

  const send = (to: string, ConfigurationSetName?: string) => {
    const Data = Buffer.from(['From: notices@vern.example', `To: ${to}`, 'Subject: Hei', '', 'Hei'].join('\r\n'));
    const Tags = [{ Name: 'notice', Value: 'ntc_1' }];
    return client.send(new SendRawEmailCommand({ RawMessage: { Data }, Tags, ConfigurationSetName }));
  };
  await send('ola@example.org', 'others');
  await send('success+delayed@simulator.amazonses.com');
  await send('bounce+full@simulator.amazonses.com');

  const told = () =>
    recorded<{ Records: { body: string }[] }>(file)
      .flatMap(({ Records }) => Records.map(({ body }) => JSON.parse(body) as SesEvent))
      .map(({ eventType, mail }) => `${mail.destination[0]?.split('@')[0]} ${eventType} ${mail.tags['notice']?.[0]}`);
  await expect
    .poll(() => told().sort(), patiently)
    .toEqual([
      'bounce+full Bounce ntc_1',
      'bounce+full Send ntc_1',
      'success+delayed DeliveryDelay ntc_1',
      'success+delayed Send ntc_1',
    ]);
  expect(await client.send(new GetSendQuotaCommand({}))).toMatchObject({
    MaxSendRate: 14,
    Max24HourSend: 200,
    SentLast24Hours: 3,
  });
});
