import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { dynamoClient } from '../platform/dynamo.ts';
import { env } from '../platform/env.ts';
import { mirrorKeyRow } from '../platform/key-mirror.ts';

const client = dynamoClient();
const mirrorTable = env('KEYS_MIRROR_TABLE');

/** Copies every new image of a key row; the first that fails is tried again with all that follow it. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  for (const { dynamodb } of Records) {
    if (!dynamodb?.NewImage) continue;
    const row = Object.fromEntries(Object.entries(dynamodb.NewImage).map(([name, value]) => [name, fromStream(value)]));
    try {
      const outcome = await mirrorKeyRow(client, mirrorTable, row);
      // Nobody may write one key over another: a fence over a key is the only change that may come.
      if (outcome === 'kept') console.warn(JSON.stringify({ metric: 'key-row-not-mirrored', state: row['state']?.S }));
    } catch (error) {
      console.error(
        JSON.stringify({ metric: 'mirror-failed', error: error instanceof Error ? error.name : 'unknown' }),
      );
      return { batchItemFailures: [{ itemIdentifier: dynamodb.SequenceNumber ?? '' }] };
    }
  }
  return { batchItemFailures: [] };
}

/** Lambda gives binary attributes as base64 text; the SDK takes bytes. */
function fromStream(value: { B?: string; S?: string; N?: string }): AttributeValue {
  if (value.B !== undefined) return { B: Buffer.from(value.B, 'base64') };
  if (value.N !== undefined) return { N: value.N };
  return { S: value.S ?? '' };
}
