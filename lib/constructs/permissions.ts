import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { type Capability, type CapabilityDeclaration, capabilities } from '../../lambdas/platform/capabilities.ts';
import { queues } from '../../lambdas/platform/queues.ts';
import { type TableDeclaration, type TableName, tables } from '../../lambdas/platform/tables.ts';
import type { DataStack } from '../data-stack.ts';
import { kmsReading, kmsWriting } from './customer-managed-key.ts';
import { bucketNames, expectedSettings } from './expected-settings.ts';
import { restorePermission } from './restore-permission.ts';

/** What a declared need becomes: IAM statements, and the environment by which the code finds what it may use. */
export interface Permission {
  readonly statements: readonly PolicyStatement[];
  readonly environment: Readonly<Record<string, string>>;
}

export type Resources = Pick<
  DataStack,
  'tables' | 'encryption' | 'buckets' | 'queues' | 'oneOffSchedules' | 'copies' | 'signIn' | 'mail' | 'push'
>;

export function permissionsFor(needs: readonly Capability[], resources: Resources): Permission {
  const permissions = needs.map((need) => permissionFor(capabilities[need], resources));
  return {
    statements: permissions.flatMap(({ statements }) => statements),
    environment: Object.assign({}, ...permissions.map(({ environment }) => environment)),
  };
}

function permissionFor(declared: CapabilityDeclaration, resources: Resources): Permission {
  const actions = [...declared.actions];
  if ('table' in declared) return tablePermission(declared, resources);
  if ('backupOf' in declared) return backupPermission(declared.backupOf, actions, resources);
  if ('restore' in declared) return restorePermission(declared, resources);
  if ('settingsOf' in declared) return settingsPermission(declared, resources);
  if ('key' in declared) {
    const { keyArn, keyId } = resources.encryption.organisations;
    return { statements: [allow(actions, [keyArn])], environment: { ORGANISATIONS_KEY_ID: keyId } };
  }
  if ('signingKey' in declared) {
    const { keyArn, keyId } = resources.encryption.signing;
    return { statements: [allow(actions, [keyArn])], environment: { SIGNING_KEY_ID: keyId } };
  }
  if ('userPool' in declared) {
    const { userPoolArn, userPoolId } = resources.signIn.userPool;
    return { statements: [allow(actions, [userPoolArn])], environment: { USER_POOL_ID: userPoolId } };
  }
  if ('accountWide' in declared) return { statements: [allow(actions, ['*'])], environment: {} };
  if ('mail' in declared) {
    const { senderAddress, sender, identityArns, configurationSetName } = resources.mail;
    const onlyAsSender = { StringEquals: { 'ses:FromAddress': senderAddress } };
    return {
      statements: [allow(actions, identityArns, onlyAsSender)],
      environment: { MAIL_SENDER: sender, MAIL_CONFIGURATION_SET: configurationSetName },
    };
  }
  if ('queue' in declared) return queuePermission(declared, resources);
  if ('oneOffSchedules' in declared) return resources.oneOffSchedules.permission(actions);
  if ('sms' in declared) return { statements: [publishToNumbers(resources)], environment: {} };
  if ('push' in declared) return resources.push.permission(actions);
  if ('copies' in declared) return copiesPermission(actions, resources);
  const { bucket, encryptionKey } = resources.buckets[declared.bucket];
  const { under = '' } = declared;
  const ofBucket = actions.filter((action) => ofTheBucketItself.test(action));
  const ofObjects = actions.filter((action) => !ofTheBucketItself.test(action));
  return {
    statements: [
      ...(ofObjects.length > 0 ? [allow(ofObjects, [bucket.arnForObjects(`${under}*`)])] : []),
      ...(ofBucket.length > 0 ? [allow(ofBucket, [bucket.bucketArn])] : []),
      useThrough('s3', encryptionKey, kmsFor(actions)),
    ],
    environment: { [`${declared.bucket.toUpperCase()}_BUCKET`]: bucket.bucketName },
  };
}

/** The key of another region is known by its alias: its id is made there (condition key `kms:ResourceAliases`). */
function copiesPermission(actions: readonly string[], { copies, tables }: Resources): Permission {
  if (!copies) return { statements: [], environment: {} };
  const { region, bucketName, keyAlias } = copies;
  const { partition, account } = Stack.of(tables);
  const bucketArn = `arn:${partition}:s3:::${bucketName}`;
  return {
    statements: [
      allow(
        actions.filter((action) => !ofTheBucketItself.test(action)),
        [`${bucketArn}/*`],
      ),
      allow(
        actions.filter((action) => ofTheBucketItself.test(action)),
        [bucketArn],
      ),
      allow(kmsFor(actions), [`arn:${partition}:kms:${region}:${account}:key/*`], {
        'ForAnyValue:StringEquals': { 'kms:ResourceAliases': `alias/${keyAlias}` },
        StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` },
      }),
    ],
    environment: { COPIES_BUCKET: bucketName, COPIES_REGION: region },
  };
}

/** Asked of a bucket, not of what lies in it (Service Authorization Reference, Amazon S3). */
const ofTheBucketItself = /^s3:(ListBucket|GetBucket|GetLifecycle|GetEncryption)/;

type TableCapability = Extract<CapabilityDeclaration, { table: unknown }>;
function tablePermission(
  { table: name, actions, attributes, partitions, exceptPartitions }: TableCapability,
  resources: Resources,
): Permission {
  const { table, arn, encryptionKey } = resources.tables.byName[name];
  const { env, indexes }: TableDeclaration = tables[name];
  const indexArns = Object.keys(indexes ?? {}).map((index) => `${arn}/index/${index}`);
  const conditions = {
    ...(attributes && onlyAttributes(attributes)),
    ...(partitions && onlyPartitions(partitions)),
    ...(exceptPartitions && noPartitions(exceptPartitions)),
  };
  return {
    statements: [
      allow(actions, [arn, ...indexArns], conditions),
      useThrough('dynamodb', encryptionKey, kmsFor(actions)),
    ],
    environment: { [env]: table.tableName },
  };
}

const onlyAttributes = (attributes: readonly string[]) => ({
  'ForAllValues:StringEquals': { 'dynamodb:Attributes': [...attributes] },
  // Without it an update could answer with the whole row.
  StringEqualsIfExists: { 'dynamodb:ReturnValues': ['NONE', 'UPDATED_OLD', 'UPDATED_NEW'] },
});

/** Partition keys by pattern (condition key `dynamodb:LeadingKeys`). */
const onlyPartitions = (patterns: readonly string[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...patterns] },
});

/** Every key of the request must be like none of them. */
const noPartitions = (patterns: readonly string[]) => ({
  'ForAllValues:StringNotLike': { 'dynamodb:LeadingKeys': [...patterns] },
});

function backupPermission(names: readonly TableName[], actions: string[], resources: Resources): Permission {
  const exported = names.map((name) => ({ ...resources.tables.byName[name], env: tables[name].env }));
  return {
    statements: [allow(actions, [...exported.map(({ arn }) => arn), ...exported.map(({ arn }) => `${arn}/export/*`)])],
    environment: {
      ...Object.fromEntries(exported.map(({ table, env }) => [`${env}_ARN`, table.tableArn])),
      BACKUP_KEY_ARN: resources.buckets.backup.encryptionKey.keyArn,
    },
  };
}

/** With what the template has, to be compared with what AWS says. */
function settingsPermission(
  { settingsOf, actions }: SettingsCapability,
  { tables: ours, buckets }: Resources,
): Permission {
  const expected = expectedSettings(ours, buckets);
  if (settingsOf === 'tables') {
    const each = Object.entries(ours.byName);
    return {
      statements: [allow(actions, [...each.map(([, { arn }]) => arn)])],
      environment: {
        ...expected,
        ...Object.fromEntries(each.map(([name, { table }]) => [tables[name as TableName].env, table.tableName])),
      },
    };
  }
  const each = bucketNames.map((name) => [name, buckets[name].bucket] as const);
  return {
    statements: [allow(actions, [...each.map(([, { bucketArn }]) => bucketArn)])],
    environment: {
      ...expected,
      ...Object.fromEntries(each.map(([name, { bucketName }]) => [`${name.toUpperCase()}_BUCKET`, bucketName])),
    },
  };
}
type SettingsCapability = Extract<CapabilityDeclaration, { settingsOf: unknown }>;

type QueueCapability = Extract<CapabilityDeclaration, { queue: unknown }>;
function queuePermission(
  { queue: name, actions }: QueueCapability,
  { queues: ours, encryption }: Resources,
): Permission {
  const { queue } = ours.byName[name];
  const sends = actions.includes('sqs:SendMessage');
  return {
    statements: [
      allow(actions, [queue.queueArn]),
      ...(sends ? [useThrough('sqs', encryption[queues[name].key], kmsSending)] : []),
    ],
    environment: { [queues[name].env]: queue.queueUrl },
  };
}

/**
 * IAM has no name for a telephone number: whatever SNS knows by an ARN (topics, devices, applications) is left out of
 * what may be published to, and numbers remain (SNS developer guide, "Identity-based policies").
 */
function publishToNumbers({ tables }: Resources): PolicyStatement {
  return new PolicyStatement({
    actions: ['sns:Publish'],
    notResources: [`arn:${Stack.of(tables).partition}:sns:*:*:*`],
  });
}

/** What sending to an encrypted queue takes (SQS API SendMessage). */
export const kmsSending = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** A key of AWS's encryption at rest: usable inside a request to that service, never directly. */
export function useThrough(service: 'dynamodb' | 's3' | 'sqs', key: Key, actions: readonly string[]): PolicyStatement {
  return allow(actions, [key.keyArn], {
    StringEquals: { 'kms:ViaService': `${service}.${Stack.of(key).region}.amazonaws.com` },
  });
}

// Deleting an object opens nothing.
const onlyOpening = [
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:Query',
  'dynamodb:DescribeContinuousBackups',
  's3:GetObject',
  's3:DeleteObject',
  's3:ListBucket',
  's3:ListBucketVersions',
  's3:DeleteObjectVersion',
];

function kmsFor(actions: readonly string[]): readonly string[] {
  return actions.every((action) => onlyOpening.includes(action)) ? kmsReading : kmsWriting;
}

export function allow(
  actions: readonly string[],
  resources: readonly string[],
  conditions: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>> = {},
): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [...resources], conditions });
}
