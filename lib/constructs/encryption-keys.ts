import { Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { capabilities } from '../../lambdas/platform/capabilities.ts';
import { type Catalogue, needsByFunction } from '../catalogue.ts';
import type { Stage } from '../stages.ts';
import { customerManagedKey, kmsWriting, signingKey, usedThrough } from './customer-managed-key.ts';
import { sesReceiving } from './inbound-mail.ts';
import { roleArn } from './vern-function.ts';

/** The customer-managed keys, one per purpose: who may open one thing may not, for that, open another. */
export class EncryptionKeys extends Construct {
  /** Core, Activity, Rights, Lookup, Transient. */
  readonly domain: Key;
  readonly keys: Key;
  readonly mirror: Key;
  /** The root of the key hierarchy: it wraps organisation keys. */
  readonly organisations: Key;
  /** Proofs: certificates of erasure, manifests of exports. */
  readonly signing: Key;
  readonly quarantine: Key;
  readonly files: Key;
  readonly exports: Key;
  readonly downloads: Key;
  readonly backup: Key;
  /** Apart from the backups': who could destroy the one could not, for that, make the other unreadable. */
  readonly offline: Key;
  readonly log: Key;
  /** What SES says became of mails: it names whom they went to. */
  readonly mailEvents: Key;
  /** Logs, queues and topics: nothing about a person but the IP addresses of the web log. */
  readonly operations: Key;

  constructor(scope: Construct, id: string, { stage, catalogue }: { stage: Stage; catalogue: Catalogue }) {
    super(scope, id);
    const key = (purpose: string, holds: string, use: readonly PolicyStatement[]) =>
      customerManagedKey(this, purpose, {
        alias: `vern-${stage.name}-${purpose.toLowerCase()}`,
        description: `Vern ${stage.name}: ${holds}`,
        use,
      });
    this.domain = key('Domain', 'domain tables', [usedThrough(this, 'dynamodb')]);
    this.keys = key('Keys', 'the table of wrapped keys', [usedThrough(this, 'dynamodb')]);
    this.mirror = key('Mirror', 'the mirror of the table of wrapped keys', [usedThrough(this, 'dynamodb')]);
    this.organisations = key('Organisations', 'wraps the organisation keys', this.#capable(stage, catalogue, 'key'));
    this.signing = signingKey(this, 'Signing', {
      alias: `vern-${stage.name}-signing`,
      description: `Vern ${stage.name}: signs certificates of erasure and manifests of exports`,
      use: this.#capable(stage, catalogue, 'signingKey'),
    });
    this.quarantine = key('Quarantine', 'uploads and mail awaiting inspection', this.#quarantine(stage));
    this.files = key('Files', 'the bucket of sealed files', [usedThrough(this, 's3')]);
    this.exports = key('Exports', 'the bucket of sealed exports', [usedThrough(this, 's3')]);
    this.downloads = key('Downloads', 'the bucket of downloads under way', [usedThrough(this, 's3')]);
    this.backup = key('Backup', 'the backup bucket', [usedThrough(this, 's3')]);
    this.offline = key('Offline', 'the bucket of locked copies', [usedThrough(this, 's3')]);
    this.log = key('Log', 'the tiles of the activity log', [usedThrough(this, 's3')]);
    this.mailEvents = key('MailEvents', 'the topic and the queue of what became of mails', this.#mailEvents());
    this.operations = key('Operations', 'logs, queues and topics', this.#operations());
  }

  /** One statement per capability on this key, for exactly the roles of the functions that hold it. */
  #capable(stage: Stage, catalogue: Catalogue, which: 'key' | 'signingKey'): PolicyStatement[] {
    const needs = needsByFunction(catalogue);
    return Object.entries(capabilities).flatMap(([capability, declared]) => {
      if (!(which in declared)) return [];
      const holders = [...needs].filter(([, held]) => held.some((one) => one === capability)).map(([name]) => name);
      if (holders.length === 0) return [];
      return new PolicyStatement({
        principals: [new AccountRootPrincipal()],
        actions: [...declared.actions],
        resources: ['*'],
        // By name, not as principals: KMS refuses a policy that names a role which does not exist yet.
        conditions: { ArnEquals: { 'aws:PrincipalArn': holders.map((name) => roleArn(Stack.of(this), stage, name)) } },
      });
    });
  }

  /** SES writes to the topic, and the topic to the queue, each under its own name and for this account alone. */
  #mailEvents(): PolicyStatement[] {
    const { account } = Stack.of(this);
    const senders = new PolicyStatement({
      sid: 'Senders',
      principals: ['ses', 'sns'].map((name) => new ServicePrincipal(`${name}.amazonaws.com`)),
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    });
    return [senders, usedThrough(this, 'sqs')];
  }

  /** SES lays mail there for its one rule; S3 encrypts it in SES's name. */
  #quarantine(stage: Stage): PolicyStatement[] {
    const receiving = new PolicyStatement({
      sid: 'Receiving',
      ...sesReceiving(this, stage),
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
    });
    return [receiving, usedThrough(this, 's3')];
  }

  #operations(): PolicyStatement[] {
    const { account, region, partition } = Stack.of(this);
    const logs = new PolicyStatement({
      sid: 'Logs',
      principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: kmsWriting,
      resources: ['*'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:/vern/*`,
        },
      },
    });
    const senders = new PolicyStatement({
      // Scheduler and Lambda send under a role of ours; these two under their own name.
      sid: 'Senders',
      principals: ['cloudwatch', 'events'].map((name) => new ServicePrincipal(`${name}.amazonaws.com`)),
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    });
    return [logs, senders, usedThrough(this, 'sqs')];
  }
}
