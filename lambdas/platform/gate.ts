import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { type Dynamo, rowId } from './dynamo.ts';
import { type TableDeclaration, type TableName, tables } from './tables.ts';

/**
 * The gate: which generation of the tables is active, and whether anyone may come in. A restore closes it, makes the
 * next generation, and opens it on that; nobody ever works on two generations at once.
 */
export interface GateState {
  readonly generation: number;
  readonly isOpen: boolean;
  /** RFC 3339; absent while it is open. */
  readonly closedAt?: string;
  /** Since when it has been open, RFC 3339; absent while it is closed, and where it was never closed. */
  readonly openedAt?: string;
}

export interface Gate {
  /** Read consistently; remembered for {@link GATE_REMEMBERED_SECONDS} while open, never while closed. */
  current(): Promise<GateState>;
  /** As last read; the deployed generation before that. */
  readonly generation: number;
}

export type TableNames = Readonly<Record<TableName, string>>;

export const gateKey = { pk: 'SERVICE', sk: 'GATE' } as const;
/** How long a container goes on believing that the gate is open: a restore waits longer than that before it begins. */
export const GATE_REMEMBERED_SECONDS = 10;

const inGenerations = new Set(
  Object.entries<TableDeclaration>(tables)
    .filter(([, { afterRestore }]) => afterRestore !== 'kept')
    .map(([name]) => name),
);
const SUFFIX = /-g(\d+)$/;

/** The generation that physical names were deployed with; 1 where they carry none. */
export const generationOf = (names: TableNames): number => Number(SUFFIX.exec(names.core)?.[1] ?? 1);

/** The same tables in another generation; what no restore touches keeps its name. */
export const tableNamesOfGeneration = (names: TableNames, generation: number): TableNames =>
  namesOf(names, () => generation);

/** Names that follow the gate: whoever keeps the object has the active generation's. */
export const activeTableNames = (names: TableNames, gate: Pick<Gate, 'generation'>): TableNames =>
  namesOf(names, () => gate.generation);

function namesOf(names: TableNames, generation: () => number): TableNames {
  const active = {} as Record<TableName, string>;
  for (const [name, deployed] of Object.entries(names)) {
    Object.defineProperty(active, name, {
      enumerable: true,
      get: () => (inGenerations.has(name) ? deployed.replace(SUFFIX, `-g${generation()}`) : deployed),
    });
  }
  return active;
}

/** `table` is undefined where a function holds no tables: then there is nothing to wait for. */
export function gate(options: {
  readonly dynamo: Dynamo;
  readonly table: string | undefined;
  readonly deployedGeneration: number;
  now(): Date;
}): Gate {
  const { dynamo, table, deployedGeneration } = options;
  let known: GateState = { generation: deployedGeneration, isOpen: true };
  let believedUntil = 0;
  return {
    get generation() {
      return known.generation;
    },
    async current() {
      const now = options.now().getTime();
      if (table === undefined || now < believedUntil) return known;
      const key = { table, ...gateKey };
      const row = (await dynamo.batchGet([[key]])).get(rowId(key));
      const isOpen = row?.['state']?.S !== 'closed';
      const since = row?.['since']?.S;
      known = {
        generation: Number(row?.['generation']?.N ?? deployedGeneration),
        isOpen,
        ...(!isOpen && { closedAt: since ?? '' }),
        ...(isOpen && since !== undefined && { openedAt: since }),
      };
      believedUntil = known.isOpen ? now + GATE_REMEMBERED_SECONDS * 1000 : 0;
      return known;
    },
  };
}

/** Where a gate is written: the restore's right alone. */
export interface GateTable {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly table: string;
}

/** Nobody comes in any more. False when it was not open on that generation (any more). */
export const closeGate = (to: GateTable, generation: number, now: Date): Promise<boolean> =>
  writeGate(to, { generation, state: 'closed' }, now, 'attribute_not_exists(pk) OR generation = :was', generation);

/** Opens on a generation, from the one that it was closed on. False when it was closed on another. */
export const openGate = (to: GateTable, generation: number, closedOn: number, now: Date): Promise<boolean> =>
  writeGate(to, { generation, state: 'open' }, now, 'generation IN (:was, :is)', closedOn);

async function writeGate(
  { client, table }: GateTable,
  row: { readonly generation: number; readonly state: 'open' | 'closed' },
  now: Date,
  condition: string,
  was: number,
): Promise<boolean> {
  try {
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: marshall({ ...gateKey, ...row, since: now.toISOString() }),
        ConditionExpression: condition,
        ExpressionAttributeValues: {
          ':was': { N: String(was) },
          ...(condition.includes(':is') && { ':is': { N: String(row.generation) } }),
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
