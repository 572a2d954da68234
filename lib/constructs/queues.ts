import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type QueueName, queues, RECEIVES_MAX } from '../../lambdas/platform/queues.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Stage } from '../stages.ts';
import type { EncryptionKeys } from './encryption-keys.ts';

/** As a multiple of the worker's timeout (Lambda developer guide, "Configuring a queue to use with Lambda"). */
const VISIBILITY_TIMEOUTS = 6;

export interface QueueWithDeadLetters {
  readonly queue: Queue;
  readonly deadLetters: Queue;
}

interface QueuesProps {
  readonly stage: Stage;
  readonly catalogue: Catalogue;
  readonly encryption: EncryptionKeys;
}

/** The declared queues: each encrypted, by TLS alone, and with dead letters of its own. */
export class Queues extends Construct {
  readonly byName: Readonly<Record<QueueName, QueueWithDeadLetters>>;

  constructor(scope: Construct, id: string, { stage, catalogue, encryption }: QueuesProps) {
    super(scope, id);
    const made = (name: QueueName): QueueWithDeadLetters => {
      const { key, keptDays } = queues[name];
      const queueName = `vern-${stage.name}-${kebabCase(name)}`;
      const common = {
        encryption: QueueEncryption.KMS,
        encryptionMasterKey: encryption[key],
        enforceSSL: true,
        retentionPeriod: Duration.days(keptDays),
        // Messages on their way, of which the tables know: nothing that must outlive the stack.
        removalPolicy: RemovalPolicy.DESTROY,
      };
      const deadLetters = new Queue(this, `${name}DeadLetters`, { ...common, queueName: `${queueName}-dead-letters` });
      Validations.of(deadLetters).acknowledge({
        id: 'AwsSolutions-SQS3',
        reason: `It is the dead-letter queue of ${queueName} itself`,
      });
      const queue = new Queue(this, name, {
        ...common,
        queueName,
        visibilityTimeout: visibilityOf(name, catalogue),
        deadLetterQueue: { queue: deadLetters, maxReceiveCount: RECEIVES_MAX },
      });
      return { queue, deadLetters };
    };
    this.byName = {
      mailEvents: made('mailEvents'),
      distribution: made('distribution'),
      alarmSteps: made('alarmSteps'),
      webhooks: made('webhooks'),
    };
  }
}

/** A message that a worker holds must not come to another before the first has certainly ended. */
function visibilityOf(name: QueueName, { workers }: Catalogue): Duration {
  const seconds = Object.values(workers).flatMap(({ triggers, timeoutSeconds }) =>
    triggers.flatMap((trigger) =>
      'queue' in trigger && trigger.queue === name
        ? VISIBILITY_TIMEOUTS * timeoutSeconds + (trigger.gatheredSeconds ?? 0)
        : [],
    ),
  );
  return Duration.seconds(Math.max(30, ...seconds));
}

const kebabCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
