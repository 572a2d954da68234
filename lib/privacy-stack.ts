import { Duration, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { ApiStack } from './api-stack.ts';
import { type Catalogue, isCalledByUserPool } from './catalogue.ts';
import type { Bundles } from './constructs/bundles.ts';
import { Monitoring } from './constructs/monitoring.ts';
import { Triggers } from './constructs/triggers.ts';
import { worker } from './constructs/worker.ts';
import type { DataStack } from './data-stack.ts';
import type { Stage } from './stages.ts';

export interface PrivacyStackProps extends StackProps {
  readonly stage: Stage;
  readonly catalogue: Catalogue;
  readonly bundles: Bundles;
  readonly data: DataStack;
  readonly api: ApiStack;
}

/** The workers with what wakes them, the queue of what they could not do, and the eyes on all of it. */
export class PrivacyStack extends Stack {
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { stage, catalogue, bundles, data, api, ...props }: PrivacyStackProps) {
    super(scope, id, props);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      queueName: `vern-${stage.name}-dead-letters`,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: data.encryption.operations,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      // Records of streams are positions and keys, never contents; after two weeks nobody can act on them.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this.deadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is the dead-letter queue itself, named by event sources and schedules',
    });

    const functions = new Map<string, LambdaFunction>([...data.functions, ...api.functions]);
    for (const [name, declared] of Object.entries(catalogue.workers)) {
      if (isCalledByUserPool(declared)) continue;
      const fn = worker(this, name, { stage, declared, bundles, data });
      new Triggers(fn, 'Triggers', { fn, triggers: declared.triggers, deadLetters: this.deadLetters, data });
      functions.set(name, fn);
    }
    new Monitoring(this, 'Monitoring', { stage, catalogue, data, functions, deadLetters: this.deadLetters });
  }
}
