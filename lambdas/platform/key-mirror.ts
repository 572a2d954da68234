import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import type { Row } from './dynamo.ts';
import { errorName } from './error-name.ts';
import { LEDGER_HEAD } from './ledger.ts';
import { rowFromStream } from './stream-record.ts';

type MirrorOutcome = 'copied' | 'kept';

export interface Mirror {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly table: string;
  /** One line for the log: codes only. */
  log(line: { readonly metric: string; readonly state?: string; readonly error?: string }): void;
}

/**
 * Copies every new image of a key row, in the stream's order. The first that fails is given back by its sequence number,
 * to be tried again with all that follow it: a later state must not be overtaken by an earlier one.
 */
export async function mirrorKeyRows(
  records: readonly DynamoDBRecord[],
  { client, table, log }: Mirror,
): Promise<DynamoDBBatchResponse> {
  for (const { dynamodb } of records) {
    if (!dynamodb?.NewImage) continue;
    const row = rowFromStream(dynamodb.NewImage);
    try {
      const outcome = await mirrorKeyRow(client, table, row);
      // Nobody may write one key over another: a fence over a key is the only change that may come.
      if (outcome === 'kept')
        log({ metric: 'key-row-not-mirrored', ...(row['state']?.S && { state: row['state'].S }) });
    } catch (error) {
      log({ metric: 'mirror-failed', error: errorName(error) });
      return { batchItemFailures: [{ itemIdentifier: dynamodb.SequenceNumber ?? '' }] };
    }
  }
  return { batchItemFailures: [] };
}

/**
 * Copies one key row into the mirror, where a fence always wins and a key is never replaced by another: a row in Keys
 * that was overwritten by mistake or malice is still whole here. Repeating or reordering copies changes nothing.
 */
export async function mirrorKeyRow(
  client: Pick<DynamoDBClient, 'send'>,
  mirrorTable: string,
  row: Row,
): Promise<MirrorOutcome> {
  const isFence = row['state']?.S === 'ERASED';
  try {
    await client.send(
      new PutItemCommand({
        TableName: mirrorTable,
        Item: isFence ? withoutKey(row) : row,
        ...(!isFence && (row['sk']?.S === LEDGER_HEAD ? onlyForward(row) : onlyWhatMayFollow(row))),
      }),
    );
    return 'copied';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'kept';
    throw error;
  }
}

/** The ledger's head never goes back. */
const onlyForward = (row: Row) => ({
  ConditionExpression: 'attribute_not_exists(pk) OR #sequence <= :sequence',
  ExpressionAttributeNames: { '#sequence': 'sequence' },
  ExpressionAttributeValues: { ':sequence': row['sequence'] ?? { N: '0' } },
});

/** A later state of the same key, or the key that was made when that one was shredded. */
function onlyWhatMayFollow(row: Row) {
  const notFenced = '#state <> :erased';
  const notEarlier = '(attribute_not_exists(#revision) OR #revision <= :revision)';
  const sameKey = 'wrappedKey = :wrapped';
  const generation = Number(row['generation']?.N ?? 1);
  const madeAnew = '(attribute_not_exists(generation) OR generation < :generation)';
  const mayFollow = generation === 1 ? sameKey : `(${sameKey} OR ${madeAnew})`;
  return {
    ConditionExpression: `attribute_not_exists(pk) OR (${notFenced} AND ${notEarlier} AND ${mayFollow})`,
    ExpressionAttributeNames: { '#state': 'state', '#revision': 'revision' },
    ExpressionAttributeValues: {
      ':erased': { S: 'ERASED' },
      ':wrapped': row['wrappedKey'] ?? { NULL: true },
      ':revision': row['revision'] ?? { N: '0' },
      ...(generation !== 1 && { ':generation': { N: String(generation) } }),
    },
  };
}

/** Whatever the fence in Keys looks like: here no key outlives it. */
const withoutKey = ({ wrappedKey: _, ...fence }: Row): Row => fence;
