import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient({});

/** What everyone writes first: the SDK with its defaults, one GetItem, the item as JSON. */
export async function handler() {
  const Key = { pk: { S: 'BENCH' }, sk: { S: 'BENCH' } };
  const { Item } = await client.send(new GetItemCommand({ TableName: process.env['CORE_TABLE'], Key }));
  return { statusCode: Item ? 200 : 404, body: JSON.stringify(Item) };
}
