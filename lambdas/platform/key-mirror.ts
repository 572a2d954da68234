import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';

export type MirrorOutcome = 'copied' | 'kept';

/**
 * Copies one key row into the mirror, where a fence always wins and a key is never replaced by another: a row in Keys
 * that was overwritten by mistake or malice is still whole here. Repeating or reordering copies changes nothing.
 */
export async function mirrorKeyRow(
  client: Pick<DynamoDBClient, 'send'>,
  mirrorTable: string,
  row: Record<string, AttributeValue>,
): Promise<MirrorOutcome> {
  const isFence = row['state']?.S === 'ERASED';
  const notFenced = '#state <> :erased';
  const sameKey = 'wrappedKey = :wrapped';
  const condition = isFence ? undefined : `attribute_not_exists(pk) OR (${notFenced} AND ${sameKey})`;
  try {
    await client.send(
      new PutItemCommand({
        TableName: mirrorTable,
        Item: row,
        ...(condition && {
          ConditionExpression: condition,
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: { ':erased': { S: 'ERASED' }, ':wrapped': row['wrappedKey'] ?? { NULL: true } },
        }),
      }),
    );
    return 'copied';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'kept';
    throw error;
  }
}
