import { type AwsJsonCall, AwsJsonError } from '../aws-json.ts';
import type { RunnerState } from '../state.ts';
import type { CloudTemplate, Resource } from '../template/template.ts';
import { rememberMade, wasMade } from './tables-made.ts';

/** A table as the template declares it, in the words of DynamoDB's CreateTable. */
export interface TableDeclaration {
  readonly name: string;
  readonly arn: string;
  readonly keySchema: readonly KeyElement[];
  readonly attributes: readonly AttributeDefinition[];
  readonly globalIndexes: readonly Index[];
  readonly localIndexes: readonly Index[];
  readonly streamViewType: string | undefined;
  readonly timeToLiveAttribute: string | undefined;
  readonly isDeletionProtected: boolean;
  /** Days that point-in-time recovery reaches back; absent where it is off. */
  readonly recoveryPeriodDays: number | undefined;
  readonly kmsKeyArn: string | undefined;
  readonly tags: readonly Tag[];
  /** The policy of its own that the table carries, as a document. */
  readonly resourcePolicy: unknown;
}

interface Tag {
  readonly Key: string;
  readonly Value: string;
}
interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}
interface AttributeDefinition {
  readonly AttributeName: string;
  readonly AttributeType: string;
}
interface Index {
  readonly IndexName: string;
  readonly KeySchema: readonly KeyElement[];
  readonly Projection: unknown;
}

interface TableProperties {
  readonly KeySchema: readonly KeyElement[];
  readonly AttributeDefinitions: readonly AttributeDefinition[];
  readonly GlobalSecondaryIndexes?: readonly Index[];
  readonly LocalSecondaryIndexes?: readonly Index[];
  readonly StreamSpecification?: { readonly StreamViewType?: string };
  readonly TimeToLiveSpecification?: { readonly AttributeName?: string; readonly Enabled?: boolean };
  readonly Replicas?: readonly Replica[];
}
type Replica = {
  readonly DeletionProtectionEnabled?: boolean;
  readonly PointInTimeRecoverySpecification?: {
    readonly PointInTimeRecoveryEnabled?: boolean;
    readonly RecoveryPeriodInDays?: number;
  };
  readonly SSESpecification?: { readonly KMSMasterKeyId?: string };
  readonly ResourcePolicy?: { readonly PolicyDocument?: unknown };
  readonly Tags?: readonly Tag[];
};

// The period when the template names none (API reference, PointInTimeRecoverySpecification).
const RECOVERY_PERIOD_DAYS_MAX = 35;

/** The tables of AWS::DynamoDB::GlobalTable and AWS::DynamoDB::Table. */
export function tablesOf(template: CloudTemplate): readonly TableDeclaration[] {
  return template.ofType('AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table').map(tableOf);
}

function tableOf(resource: Resource): TableDeclaration {
  const properties = resource.properties as unknown as TableProperties & Replica;
  const ownReplica = properties.Replicas?.[0] ?? properties;
  const recovery = ownReplica.PointInTimeRecoverySpecification;
  const timeToLive = properties.TimeToLiveSpecification;
  return {
    name: resource.physicalId,
    arn: resource.attribute('Arn'),
    keySchema: properties.KeySchema,
    attributes: properties.AttributeDefinitions,
    globalIndexes: (properties.GlobalSecondaryIndexes ?? []).map(onlyDeclared),
    localIndexes: (properties.LocalSecondaryIndexes ?? []).map(onlyDeclared),
    streamViewType: properties.StreamSpecification?.StreamViewType,
    timeToLiveAttribute: timeToLive?.Enabled === false ? undefined : timeToLive?.AttributeName,
    isDeletionProtected: ownReplica.DeletionProtectionEnabled === true,
    recoveryPeriodDays: recovery?.PointInTimeRecoveryEnabled
      ? (recovery.RecoveryPeriodInDays ?? RECOVERY_PERIOD_DAYS_MAX)
      : undefined,
    kmsKeyArn: ownReplica.SSESpecification?.KMSMasterKeyId,
    tags: ownReplica.Tags ?? [],
    resourcePolicy: ownReplica.ResourcePolicy?.PolicyDocument,
  };
}

const onlyDeclared = ({ IndexName, KeySchema, Projection }: Index): Index => ({ IndexName, KeySchema, Projection });

/**
 * Creates what has never been created; a table that exists keeps its items. One that was created once and is gone was
 * deleted, or lost: like CloudFormation, this does not make it again. Throws if a table's keys differ from the template's.
 */
export async function provisionTables(
  tables: readonly TableDeclaration[],
  dynamoDb: AwsJsonCall,
  state: RunnerState,
): Promise<void> {
  const call: AwsJsonCall = (action, input) => dynamoDb(`DynamoDB_20120810.${action}`, input);
  await Promise.all(
    tables.map(async (table) => {
      const existing = await describe(table.name, call);
      if (!existing && wasMade(state, table.name)) return;
      await provision(table, existing, call);
      rememberMade(state, table.name);
    }),
  );
}

interface Existing {
  readonly KeySchema: readonly KeyElement[];
  readonly GlobalSecondaryIndexes?: readonly { readonly IndexName: string }[];
  readonly StreamSpecification?: { readonly StreamEnabled?: boolean };
}

async function provision(table: TableDeclaration, existing: Existing | undefined, call: AwsJsonCall): Promise<void> {
  if (existing) await update(table, existing, call);
  else await create(table, call);
  if (!table.timeToLiveAttribute) return;
  const { TimeToLiveDescription } = await call('DescribeTimeToLive', { TableName: table.name });
  if (Object(TimeToLiveDescription)['TimeToLiveStatus'] === 'ENABLED') return;
  const TimeToLiveSpecification = { Enabled: true, AttributeName: table.timeToLiveAttribute };
  await call('UpdateTimeToLive', { TableName: table.name, TimeToLiveSpecification });
}

async function describe(TableName: string, call: AwsJsonCall): Promise<Existing | undefined> {
  try {
    return (await call('DescribeTable', { TableName }))['Table'] as Existing;
  } catch (error) {
    if (error instanceof AwsJsonError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function create(table: TableDeclaration, call: AwsJsonCall): Promise<void> {
  await call('CreateTable', {
    TableName: table.name,
    KeySchema: table.keySchema,
    AttributeDefinitions: table.attributes,
    BillingMode: 'PAY_PER_REQUEST',
    DeletionProtectionEnabled: table.isDeletionProtected,
    ...(table.kmsKeyArn && {
      SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: table.kmsKeyArn },
    }),
    ...(table.tags.length > 0 && { Tags: table.tags }),
    ...(table.globalIndexes.length > 0 && { GlobalSecondaryIndexes: table.globalIndexes }),
    ...(table.localIndexes.length > 0 && { LocalSecondaryIndexes: table.localIndexes }),
    ...streamSpecification(table),
  });
}

async function update(table: TableDeclaration, existing: Existing, call: AwsJsonCall): Promise<void> {
  if (keyNames(existing.KeySchema) !== keyNames(table.keySchema)) {
    throw new Error(`Table ${table.name} has other keys than the template's: start with --fresh`);
  }
  const present = new Set((existing.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName));
  for (const index of table.globalIndexes) {
    if (present.has(index.IndexName)) continue;
    const keys = new Set(index.KeySchema.map(({ AttributeName }) => AttributeName));
    const AttributeDefinitions = table.attributes.filter(({ AttributeName }) => keys.has(AttributeName));
    await call('UpdateTable', {
      TableName: table.name,
      AttributeDefinitions,
      GlobalSecondaryIndexUpdates: [{ Create: index }],
    });
  }
  if (table.streamViewType && !existing.StreamSpecification?.StreamEnabled) {
    await call('UpdateTable', { TableName: table.name, ...streamSpecification(table) });
  }
}

function streamSpecification({ streamViewType }: TableDeclaration) {
  return streamViewType ? { StreamSpecification: { StreamEnabled: true, StreamViewType: streamViewType } } : {};
}

const keyNames = (schema: readonly KeyElement[]) =>
  schema.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`).join(', ');
