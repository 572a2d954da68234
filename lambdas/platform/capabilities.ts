import type { BucketName } from './buckets.ts';
import type { QueueName } from './queues.ts';
import type { TableName } from './tables.ts';

/**
 * What code may be allowed to do in AWS, by the name of the need. The CDK turns each into an IAM statement and the
 * environment that goes with it. No capability scans a table, and none but the workers' own may destroy a key.
 */
export type CapabilityDeclaration =
  | {
      readonly table: TableName;
      readonly actions: readonly `dynamodb:${string}`[];
      /** The attributes that the actions may touch or ask about, and no others (condition key `dynamodb:Attributes`). */
      readonly attributes?: readonly string[];
      /** The partitions, by pattern, that the actions may touch, and no others (condition key `dynamodb:LeadingKeys`). */
      readonly partitions?: readonly string[];
      /** Those that they may not (the same condition key, negated). */
      readonly exceptPartitions?: readonly string[];
    }
  | { readonly key: 'organisations'; readonly actions: readonly `kms:${string}`[] }
  | { readonly userPool: true; readonly actions: readonly `cognito-idp:${string}`[] }
  | { readonly mail: true; readonly actions: readonly `ses:${string}`[] }
  | { readonly queue: QueueName; readonly actions: readonly `sqs:${string}`[] }
  /** One-off schedules in the stage's own group, under the one role that may send to the queues named in schedules.ts. */
  | { readonly oneOffSchedules: true; readonly actions: readonly `scheduler:${string}`[] }
  /** Telephone numbers alone: no topic, and no device. */
  | { readonly sms: true; readonly actions: readonly ['sns:Publish'] }
  /** The devices of the platform applications that the stage names: nothing at all where it names none. */
  | { readonly push: true; readonly actions: readonly `sns:${string}`[] }
  /** What AWS knows no resource of: neither SES's list nor the lists of tables and backups can be named. */
  | { readonly accountWide: true; readonly actions: readonly AccountWideAction[] }
  | {
      readonly bucket: BucketName;
      readonly actions: readonly `s3:${string}`[];
      /** Only objects whose keys begin so. */
      readonly under?: `${string}/`;
    }
  /** The bucket of copies in a second region of the EEA: nothing at all where no stage names one. */
  | { readonly copies: true; readonly actions: readonly `s3:${string}`[] }
  | { readonly signingKey: true; readonly actions: readonly `kms:${string}`[] }
  /** To ask how every table, or every bucket, is set up: nothing of what is in it. */
  | { readonly settingsOf: 'tables'; readonly actions: readonly `dynamodb:${string}`[] }
  | { readonly settingsOf: 'buckets'; readonly actions: readonly `s3:${string}`[] }
  | { readonly backupOf: readonly TableName[]; readonly actions: readonly `dynamodb:${string}`[] }
  | RestoreCapability;

/**
 * The restore's alone, on tables that no template knows: the generations of ours, and their stand-ins in a drill.
 * `make`: to make, set up and remove them. `through-aws`: what AWS does in our name while it restores, and we cannot.
 * `drill`: what is in a drill's tables. `mappings`: who hears of a table's changes. `import-log`: what AWS says of an import.
 */
export type RestoreCapability =
  | {
      readonly restore: 'make' | 'through-aws' | 'drill';
      readonly tables: readonly TableName[];
      readonly actions: readonly `dynamodb:${string}`[];
    }
  | { readonly restore: 'mappings'; readonly actions: readonly `lambda:${string}`[] }
  | { readonly restore: 'import-log'; readonly actions: readonly `logs:${string}`[] };

type AccountWideAction =
  | 'ses:GetSuppressedDestination'
  | 'ses:DeleteSuppressedDestination'
  | 'ses:GetSendQuota'
  | 'dynamodb:ListBackups'
  | 'dynamodb:ListTables';

export const capabilities = {
  'core:read': { table: 'core', actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'] },
  'core:write': {
    table: 'core',
    actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'],
  },
  // No Update and no Delete: the log is append-only because no API function holds the right to edit it.
  // Where the log stands is not theirs: whoever could write that could hold the sequencer up, or set a log back.
  'activity:append': { table: 'activity', actions: ['dynamodb:PutItem'], exceptPartitions: ['LOG', '*#LOG'] },
  // Who has seen what is answered to whom it is about, and to the privacy officer; nobody else reads it.
  'activity:read': { table: 'activity', actions: ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:BatchGetItem'] },
  // The sequencer's alone: where the log stands, and what of a record is no part of what was recorded.
  'log-state:write': {
    table: 'activity',
    actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'],
    partitions: ['LOG', '*#LOG'],
  },
  // How far the log of each organisation has come: not what is in it.
  'log-state:read': { table: 'activity', actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'], partitions: ['LOG'] },
  'activity:mark': {
    table: 'activity',
    actions: ['dynamodb:UpdateItem'],
    attributes: ['pk', 'sk', 'leaf', 'unsequenced'],
  },
  // The retention worker's alone: bodies and salts go after a year, the leaves of the log stay.
  'activity:prune': { table: 'activity', actions: ['dynamodb:Query', 'dynamodb:DeleteItem'] },
  'rights:read': { table: 'rights', actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'] },
  'rights:append': { table: 'rights', actions: ['dynamodb:PutItem', 'dynamodb:ConditionCheckItem'] },
  // The erasure worker's alone: the ledger is append-only for everyone else.
  'rights:erase': { table: 'rights', actions: ['dynamodb:DeleteItem'] },
  // Keys are made and checked by everyone who seals; changed (fenced, restricted) by nobody here.
  'keys:use': {
    table: 'keys',
    actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:ConditionCheckItem'],
  },
  // Restriction and objection (Art. 18, 21). The wrapped key is out of reach: closing is not destroying.
  'keys:close': {
    table: 'keys',
    actions: ['dynamodb:UpdateItem'],
    attributes: ['pk', 'sk', 'state', 'refused', 'revision'],
  },
  // The erasure worker's alone.
  'keys:erase': { table: 'keys', actions: ['dynamodb:UpdateItem'] },
  'mirror:read': { table: 'mirror', actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'] },
  'mirror:write': { table: 'mirror', actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem'] },
  'lookup:read': { table: 'lookup', actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'] },
  'lookup:write': {
    table: 'lookup',
    actions: ['dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'],
  },
  'transient:read': { table: 'transient', actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'] },
  'transient:write': {
    table: 'transient',
    actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'],
  },
  'organisation-key:open': { key: 'organisations', actions: ['kms:Decrypt'] },
  'organisation-key:create': { key: 'organisations', actions: ['kms:GenerateDataKey', 'kms:Decrypt'] },
  'user-pool:invite': {
    userPool: true,
    actions: ['cognito-idp:AdminCreateUser', 'cognito-idp:AdminGetUser'],
  },
  'user-pool:factors': {
    userPool: true,
    actions: [
      'cognito-idp:AdminGetUser',
      'cognito-idp:AdminSetUserMFAPreference',
      'cognito-idp:AdminUserGlobalSignOut',
      'cognito-idp:AdminUpdateUserAttributes',
    ],
  },
  // The users of service clients: made, given a secret of ours, signed in and ended by one function of the API.
  'user-pool:machines': {
    userPool: true,
    actions: [
      'cognito-idp:AdminCreateUser',
      'cognito-idp:AdminSetUserPassword',
      'cognito-idp:AdminInitiateAuth',
      'cognito-idp:AdminGetUser',
      'cognito-idp:AdminDeleteUser',
    ],
  },
  'user-pool:list': { userPool: true, actions: ['cognito-idp:ListUsers', 'cognito-idp:AdminGetUser'] },
  'user-pool:erase': { userPool: true, actions: ['cognito-idp:AdminDeleteUser', 'cognito-idp:AdminGetUser'] },
  'suppression:erase': {
    accountWide: true,
    actions: ['ses:GetSuppressedDestination', 'ses:DeleteSuppressedDestination'],
  },
  // Whoever says that their address works again: SES's own stop goes with ours.
  'suppression:lift': { accountWide: true, actions: ['ses:DeleteSuppressedDestination'] },
  // How far back AWS could bring the keys: what a certificate of erasure rests on.
  'keys-recovery:describe': { table: 'keys', actions: ['dynamodb:DescribeContinuousBackups'] },
  'mirror-recovery:describe': { table: 'mirror', actions: ['dynamodb:DescribeContinuousBackups'] },
  'recovery:list': { accountWide: true, actions: ['dynamodb:ListBackups', 'dynamodb:ListTables'] },
  'tables:describe': {
    settingsOf: 'tables',
    actions: ['dynamodb:DescribeTable', 'dynamodb:DescribeContinuousBackups', 'dynamodb:GetResourcePolicy'],
  },
  'buckets:describe': {
    settingsOf: 'buckets',
    actions: [
      's3:GetLifecycleConfiguration',
      's3:GetBucketVersioning',
      's3:GetBucketObjectLockConfiguration',
      's3:GetBucketPolicy',
      's3:GetBucketPublicAccessBlock',
    ],
  },
  'mail:send': { mail: true, actions: ['ses:SendRawEmail'] },
  // How much the account may send in a second and in a day, and how much of it is used.
  'mail:quota': { accountWide: true, actions: ['ses:GetSendQuota'] },
  // Whether what SES has said is read yet: not what it says.
  'mail-events:behind': { queue: 'mailEvents', actions: ['sqs:GetQueueAttributes'] },
  'distribution:send': { queue: 'distribution', actions: ['sqs:SendMessage'] },
  'alarm-steps:send': { queue: 'alarmSteps', actions: ['sqs:SendMessage'] },
  'webhooks:send': { queue: 'webhooks', actions: ['sqs:SendMessage'] },
  'schedules:make': { oneOffSchedules: true, actions: ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule'] },
  'sms:send': { sms: true, actions: ['sns:Publish'] },
  'push:send': { push: true, actions: ['sns:Publish'] },
  'push:register': { push: true, actions: ['sns:CreatePlatformEndpoint', 'sns:SetEndpointAttributes'] },
  // A device that is signed out, takes nothing any more, or goes with its account.
  'push:forget': { push: true, actions: ['sns:DeleteEndpoint', 'sns:GetEndpointAttributes'] },
  'quarantine:upload': { bucket: 'quarantine', actions: ['s3:PutObject'] },
  // What has come by mail and nothing else that waits there.
  'inbound-mail:read': { bucket: 'quarantine', actions: ['s3:GetObject', 's3:DeleteObject'], under: 'mail/' },
  'quarantine:read': { bucket: 'quarantine', actions: ['s3:GetObject', 's3:DeleteObject'] },
  'files:write': { bucket: 'files', actions: ['s3:PutObject', 's3:DeleteObject'] },
  'files:read': { bucket: 'files', actions: ['s3:GetObject'] },
  'files:bring-back': { bucket: 'files', actions: ['s3:PutObject', 's3:ListBucket'] },
  'files:copy': { bucket: 'files', actions: ['s3:GetObject', 's3:ListBucket'] },
  'files:erase': { bucket: 'files', actions: ['s3:ListBucket', 's3:DeleteObject'] },
  'exports:write': { bucket: 'exports', actions: ['s3:PutObject', 's3:DeleteObject'] },
  'exports:read': { bucket: 'exports', actions: ['s3:GetObject'] },
  'exports:erase': { bucket: 'exports', actions: ['s3:ListBucket', 's3:DeleteObject'] },
  'downloads:write': { bucket: 'downloads', actions: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'] },
  'downloads:sweep': { bucket: 'downloads', actions: ['s3:ListBucket', 's3:DeleteObject'] },
  'proofs:sign': { signingKey: true, actions: ['kms:Sign', 'kms:GetPublicKey'] },
  // To check what we signed: not to sign.
  'proofs:read': { signingKey: true, actions: ['kms:GetPublicKey'] },
  'backup:export': {
    backupOf: ['core', 'activity', 'rights'],
    actions: ['dynamodb:ExportTableToPointInTime', 'dynamodb:DescribeExport'],
  },
  'backup:write': { bucket: 'backup', actions: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:PutObjectAcl'] },
  'backup:keep': {
    bucket: 'backup',
    actions: ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 's3:ListBucketVersions', 's3:DeleteObjectVersion'],
  },
  'backup:read': { bucket: 'backup', actions: ['s3:GetObject', 's3:ListBucket'] },
  // Neither may lay a copy of a backup beside the keeper's: a restore reads the newest version.
  'offline:put-rights': { bucket: 'offline', actions: ['s3:PutObject'], under: 'rights/' },
  'offline:put-activity': { bucket: 'offline', actions: ['s3:PutObject'], under: 'activity/' },
  'offline:keep': {
    bucket: 'offline',
    actions: [
      's3:GetObject',
      's3:PutObject',
      // To lock a copy by the day that it shows, not by the hour of copying.
      's3:PutObjectRetention',
      's3:ListBucket',
      's3:ListBucketVersions',
      's3:DeleteObjectVersion',
    ],
  },
  'copies:keep': {
    copies: true,
    actions: [
      's3:GetObject',
      's3:PutObject',
      's3:PutObjectRetention',
      's3:ListBucket',
      's3:ListBucketVersions',
      's3:DeleteObjectVersion',
    ],
  },
  'offline:read': { bucket: 'offline', actions: ['s3:GetObject', 's3:ListBucket'] },
  'log:append': { bucket: 'log', actions: ['s3:PutObject', 's3:GetObject', 's3:ListBucket'] },
  'log:read': { bucket: 'log', actions: ['s3:GetObject', 's3:ListBucket'] },
  'gate:read': { table: 'gate', actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'] },
  'gate:write': {
    table: 'gate',
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
  },
  // The tags that every table carries, and that a new one gets from it.
  'gate:describe': { table: 'gate', actions: ['dynamodb:DescribeTable', 'dynamodb:ListTagsOfResource'] },
  'generations:make': {
    restore: 'make',
    tables: ['core', 'activity', 'rights', 'lookup', 'transient'],
    actions: [
      'dynamodb:ImportTable',
      'dynamodb:DescribeImport',
      'dynamodb:RestoreTableToPointInTime',
      'dynamodb:CreateTable',
      'dynamodb:DescribeTable',
      'dynamodb:UpdateTable',
      'dynamodb:DescribeTimeToLive',
      'dynamodb:UpdateTimeToLive',
      'dynamodb:DescribeContinuousBackups',
      'dynamodb:UpdateContinuousBackups',
      'dynamodb:TagResource',
      'dynamodb:DeleteTable',
    ],
  },
  'generations:fill': {
    restore: 'through-aws',
    tables: ['core', 'activity', 'rights'],
    actions: [
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:Scan',
      'dynamodb:UpdateItem',
    ],
  },
  'drill:use': {
    restore: 'drill',
    tables: ['core', 'activity', 'rights', 'lookup', 'transient'],
    actions: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:ConditionCheckItem',
    ],
  },
  'stream-mappings:make': {
    restore: 'mappings',
    actions: ['lambda:ListEventSourceMappings', 'lambda:CreateEventSourceMapping', 'lambda:DeleteEventSourceMapping'],
  },
  'import-log:write': {
    restore: 'import-log',
    actions: [
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:DescribeLogGroups',
      'logs:DescribeLogStreams',
      'logs:PutLogEvents',
      'logs:PutRetentionPolicy',
    ],
  },
} as const satisfies Record<string, CapabilityDeclaration>;

export type Capability = keyof typeof capabilities;

/** To read sealed records: the items, their key rows, and the organisation's key. */
export const readingRecords = [
  'core:read',
  'keys:use',
  'organisation-key:open',
] as const satisfies readonly Capability[];
/** To change them: with the activity record, the stored answer of a creating request and the notices in one transaction. */
export const changingRecords = [
  ...readingRecords,
  'core:write',
  'activity:append',
  'transient:read',
  'transient:write',
] as const satisfies readonly Capability[];
/** Beside those: to close what is to be erased, write it ahead in the ledger's table, and wake the worker that destroys keys. */
export const orderingErasure = ['rights:read', 'rights:append', 'keys:close'] as const satisfies readonly Capability[];
