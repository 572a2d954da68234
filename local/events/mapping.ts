import { createHash } from 'node:crypto';
import type { CloudTemplate } from '../template/template.ts';
import type { EventPattern } from './event-pattern.ts';

/** An event source mapping as its poller needs it. */
export interface EventSourceMapping {
  /** Stays the same from start to start: checkpoints are kept under it. */
  readonly id: string;
  readonly functionName: string;
  readonly sourceArn: string;
  readonly batchSize: number;
  readonly windowMilliseconds: number;
  /** Of a queue; a stream's shard has one batch at a time. */
  readonly batchesAtOnceMax: number;
  readonly startsAtLatest: boolean;
  readonly bisectsOnError: boolean;
  /** Infinite where none is set, or -1: a stream waits for its consumer. */
  readonly retriesMax: number;
  readonly reportsItemFailures: boolean;
  readonly filters: readonly EventPattern[];
  readonly onFailureArn: string | undefined;
}

/** A mapping in the words that AWS::Lambda::EventSourceMapping and Lambda's API share. */
export interface MappingProperties {
  readonly FunctionName: string;
  readonly EventSourceArn: string;
  readonly Enabled?: boolean;
  readonly BatchSize?: number;
  readonly MaximumBatchingWindowInSeconds?: number;
  readonly StartingPosition?: string;
  readonly BisectBatchOnFunctionError?: boolean;
  readonly MaximumRetryAttempts?: number;
  readonly FunctionResponseTypes?: readonly string[];
  readonly FilterCriteria?: { readonly Filters?: readonly { readonly Pattern: string }[] };
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
  readonly DestinationConfig?: { readonly OnFailure?: { readonly Destination?: string } };
}

const played = new Set([
  'FunctionName',
  'EventSourceArn',
  'Enabled',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'StartingPosition',
  'BisectBatchOnFunctionError',
  'MaximumRetryAttempts',
  'FunctionResponseTypes',
  'FilterCriteria',
  'DestinationConfig',
  'ScalingConfig',
]);

/** What may stand in a mapping and changes nothing here, with the reason. */
const withoutEffect: Readonly<Record<string, string>> = {
  MaximumRecordAgeInSeconds: 'a jump of the clock would make every waiting record too old; the retries are the bound',
  ParallelizationFactor: 'one batch of a shard runs at a time',
  KmsKeyArn: 'filters are not stored',
  MetricsConfig: 'there is nothing to measure on one machine',
  Tags: 'nobody is billed',
};

/** How many batches of a queue Lambda has under way when nothing is set and it begins (developer guide, "Scaling"). */
const DEFAULT_BATCHES_AT_ONCE = 5;

const DEFAULT_BATCH_SIZE = { dynamodb: 100, sqs: 10 } as const;

export type SourceService = keyof typeof DEFAULT_BATCH_SIZE;

export interface DeclaredMapping {
  readonly id: string;
  readonly uuid: string;
  readonly properties: MappingProperties;
}

/** The template's mappings, disabled ones too; throws for a source or a property that is not played. */
export function declaredMappings(template: CloudTemplate): readonly DeclaredMapping[] {
  return template.ofType('AWS::Lambda::EventSourceMapping').map(({ stackName, logicalId, properties }) => {
    const unknown = unplayedProperty(properties);
    if (unknown) throw new Error(`${logicalId}: the embedded cloud does not play ${unknown}`);
    const mapping = properties as unknown as MappingProperties;
    if (!sourceService(mapping.EventSourceArn)) {
      throw new Error(`${logicalId}: the embedded cloud polls no ${mapping.EventSourceArn.split(':')[2]}`);
    }
    const id = `${stackName}/${logicalId}`;
    return { id, uuid: uuidOf(id), properties: mapping };
  });
}

/** The first property that the embedded cloud would have to ignore. */
export function unplayedProperty(properties: object): string | undefined {
  return Object.keys(properties).find((name) => !played.has(name) && !(name in withoutEffect));
}

export function sourceService(sourceArn: string): SourceService | undefined {
  const service = sourceArn.split(':')[2] ?? '';
  return Object.hasOwn(DEFAULT_BATCH_SIZE, service) ? (service as SourceService) : undefined;
}

export function batchSizeOf({ BatchSize, EventSourceArn }: MappingProperties): number {
  return BatchSize ?? DEFAULT_BATCH_SIZE[sourceService(EventSourceArn) ?? 'dynamodb'];
}

/** What the properties leave out has Lambda's default. Throws SyntaxError for a filter that is no JSON. */
export function mappingFrom(id: string, properties: MappingProperties): EventSourceMapping {
  const retries = properties.MaximumRetryAttempts ?? -1;
  return {
    id,
    functionName: properties.FunctionName,
    sourceArn: properties.EventSourceArn,
    batchSize: batchSizeOf(properties),
    batchesAtOnceMax: properties.ScalingConfig?.MaximumConcurrency ?? DEFAULT_BATCHES_AT_ONCE,
    windowMilliseconds: (properties.MaximumBatchingWindowInSeconds ?? 0) * 1000,
    startsAtLatest: properties.StartingPosition === 'LATEST',
    bisectsOnError: properties.BisectBatchOnFunctionError ?? false,
    retriesMax: retries < 0 ? Number.POSITIVE_INFINITY : retries,
    reportsItemFailures: properties.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
    filters: (properties.FilterCriteria?.Filters ?? []).map(({ Pattern }) => JSON.parse(Pattern) as EventPattern),
    onFailureArn: properties.DestinationConfig?.OnFailure?.Destination,
  };
}

/** Lambda names mappings by UUIDs; the template's get one that stays the same. */
function uuidOf(id: string): string {
  const hex = createHash('sha256').update(`event source mapping ${id}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
