import { Stack, type StackProps } from 'aws-cdk-lib';
import { UserPoolOperation } from 'aws-cdk-lib/aws-cognito';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { UserPoolTrigger } from '../lambdas/functions/catalogue.ts';
import { type Catalogue, isCalledByUserPool } from './catalogue.ts';
import { ApiAddress } from './constructs/api-address.ts';
import { Buckets } from './constructs/buckets.ts';
import type { Bundles } from './constructs/bundles.ts';
import { EncryptionKeys } from './constructs/encryption-keys.ts';
import { InboundMail } from './constructs/inbound-mail.ts';
import { MailEvents } from './constructs/mail-events.ts';
import { OneOffSchedules } from './constructs/one-off-schedules.ts';
import { Push } from './constructs/push.ts';
import { Queues } from './constructs/queues.ts';
import { SignIn } from './constructs/sign-in.ts';
import { Tables } from './constructs/tables.ts';
import { worker } from './constructs/worker.ts';
import { type CopiesPlace, copiesPlace } from './copies-stack.ts';
import type { MailStack } from './mail-stack.ts';
import type { Stage } from './stages.ts';

export interface DataStackProps extends StackProps {
  readonly stage: Stage;
  readonly catalogue: Catalogue;
  readonly bundles: Bundles;
  readonly mail: MailStack;
}

const operationOf = {
  CustomMessage: UserPoolOperation.CUSTOM_MESSAGE,
  PreAuthentication: UserPoolOperation.PRE_AUTHENTICATION,
  PostAuthentication: UserPoolOperation.POST_AUTHENTICATION,
} as const satisfies Record<UserPoolTrigger['userPool'], UserPoolOperation>;

/** What must outlive every deployment: tables, keys, buckets, accounts, and the address that mailed links carry. */
export class DataStack extends Stack {
  readonly encryption: EncryptionKeys;
  readonly tables: Tables;
  readonly buckets: Buckets;
  readonly queues: Queues;
  readonly oneOffSchedules: OneOffSchedules;
  readonly push: Push;
  /** Where a second region keeps copies, if one does. */
  readonly copies: CopiesPlace | undefined;
  readonly signIn: SignIn;
  readonly api: ApiAddress;
  readonly mail: MailStack;
  /** The workers that stand here because Cognito calls them. */
  readonly functions: ReadonlyMap<string, LambdaFunction>;

  constructor(scope: Construct, id: string, { stage, catalogue, bundles, mail, ...props }: DataStackProps) {
    super(scope, id, props);
    this.mail = mail;
    this.encryption = new EncryptionKeys(this, 'Encryption', { stage, catalogue });
    this.tables = new Tables(this, 'Tables', { stage, encryption: this.encryption });
    this.buckets = new Buckets(this, 'Buckets', { stage, encryption: this.encryption });
    this.queues = new Queues(this, 'Queues', { stage, catalogue, encryption: this.encryption });
    this.oneOffSchedules = new OneOffSchedules(this, 'OneOffSchedules', {
      stage,
      encryption: this.encryption,
      queues: this.queues,
    });
    this.push = new Push(this, stage);
    new MailEvents(this, 'MailEvents', { stage, mail, encryption: this.encryption, queues: this.queues });
    new InboundMail(this, 'InboundMail', { stage, quarantine: this.buckets.quarantine });
    this.copies = stage.ciphertextCopiesIn && copiesPlace(this, stage, stage.ciphertextCopiesIn);
    this.signIn = new SignIn(this, 'SignIn', { stage, mail });
    this.api = new ApiAddress(this, 'ApiAddress', { stage });

    const functions = new Map<string, LambdaFunction>();
    for (const [name, declared] of Object.entries(catalogue.workers)) {
      if (!isCalledByUserPool(declared)) continue;
      const fn = worker(this, name, { stage, declared, bundles, data: this });
      for (const trigger of declared.triggers) {
        if (!('userPool' in trigger)) throw new Error(`${name} serves the user pool, so it can serve nothing else`);
        this.signIn.userPool.addTrigger(operationOf[trigger.userPool], fn);
      }
      functions.set(name, fn);
    }
    this.functions = functions;
  }
}
