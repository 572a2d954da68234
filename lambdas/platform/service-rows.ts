import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { type Dynamo, rowId } from './dynamo.ts';
import { type GateState, gateKey } from './gate.ts';

/** The documents beside the gate, in the one table that no restore replaces: one of each kind at a time. */
const serviceDocuments = ['RESTORE', 'DRILL', 'RETIRED'] as const;
export type ServiceDocumentName = (typeof serviceDocuments)[number];

export interface ServiceDocument {
  /** Counts the writes: whoever writes names the one that was read. */
  readonly revision: number;
  /** As JSON gives it back; nobody has looked at its shape. */
  readonly content: unknown;
}

export interface ServiceRows {
  /** One consistent read: the gate as it is now, never from memory, and what stands beside it. */
  read(): Promise<{ readonly gate: GateState; readonly documents: ReadonlyMap<ServiceDocumentName, ServiceDocument> }>;
  /**
   * Compare-and-swap; `revision` undefined where nothing was read. False when somebody else was faster, and also when our
   * own write arrived twice: either way the caller reads again before it goes on.
   */
  swap(name: ServiceDocumentName, content: object, revision: number | undefined): Promise<boolean>;
  /** Removes what was read; false when it has changed since. */
  remove(name: ServiceDocumentName, revision: number): Promise<boolean>;
}

export function serviceRows(options: {
  readonly dynamo: Dynamo;
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly table: string;
  readonly deployedGeneration: number;
}): ServiceRows {
  const { dynamo, client, table, deployedGeneration } = options;
  const keyOf = (sk: string) => ({ table, pk: gateKey.pk, sk });
  const unchanged = (revision: number | undefined) =>
    revision === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: 'revision = :read',
          ExpressionAttributeValues: { ':read': { N: String(revision) } },
        };

  return {
    async read() {
      const keys = [gateKey.sk, ...serviceDocuments].map(keyOf);
      const rows = await dynamo.batchGet([keys]);
      const gate = rows.get(rowId(keyOf(gateKey.sk)));
      const documents = serviceDocuments.flatMap((name) => {
        const row = rows.get(rowId(keyOf(name)));
        if (!row) return [];
        const content: unknown = JSON.parse(row['content']?.S ?? 'null');
        return [[name, { revision: Number(row['revision']?.N), content }] as const];
      });
      return {
        gate: {
          generation: Number(gate?.['generation']?.N ?? deployedGeneration),
          isOpen: gate?.['state']?.S !== 'closed',
        },
        documents: new Map(documents),
      };
    },

    swap: (name, content, revision) =>
      unlessRefused(
        client.send(
          new PutItemCommand({
            TableName: table,
            Item: marshall({
              pk: gateKey.pk,
              sk: name,
              revision: (revision ?? 0) + 1,
              content: JSON.stringify(content),
            }),
            ...unchanged(revision),
          }),
        ),
      ),

    remove: (name, revision) =>
      unlessRefused(
        client.send(
          new DeleteItemCommand({
            TableName: table,
            Key: marshall({ pk: gateKey.pk, sk: name }),
            ...unchanged(revision),
          }),
        ),
      ),
  };
}

async function unlessRefused(written: Promise<unknown>): Promise<boolean> {
  try {
    await written;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
