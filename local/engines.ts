import { join } from 'node:path';
import { REGION } from './account.ts';
import type { MovableClock } from './clock.ts';
import { userPoolFromTemplate } from './cognito/declaration.ts';
import { type CognitoServer, startCognito } from './cognito/server.ts';
import type { TableDisk } from './dynamodb/lost-tables.ts';
import { keyFromTemplate } from './kms/key.ts';
import { type EmbeddedKms, startKms } from './kms/server.ts';
import { type EmbeddedMailbox, startMailbox } from './mailbox/server.ts';
import { bucketFromTemplate } from './s3/buckets.ts';
import type { S3Event } from './s3/events.ts';
import { type S3Server, startS3 } from './s3/server.ts';
import { addressesIn } from './ses/address.ts';
import type { Mail } from './ses/mail.ts';
import type { Quota } from './ses/quota.ts';
import { type Receiving, receiptRulesOf, receiving } from './ses/receiving.ts';
import { type EmbeddedSes, startSes } from './ses/server.ts';
import type { SesEvent } from './ses/simulator.ts';
import { type EmbeddedSns, startSns } from './sns/server.ts';
import { kmsName } from './template/resource-types.ts';
import type { CloudTemplate, Resource } from './template/template.ts';

/** Who a pool's mails come from unless it names a sender of its own (Cognito developer guide, "Email settings"). */
const COGNITO_SENDER = 'no-reply@verificationemail.com';

/** The engines whose resources are given to them as they start. */
export interface Engines {
  readonly cognito: CognitoServer;
  readonly kms: EmbeddedKms;
  readonly mailbox: EmbeddedMailbox;
  readonly s3: S3Server;
  readonly ses: EmbeddedSes;
  readonly sns: EmbeddedSns;
  close(): Promise<void>;
}

export interface EngineSurroundings {
  readonly stateDirectory: string;
  readonly clock: MovableClock;
  secretOf(accessKeyId: string): string | undefined;
  invokeTrigger(functionName: string, event: unknown): Promise<unknown>;
  /** Known once the tables are. */
  disk(): TableDisk;
  onS3Event(event: S3Event): void;
  onSesEvents(topicArn: string, events: readonly SesEvent[]): Promise<void>;
  readonly mailQuota: Quota;
  /** Lays an object into a bucket in the operator's name. */
  putObject(s3Url: string, bucket: string, key: string, body: Buffer): Promise<void>;
  /** Where SNS's topics are played. */
  readonly topicsEndpoint: string;
}

export async function startEngines(template: CloudTemplate, around: EngineSurroundings): Promise<Engines> {
  const { clock } = around;
  const stateDir = (engine: string) => join(around.stateDirectory, engine);
  // All declarations first: what is refused must not leave half of the engines running.
  const [pools, keys, buckets] = [poolsOf(template), keysOf(template), bucketsOf(template)];
  const destinations = sesDestinations(template);
  const receiptRules = receiptRulesOf(template);
  // What SES sends to an address of our own comes back to it; the buckets are there by then.
  let incoming: Receiving | undefined;
  const bringBack = (mail: Mail) => {
    for (const to of mail.to.filter((each) => incoming?.takes(each))) {
      const [[from = ''], raw] = [addressesIn(mail.from), ses.mails.find(mail.id)?.raw];
      if (!raw) continue;
      incoming?.receive({ from, to, raw }).catch((error: unknown) => console.error('SES receiving:', error));
    }
  };
  const configurationSets = template.ofType('AWS::SES::ConfigurationSet').map(({ physicalId }) => physicalId);
  const [ses, kms, s3, sns] = await Promise.all([
    startSes({
      stateDir: stateDir('ses'),
      clock,
      configurationSets,
      emailIdentities: emailIdentitiesOf(template),
      receiptRuleSet: template.ofType('AWS::SES::ReceiptRuleSet')[0]?.physicalId,
      quota: around.mailQuota,
      onSend: bringBack,
      onEvents: async (events) => {
        for (const { topicArn, isFor } of destinations) {
          const wanted = events.filter(isFor);
          if (wanted.length > 0) await around.onSesEvents(topicArn, wanted);
        }
      },
    }),
    startKms({ stateDir: stateDir('kms'), clock, region: REGION, keys }),
    startS3({
      stateDir: stateDir('s3'),
      clock,
      region: REGION,
      buckets,
      credentials: around.secretOf,
      onEvent: around.onS3Event,
    }),
    startSns({ stateDir: stateDir('sns'), clock, topicsEndpoint: around.topicsEndpoint }),
  ]);
  const sender = senderOf(template);
  incoming = receiving(receiptRules, clock, (bucket, key, body) => around.putObject(s3.url, bucket, key, body));
  const mailbox = await startMailbox({
    messages: ses.mails,
    phones: sns.phones,
    clock,
    disk: around.disk,
    receiving: incoming,
  });
  const cognito = await startCognito({
    stateDir: stateDir('cognito'),
    clock,
    region: REGION,
    pools,
    invokeTrigger: around.invokeTrigger,
    sendMail: async ({ to, subject, html }) => {
      await mailbox.add({ from: sender, to: [to], subject, html });
    },
  });
  return {
    cognito,
    kms,
    mailbox,
    s3,
    ses,
    sns,
    async close() {
      await Promise.all([cognito.close(), kms.close(), mailbox.close(), s3.close()]);
      await Promise.all([ses.close(), sns.close()]);
    },
  };
}

function senderOf(template: CloudTemplate): string {
  const { EmailConfiguration } = template.ofType('AWS::Cognito::UserPool')[0]?.properties ?? {};
  return String(Object(EmailConfiguration)['From'] ?? COGNITO_SENDER);
}

function poolsOf(template: CloudTemplate) {
  const clients = template.ofType('AWS::Cognito::UserPoolClient');
  const associations = template.ofType('AWS::WAFv2::WebACLAssociation');
  const aclBefore = (pool: Resource) => {
    const association = associations.find(({ properties }) => properties['ResourceArn'] === pool.attribute('Arn'));
    const acls = template.ofType('AWS::WAFv2::WebACL');
    return association && acls.find((acl) => acl.attribute('Arn') === association.properties['WebACLArn']);
  };
  return template.ofType('AWS::Cognito::UserPool').map((pool) =>
    userPoolFromTemplate(
      REGION,
      pool,
      clients.filter(({ properties }) => properties['UserPoolId'] === pool.physicalId),
      aclBefore(pool),
    ),
  );
}

function keysOf(template: CloudTemplate) {
  const aliases = template.ofType('AWS::KMS::Alias');
  return template.ofType('AWS::KMS::Key').map((key) => {
    const own = aliases.filter(({ properties }) => isTarget(key, properties['TargetKeyId']));
    const names = own.map(({ physicalId }) => physicalId);
    return keyFromTemplate(kmsName(key), key.properties, { region: REGION, aliases: names });
  });
}

const isTarget = (key: Resource, target: unknown) => target === key.physicalId || target === key.attribute('Arn');

function bucketsOf(template: CloudTemplate) {
  // CDK switches a bucket's events on through a resource of its own.
  const withEvents = new Set(
    template
      .ofType('Custom::S3BucketNotifications')
      .filter(({ properties }) => Object(properties['NotificationConfiguration'])['EventBridgeConfiguration'])
      .map(({ properties }) => properties['BucketName']),
  );
  const policies = new Map(
    template
      .ofType('AWS::S3::BucketPolicy')
      .map(({ properties }) => [properties['Bucket'], Object(properties['PolicyDocument']) as object]),
  );
  return template.ofType('AWS::S3::Bucket').map(({ physicalId, properties }) => {
    const declared = bucketFromTemplate({ ...properties, BucketName: physicalId });
    const policy = policies.get(physicalId);
    return {
      ...declared,
      hasEventBridge: declared.hasEventBridge || withEvents.has(physicalId),
      ...(policy && { policy }),
    };
  });
}

interface EventDestinationProperties {
  readonly ConfigurationSetName: string;
  readonly EventDestination?: {
    readonly Enabled?: boolean;
    readonly MatchingEventTypes?: readonly string[];
    readonly SnsDestination?: { readonly TopicARN?: string };
  };
}

/** Where events go: of a configuration set's own mails alone, and of the types that it names (`DELIVERY_DELAY`). */
function sesDestinations(template: CloudTemplate) {
  return template.ofType('AWS::SES::ConfigurationSetEventDestination').flatMap(({ properties }) => {
    const { ConfigurationSetName, EventDestination } = properties as unknown as EventDestinationProperties;
    const topicArn = EventDestination?.SnsDestination?.TopicARN;
    if (!topicArn || EventDestination.Enabled === false) return [];
    const types = new Set((EventDestination.MatchingEventTypes ?? []).map(withoutSeparators));
    const isFor = ({ eventType, mail }: SesEvent) =>
      types.has(withoutSeparators(eventType)) && mail.tags['ses:configuration-set']?.[0] === ConfigurationSetName;
    return { topicArn, isFor };
  });
}

/** `DELIVERY_DELAY` in a template is `DeliveryDelay` in an event. */
const withoutSeparators = (type: string) => type.replace(/[_ ]/g, '').toUpperCase();

function emailIdentitiesOf(template: CloudTemplate) {
  const text = (value: unknown) => (value === undefined ? undefined : String(value));
  return template.ofType('AWS::SES::EmailIdentity').map((identity) => ({
    name: identity.physicalId,
    dkimTokens: [1, 2, 3].map((index) => identity.attribute(`DkimDNSTokenValue${index}`).split('.')[0] ?? ''),
    mailFromDomain: text(Object(identity.properties['MailFromAttributes'])['MailFromDomain']),
    configurationSetName: text(Object(identity.properties['ConfigurationSetAttributes'])['ConfigurationSetName']),
  }));
}
