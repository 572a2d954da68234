import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { classKeyId, classKeyRow } from './class-keys.ts';
import { rowId } from './dynamo.ts';
import type { Owner, RetentionClass } from './entity.ts';
import { mirrorKeyRow } from './key-mirror.ts';
import type { Store } from './open-records.ts';

/** The fences of erased keys, in Keys and in its mirror. */
export interface KeyFences {
  /** Classes of which Keys or the mirror holds anything but a fence. Written as `keys:<class>` or `mirror:<class>`. */
  missing(owner: Owner, classes: readonly RetentionClass[]): Promise<string[]>;
  /** Writes into the mirror what the stream has not brought yet: a fence always wins there. */
  mirror(owner: Owner, classes: readonly RetentionClass[]): Promise<void>;
  /** Which generation of each class key there is now: 1 until it is shredded, and where there has been none. */
  generations(owner: Owner, classes: readonly RetentionClass[]): Promise<ReadonlyMap<RetentionClass, number>>;
}

export function keyFences(
  { dynamo, tableNames }: Pick<Store, 'dynamo' | 'tableNames'>,
  client: Pick<DynamoDBClient, 'send'>,
): KeyFences {
  const keysOf = (table: 'keys' | 'mirror', owner: Owner, classes: readonly RetentionClass[]) =>
    classes.map((retentionClass) => ({
      retentionClass,
      key: { table: tableNames[table], ...classKeyId(owner, retentionClass) },
    }));

  async function unfenced(table: 'keys' | 'mirror', owner: Owner, classes: readonly RetentionClass[]) {
    const keys = keysOf(table, owner, classes);
    const rows = await dynamo.batchGet(keys.map(({ key }) => [key]));
    return keys.filter(({ key }) => {
      const row = classKeyRow(rows.get(rowId(key)));
      return row?.state !== 'ERASED' || row.wrapped !== undefined;
    });
  }

  return {
    async missing(owner, classes) {
      const found = await Promise.all(
        (['keys', 'mirror'] as const).map(async (table) =>
          (await unfenced(table, owner, classes)).map(({ retentionClass }) => `${table}:${retentionClass}`),
        ),
      );
      return found.flat();
    },

    async mirror(owner, classes) {
      const keys = keysOf('keys', owner, classes);
      const rows = await dynamo.batchGet(keys.map(({ key }) => [key]));
      const lagging = new Set((await unfenced('mirror', owner, classes)).map(({ retentionClass }) => retentionClass));
      for (const { retentionClass, key } of keys) {
        const row = rows.get(rowId(key));
        const isFence = row !== undefined && classKeyRow(row)?.state === 'ERASED';
        if (isFence && lagging.has(retentionClass)) await mirrorKeyRow(client, tableNames.mirror, row);
      }
    },

    async generations(owner, classes) {
      const keys = keysOf('keys', owner, classes);
      const rows = await dynamo.batchGet(keys.map(({ key }) => [key]));
      return new Map(
        keys.map(({ retentionClass, key }) => [retentionClass, classKeyRow(rows.get(rowId(key)))?.generation ?? 1]),
      );
    },
  };
}
