import type { CloudTemplate } from '../template/template.ts';
import type { EventPattern } from './event-pattern.ts';

/** An AWS::Lambda::EventSourceMapping; what the template leaves out has Lambda's default. */
export interface EventSourceMapping {
  /** Stays the same from start to start: checkpoints are kept under it. */
  readonly id: string;
  readonly functionName: string;
  readonly sourceArn: string;
  readonly batchSize: number;
  readonly windowMilliseconds: number;
  readonly startsAtLatest: boolean;
  readonly bisectsOnError: boolean;
  /** Infinite where the template sets none, or -1: a stream waits for its consumer. */
  readonly retriesMax: number;
  readonly reportsItemFailures: boolean;
  readonly filters: readonly EventPattern[];
  readonly onFailureArn: string | undefined;
}

interface MappingProperties {
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
]);

/** What may stand in a mapping and changes nothing here, with the reason. */
const withoutEffect: Readonly<Record<string, string>> = {
  MaximumRecordAgeInSeconds: 'a jump of the clock would make every waiting record too old; the retries are the bound',
  ParallelizationFactor: 'one batch of a shard runs at a time',
  ScalingConfig: 'one batch of a queue runs at a time',
  KmsKeyArn: 'filters are not stored',
  MetricsConfig: 'there is nothing to measure on one machine',
  Tags: 'nobody is billed',
};

const DEFAULT_STREAM_BATCH_SIZE = 100;
const DEFAULT_QUEUE_BATCH_SIZE = 10;

/** The enabled mappings whose source belongs to the service, `dynamodb` or `sqs`; throws for any other source. */
export function mappingsOf(template: CloudTemplate, service: 'dynamodb' | 'sqs'): readonly EventSourceMapping[] {
  return template.ofType('AWS::Lambda::EventSourceMapping').flatMap(({ stackName, logicalId, properties }) => {
    const mapping = properties as unknown as MappingProperties;
    for (const name of Object.keys(properties)) {
      if (!played.has(name) && !(name in withoutEffect))
        throw new Error(`${logicalId}: the embedded cloud does not play ${name}`);
    }
    const source = mapping.EventSourceArn.split(':')[2];
    if (source !== 'dynamodb' && source !== 'sqs')
      throw new Error(`${logicalId}: the embedded cloud polls no ${source}`);
    if (source !== service || mapping.Enabled === false) return [];
    const retries = mapping.MaximumRetryAttempts ?? -1;
    return {
      id: `${stackName}/${logicalId}`,
      functionName: mapping.FunctionName,
      sourceArn: mapping.EventSourceArn,
      batchSize: mapping.BatchSize ?? (service === 'dynamodb' ? DEFAULT_STREAM_BATCH_SIZE : DEFAULT_QUEUE_BATCH_SIZE),
      windowMilliseconds: (mapping.MaximumBatchingWindowInSeconds ?? 0) * 1000,
      startsAtLatest: mapping.StartingPosition === 'LATEST',
      bisectsOnError: mapping.BisectBatchOnFunctionError ?? false,
      retriesMax: retries < 0 ? Number.POSITIVE_INFINITY : retries,
      reportsItemFailures: mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
      filters: (mapping.FilterCriteria?.Filters ?? []).map(({ Pattern }) => JSON.parse(Pattern) as EventPattern),
      onFailureArn: mapping.DestinationConfig?.OnFailure?.Destination,
    };
  });
}
