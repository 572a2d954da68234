import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { TableName } from './tables.ts';

/**
 * Rows of numbers in Transient that end by themselves. They stand outside every change, without an activity record: what
 * only counts, or limits, must never be what a request waits for or fails with, and says nothing of anybody.
 */
export interface Counters {
  /** Adds to each number of a row, which is made where there is none; answers what they are then. One write. */
  add(
    key: CounterKey,
    by: Readonly<Record<string, number>>,
    expiresAtEpochSeconds: number,
  ): Promise<Readonly<Record<string, number>>>;
  /** Sets numbers of a row, whatever they were. One write. */
  set(key: CounterKey, to: Readonly<Record<string, number>>, expiresAtEpochSeconds: number): Promise<void>;
  /** The text that a row holds: the one given, unless somebody was faster. One write. */
  settle(key: CounterKey, text: string, expiresAtEpochSeconds: number): Promise<string>;
}

export interface CounterKey {
  readonly pk: string;
  readonly sk: string;
}

export const counters = (
  client: Pick<DynamoDBClient, 'send'>,
  tableNames: Readonly<Record<TableName, string>>,
): Counters => {
  async function update(
    { pk, sk }: CounterKey,
    expression: string,
    names: Readonly<Record<string, string>>,
    values: Readonly<Record<string, number | string>>,
  ) {
    const { Attributes = {} } = await client.send(
      new UpdateItemCommand({
        TableName: tableNames.transient,
        Key: marshall({ pk, sk }),
        UpdateExpression: expression,
        ExpressionAttributeNames: { ...names, '#expires': 'expiresAtEpochSeconds' },
        ExpressionAttributeValues: marshall(values),
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return unmarshall(Attributes);
  }

  return {
    async add(key, by, expiresAtEpochSeconds) {
      const { names, values, placeholders } = named(by);
      const added = placeholders.map((i) => `#n${i} :n${i}`).join(', ');
      const { expiresAtEpochSeconds: _, ...now } = await update(key, `SET #expires = :expires ADD ${added}`, names, {
        ...values,
        ':expires': expiresAtEpochSeconds,
      });
      return now as Record<string, number>;
    },

    async set(key, to, expiresAtEpochSeconds) {
      const { names, values, placeholders } = named(to);
      const assigned = placeholders.map((i) => `, #n${i} = :n${i}`).join('');
      await update(key, `SET #expires = :expires${assigned}`, names, { ...values, ':expires': expiresAtEpochSeconds });
    },

    async settle(key, text, expiresAtEpochSeconds) {
      const { content } = await update(
        key,
        'SET #content = if_not_exists(#content, :content), #expires = :expires',
        { '#content': 'content' },
        { ':content': text, ':expires': expiresAtEpochSeconds },
      );
      return String(content);
    },
  };
};

/** Names of numbers come from routes and browsers: none of them may be read as a part of the expression. */
function named(numbers: Readonly<Record<string, number>>) {
  const entries = Object.entries(numbers);
  return {
    placeholders: [...entries.keys()],
    names: Object.fromEntries(entries.map(([name], i) => [`#n${i}`, name])),
    values: Object.fromEntries(entries.map(([, value], i) => [`:n${i}`, value])),
  };
}
