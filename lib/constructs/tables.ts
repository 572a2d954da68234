import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { keySchema, type TableDeclaration, type TableName, tables } from '../../lambdas/platform/tables.ts';
import type { Stage } from '../stages.ts';
import type { EncryptionKeys } from './encryption-keys.ts';

export interface EncryptedTable {
  readonly table: TableV2;
  /** Of all its generations; of the one table where there are none. */
  readonly arn: string;
  readonly encryptionKey: Key;
}

const baseName = (stage: Stage, name: TableName) => `vern-${stage.name}-${name}`;

/** The table in whichever generation is active: a restore makes tables that no template knew of. */
export function tableArnOf(scope: Construct, stage: Stage, name: TableName): string {
  const generations: TableDeclaration = tables[name];
  return Stack.of(scope).formatArn({
    service: 'dynamodb',
    resource: 'table',
    resourceName: generations.afterRestore === 'kept' ? baseName(stage, name) : `${baseName(stage, name)}-g*`,
  });
}

// The keys of these two die with an erasure, so no copy of the tables may outlive it.
const withKeysOfPersons: readonly TableName[] = ['keys', 'mirror'];

/** The declared tables, each retained, protected from deletion and under a customer-managed key. */
export class Tables extends Construct {
  readonly byName: Readonly<Record<TableName, EncryptedTable>>;

  constructor(scope: Construct, id: string, { stage, encryption }: { stage: Stage; encryption: EncryptionKeys }) {
    super(scope, id);
    const table = (name: TableName): EncryptedTable => {
      const encryptionKey = name === 'keys' || name === 'mirror' ? encryption[name] : encryption.domain;
      return {
        table: this.#table(stage, name, tables[name], encryptionKey),
        arn: tableArnOf(this, stage, name),
        encryptionKey,
      };
    };
    this.byName = {
      core: table('core'),
      activity: table('activity'),
      rights: table('rights'),
      keys: table('keys'),
      mirror: table('mirror'),
      lookup: table('lookup'),
      transient: table('transient'),
      gate: table('gate'),
    };
  }

  #table(stage: Stage, name: TableName, declared: TableDeclaration, encryptionKey: Key): TableV2 {
    const { timeToLive, stream, indexes, pointInTimeRecoveryDays, afterRestore } = declared;
    return new TableV2(this, logicalName(stage, name, declared), {
      tableName: afterRestore === 'kept' ? baseName(stage, name) : `${baseName(stage, name)}-g${stage.tableGeneration}`,
      partitionKey: { name: keySchema.partitionKey, type: AttributeType.STRING },
      sortKey: { name: keySchema.sortKey, type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.customerManagedKey(encryptionKey),
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      pointInTimeRecoverySpecification:
        pointInTimeRecoveryDays === undefined
          ? { pointInTimeRecoveryEnabled: false }
          : { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: pointInTimeRecoveryDays },
      globalSecondaryIndexes: Object.entries(indexes ?? {}).map(
        ([indexName, { partitionKey, sortKey, projection }]) => ({
          indexName,
          partitionKey: { name: partitionKey, type: AttributeType.STRING },
          sortKey: { name: sortKey, type: AttributeType.STRING },
          projectionType: ProjectionType[projection],
        }),
      ),
      ...(timeToLive && { timeToLiveAttribute: timeToLive }),
      ...(stream && { dynamoStream: StreamViewType[stream === 'NEW_IMAGE' ? 'NEW_IMAGE' : 'KEYS_ONLY'] }),
      ...(withKeysOfPersons.includes(name) && { resourcePolicy: this.#neverCopied() }),
    });
  }

  /**
   * Denies every way to a copy that a table's resource policy can deny. It cannot deny RestoreTableFromBackup (asked of
   * the backup, not of the table), AWS Backup (kept away by opting the account's DynamoDB in by tag, a tag that no table
   * here carries), or the system backup that AWS takes when a table with recovery is deleted; nor a change of this very
   * policy. The certificate of an erasure therefore asks AWS what copies there are.
   */
  #neverCopied(): PolicyDocument {
    const { account, partition } = Stack.of(this);
    const deniedToAll = {
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      // '*' in a table's own policy is that table; its ARN would be a reference to itself.
      resources: ['*'],
    };
    return new PolicyDocument({
      statements: [
        new PolicyStatement({
          ...deniedToAll,
          sid: 'NoCopyNoDeletion',
          actions: [
            'dynamodb:CreateBackup',
            'dynamodb:ExportTableToPointInTime',
            'dynamodb:RestoreTableToPointInTime',
            'dynamodb:DeleteTable',
          ],
        }),
        new PolicyStatement({
          ...deniedToAll,
          sid: 'RecoveryWindowAsDeclared',
          actions: ['dynamodb:UpdateContinuousBackups'],
          // The deployment itself sets the one-day window, after the table is made with this policy on it.
          conditions: {
            ArnNotLike: { 'aws:PrincipalArn': `arn:${partition}:iam::${account}:role/cdk-*-cfn-exec-role-*` },
          },
        }),
      ],
    });
  }
}

/** Another generation is another resource: after a restore CloudFormation imports it, and lets go of the one before. */
function logicalName(stage: Stage, name: TableName, { afterRestore }: TableDeclaration): string {
  const capitalised = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return afterRestore === 'kept' || stage.tableGeneration === 1
    ? capitalised
    : `${capitalised}G${stage.tableGeneration}`;
}
