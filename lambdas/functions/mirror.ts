import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { dynamoClient } from '../platform/dynamo.ts';
import { env } from '../platform/env.ts';
import { type Mirror, mirrorKeyRows } from '../platform/key-mirror.ts';

const mirror: Mirror = {
  client: dynamoClient(),
  table: env('KEYS_MIRROR_TABLE'),
  log: (line) => console.warn(JSON.stringify(line)),
};

/** Copies every new image of a key row. */
export const handler = ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> =>
  mirrorKeyRows(Records, mirror);
