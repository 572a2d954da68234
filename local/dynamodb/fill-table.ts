import type { AwsJsonCall } from '../aws-json.ts';

const ITEMS_PER_WRITE_MAX = 25;
const WRITES_AT_ONCE_MAX = 4;

type Item = Readonly<Record<string, unknown>>;

/** Puts all items into the table; of several with equal keys one remains. Resolves with how many there were. */
export async function fillTable(
  table: { readonly name: string; readonly keyNames: readonly string[] },
  items: AsyncIterable<Item>,
  engine: AwsJsonCall,
): Promise<number> {
  const underWay = new Set<Promise<void>>();
  // By key: one write may not name a key twice.
  let batch = new Map<string, Item>();
  let count = 0;
  const flush = async () => {
    const writing = write(table.name, [...batch.values()], engine).finally(() => underWay.delete(writing));
    underWay.add(writing);
    batch = new Map();
    if (underWay.size >= WRITES_AT_ONCE_MAX) await Promise.race(underWay);
  };
  try {
    for await (const item of items) {
      batch.set(JSON.stringify(table.keyNames.map((name) => item[name])), item);
      count += 1;
      if (batch.size === ITEMS_PER_WRITE_MAX) await flush();
    }
    if (batch.size > 0) await flush();
    await Promise.all(underWay);
  } finally {
    // Nobody else waits for those that are still on their way when one has failed.
    await Promise.allSettled(underWay);
  }
  return count;
}

async function write(tableName: string, items: readonly Item[], engine: AwsJsonCall): Promise<void> {
  let requests: readonly unknown[] = items.map((Item) => ({ PutRequest: { Item } }));
  while (requests.length > 0) {
    const { UnprocessedItems } = await engine('BatchWriteItem', { RequestItems: { [tableName]: requests } });
    requests = Object(UnprocessedItems)[tableName] ?? [];
  }
}
