import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  type EventSourceMappingConfiguration,
  type LambdaClient,
  ListEventSourceMappingsCommand,
  ResourceConflictException,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';

const PAGES_MAX = 100;

/** Which functions hear of the changes of which table (Lambda's event source mappings). */
export interface StreamMappings {
  /**
   * Whoever hears of the one table hears of the other stream too, by the same settings and from its first record on:
   * the settings are the deployment's, and stand nowhere else. Gives how many there are then.
   */
  copy(fromTable: string, toStreamArn: string): Promise<number>;
  /** Nobody hears of that table any more; whatever of its streams is there. Gives how many were removed. */
  remove(table: string): Promise<number>;
}

export function streamMappings(client: Pick<LambdaClient, 'send'>): StreamMappings {
  async function all(): Promise<EventSourceMappingConfiguration[]> {
    const found: EventSourceMappingConfiguration[] = [];
    let Marker: string | undefined;
    for (let page = 0; page < PAGES_MAX; page++) {
      const answer = await client.send(new ListEventSourceMappingsCommand({ ...(Marker && { Marker }) }));
      found.push(...(answer.EventSourceMappings ?? []));
      Marker = answer.NextMarker;
      if (!Marker) return found;
    }
    throw new Error('A list of event source mappings without an end');
  }

  return {
    async copy(fromTable, toStreamArn) {
      const existing = await all();
      const wanted = distinctByFunction(existing.filter(isOf(fromTable)));
      for (const mapping of wanted) {
        const isThere = existing.some(
          ({ EventSourceArn, FunctionArn }) => EventSourceArn === toStreamArn && FunctionArn === mapping.FunctionArn,
        );
        if (!isThere) await create(client, mapping, toStreamArn);
      }
      return wanted.length;
    },

    async remove(table) {
      const existing = (await all()).filter(isOf(table));
      for (const { UUID } of existing) {
        await client.send(new DeleteEventSourceMappingCommand({ UUID })).catch((error: unknown) => {
          if (!(error instanceof ResourceNotFoundException)) throw error;
        });
      }
      return existing.length;
    },
  };
}

/** `arn:aws:dynamodb:…:table/<table>/stream/<label>`. */
const isOf =
  (table: string) =>
  ({ EventSourceArn }: EventSourceMappingConfiguration): boolean =>
    EventSourceArn?.split('/')[1] === table && EventSourceArn.split(':')[2] === 'dynamodb';

/** A table whose stream was turned off and on has had several. */
const distinctByFunction = (mappings: readonly EventSourceMappingConfiguration[]) => [
  ...new Map(mappings.map((mapping) => [mapping.FunctionArn, mapping])).values(),
];

async function create(
  client: Pick<LambdaClient, 'send'>,
  like: EventSourceMappingConfiguration,
  EventSourceArn: string,
): Promise<void> {
  const { FunctionArn, BatchSize, MaximumBatchingWindowInSeconds, ParallelizationFactor } = like;
  const { BisectBatchOnFunctionError, MaximumRetryAttempts, MaximumRecordAgeInSeconds } = like;
  const { DestinationConfig, FilterCriteria, FunctionResponseTypes } = like;
  try {
    await client.send(
      new CreateEventSourceMappingCommand({
        FunctionName: FunctionArn,
        EventSourceArn,
        StartingPosition: 'TRIM_HORIZON',
        // Whatever the old one is: Lambda turns off what hears of a table that is gone.
        Enabled: true,
        BatchSize,
        MaximumBatchingWindowInSeconds,
        ParallelizationFactor,
        BisectBatchOnFunctionError,
        MaximumRetryAttempts,
        MaximumRecordAgeInSeconds,
        DestinationConfig,
        FilterCriteria,
        FunctionResponseTypes,
      }),
    );
  } catch (error) {
    // Made by a call whose answer never came.
    if (!(error instanceof ResourceConflictException)) throw error;
  }
}
