import { randomUUID } from 'node:crypto';
import { ACCOUNT_ID, REGION } from '../account.ts';
import type { AwsJsonCall } from '../aws-json.ts';
import {
  batchSizeOf,
  type MappingProperties,
  mappingFrom,
  sourceService,
  unplayedProperty,
} from '../events/mapping.ts';
import type { EventSources, MappingRecord } from '../events/sources.ts';
import { engineStreamArn } from '../events/stream-poller.ts';
import { assertReachable } from '../events/targets.ts';
import type { Invoker } from './invocation.ts';
import type { InvokeAnswer } from './invoke-api.ts';

export interface MappingApi {
  readonly sources: EventSources;
  readonly invoker: Invoker;
  readonly dynamoDb: AwsJsonCall;
}

export interface MappingRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

const path = /^\/2015-03-31\/event-source-mappings\/?([0-9a-f-]{36})?$/;
const MAPPINGS_PER_PAGE_MAX = 100;
const BATCH_SIZE_MAX = 10_000;

export const isMappingPath = (pathname: string) => path.test(pathname);

/** An error of Lambda's own kind. */
class MappingProblem extends Error {
  override readonly name = 'MappingProblem';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Create-, Get-, List-, Update- and DeleteEventSourceMapping (Lambda API reference) for streams of tables and for queues. */
export async function answerMappings(api: MappingApi, request: MappingRequest): Promise<InvokeAnswer> {
  try {
    return await answerTo(api, request);
  } catch (error) {
    if (!(error instanceof MappingProblem)) throw error;
    const body = JSON.stringify({ Type: 'User', Message: error.message });
    return { status: error.status, headers: headersWith({ 'x-amzn-errortype': error.code }), body };
  }
}

async function answerTo(
  api: MappingApi,
  { method, path: pathname, query, body }: MappingRequest,
): Promise<InvokeAnswer> {
  const { sources, invoker } = api;
  const uuid = path.exec(pathname)?.[1];
  if (uuid === undefined) {
    if (method === 'GET') return answer(200, listed(api, query));
    if (method === 'POST') return answer(202, described(await create(api, parsed(body)), invoker, 'Creating'));
  } else {
    const record = sources.find(uuid);
    if (!record)
      throw new MappingProblem(404, 'ResourceNotFoundException', 'The resource you requested does not exist.');
    if (method === 'GET') return answer(200, described(record, invoker));
    if (method === 'PUT') return answer(202, described(change(api, record, parsed(body)), invoker, 'Updating'));
    if (method === 'DELETE') {
      sources.remove(record);
      return answer(202, described(record, invoker, 'Deleting'));
    }
  }
  throw new MappingProblem(404, 'UnknownOperationException', 'The embedded Lambda knows no such operation');
}

function listed({ sources, invoker }: MappingApi, query: URLSearchParams) {
  const [sourceArn, functionName, marker] = ['EventSourceArn', 'FunctionName', 'Marker'].map((name) => query.get(name));
  const wanted = sources
    .list()
    .filter(({ properties }) => !sourceArn || properties.EventSourceArn === sourceArn)
    .filter(({ properties }) => !functionName || isSameFunction(invoker, properties.FunctionName, functionName))
    .toSorted((left, right) => (left.uuid < right.uuid ? -1 : 1))
    .filter(({ uuid }) => !marker || uuid > marker);
  const page = wanted.slice(0, Number(query.get('MaxItems') ?? MAPPINGS_PER_PAGE_MAX));
  return {
    EventSourceMappings: page.map((record) => described(record, invoker)),
    ...(page.length < wanted.length && { NextMarker: page.at(-1)?.uuid }),
  };
}

async function create({ sources, invoker, dynamoDb }: MappingApi, input: object): Promise<MappingRecord> {
  const properties = withoutZeroWindow(input) as MappingProperties;
  demandPlayed(properties, invoker);
  const { EventSourceArn, FunctionName, StartingPosition } = properties;
  if (sourceService(EventSourceArn) === 'dynamodb') {
    if (StartingPosition !== 'TRIM_HORIZON' && StartingPosition !== 'LATEST') {
      throw invalid('1 validation error detected: StartingPosition must be TRIM_HORIZON or LATEST.');
    }
    if (!(await engineStreamArn(EventSourceArn, dynamoDb))) throw invalid(`Stream not found: ${EventSourceArn}`);
  }
  const present = sources
    .list()
    .find(
      (record) =>
        record.properties.EventSourceArn === EventSourceArn &&
        isSameFunction(invoker, record.properties.FunctionName, FunctionName),
    );
  if (!present) return sources.add(properties);
  throw new MappingProblem(
    409,
    'ResourceConflictException',
    `An event source mapping with event source ("${EventSourceArn}") and function ("${FunctionName}") already exists. Please update or delete the existing mapping with UUID ${present.uuid}`,
  );
}

/** Neither the source nor the position of a mapping can change. */
function change({ sources, invoker }: MappingApi, record: MappingRecord, input: object): MappingRecord {
  const { EventSourceArn, StartingPosition } = record.properties;
  const properties = {
    ...record.properties,
    ...withoutZeroWindow(input),
    EventSourceArn,
    ...(StartingPosition && { StartingPosition }),
  };
  demandPlayed(properties, invoker);
  return sources.change(record, properties);
}

/** AWS itself answers 0 for a mapping that aggregates nothing, and so it comes back with a copy. */
function withoutZeroWindow(input: object): object {
  const { TumblingWindowInSeconds, ...rest } = input as { TumblingWindowInSeconds?: number };
  return TumblingWindowInSeconds ? input : rest;
}

function demandPlayed(properties: MappingProperties, invoker: Invoker): void {
  const { FunctionName, EventSourceArn = '' } = properties;
  const unknown = unplayedProperty(properties);
  if (unknown) throw invalid(`The embedded Lambda does not play ${unknown}`);
  if (!invoker.find(FunctionName ?? '')) {
    throw new MappingProblem(404, 'ResourceNotFoundException', `Function not found: ${FunctionName}`);
  }
  if (!sourceService(EventSourceArn)) throw invalid(`Unrecognized event source: ${EventSourceArn}`);
  const batchSize = batchSizeOf(properties);
  if (!(batchSize >= 1 && batchSize <= BATCH_SIZE_MAX)) throw invalid('BatchSize must be between 1 and 10000');
  try {
    const { onFailureArn } = mappingFrom('', properties);
    if (onFailureArn) assertReachable(onFailureArn, 'The mapping', invoker);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : 'Invalid filter pattern definition.');
  }
}

const invalid = (message: string) => new MappingProblem(400, 'InvalidParameterValueException', message);

function isSameFunction(invoker: Invoker, one: string, other: string): boolean {
  const found = invoker.find(one);
  return found !== undefined && found === invoker.find(other);
}

type State = 'Creating' | 'Updating' | 'Deleting';

function described({ uuid, properties, lastModified }: MappingRecord, invoker: Invoker, changing?: State) {
  const { FunctionName, Enabled, StartingPosition, ...rest } = properties;
  const isStream = sourceService(properties.EventSourceArn) === 'dynamodb';
  return {
    ...(isStream && {
      StartingPosition,
      ParallelizationFactor: 1,
      BisectBatchOnFunctionError: false,
      MaximumRecordAgeInSeconds: -1,
      MaximumRetryAttempts: -1,
      TumblingWindowInSeconds: 0,
      LastProcessingResult: 'No records processed',
    }),
    MaximumBatchingWindowInSeconds: 0,
    FunctionResponseTypes: [],
    ...rest,
    UUID: uuid,
    EventSourceMappingArn: `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:event-source-mapping:${uuid}`,
    BatchSize: batchSizeOf(properties),
    FunctionArn: invoker.find(FunctionName)?.arn,
    LastModified: lastModified / 1000,
    State: changing ?? (Enabled === false ? 'Disabled' : 'Enabled'),
    StateTransitionReason: 'User action',
  };
}

function parsed(body: string): object {
  try {
    return Object(JSON.parse(body || '{}'));
  } catch {
    throw new MappingProblem(400, 'InvalidRequestContentException', 'Could not parse request body into json');
  }
}

const answer = (status: number, body: object): InvokeAnswer => ({
  status,
  headers: headersWith({}),
  body: JSON.stringify(body),
});

function headersWith(headers: Readonly<Record<string, string>>): Record<string, string> {
  return { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID(), ...headers };
}
