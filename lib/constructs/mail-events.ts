import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnConfigurationSetEventDestination } from 'aws-cdk-lib/aws-ses';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { MailStack } from '../mail-stack.ts';
import type { Stage } from '../stages.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import type { Queues } from './queues.ts';

/** What becomes of a mail. Opens and clicks are not among them: who reads what is none of our business. */
const EVENT_TYPES = ['SEND', 'DELIVERY', 'DELIVERY_DELAY', 'BOUNCE', 'COMPLAINT', 'REJECT', 'RENDERING_FAILURE'];

interface MailEventsProps {
  readonly stage: Stage;
  readonly mail: MailStack;
  readonly encryption: EncryptionKeys;
  readonly queues: Queues;
}

/** SES tells a topic what became of each mail, and the topic the queue: nobody else writes to either. */
export class MailEvents extends Construct {
  constructor(scope: Construct, id: string, { stage, mail, encryption, queues }: MailEventsProps) {
    super(scope, id);
    const { configurationSetName } = mail;
    const topic = new Topic(this, 'Topic', {
      topicName: `vern-${stage.name}-mail-events`,
      masterKey: encryption.mailEvents,
      enforceSSL: true,
    });
    const { account } = Stack.of(this);
    const configurationSetArn = Stack.of(this).formatArn({
      service: 'ses',
      resource: 'configuration-set',
      resourceName: configurationSetName,
    });
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('ses.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': configurationSetArn } },
      }),
    );
    this.#bringTo(queues.byName.mailEvents.queue, topic);
    const destination = new CfnConfigurationSetEventDestination(this, 'Destination', {
      configurationSetName,
      eventDestination: {
        name: 'what-became-of-it',
        enabled: true,
        matchingEventTypes: EVENT_TYPES,
        snsDestination: { topicArn: topic.topicArn },
      },
    });
    // SES tries the topic when it is named.
    destination.node.addDependency(topic);
  }

  /** Not by CDK's own subscription: it would name the topic in the policy of the key that the topic is made with. */
  #bringTo(queue: Queue, topic: Topic) {
    queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('sns.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': topic.topicArn } },
      }),
    );
    new CfnSubscription(this, 'Subscription', {
      topicArn: topic.topicArn,
      protocol: 'sqs',
      endpoint: queue.queueArn,
      rawMessageDelivery: true,
    });
  }
}
