import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { AwsJsonCall } from '../aws-json.ts';
import type { MovableClock } from '../clock.ts';

type Item = Readonly<Record<string, unknown>>;

/** What tables held at earlier moments: what point-in-time recovery and exports rest on. */
export interface History {
  /** From now on the table's changes are remembered. */
  begin(tableName: string): void;
  /** Forgets them all, and remembers no more. */
  end(tableName: string): void;
  /** The table's items as they were, in DynamoDB JSON. */
  itemsAt(tableName: string, epochMilliseconds: number): AsyncIterable<Item>;
  close(): void;
}

/** Longer than any recovery window. */
const KEPT_MILLISECONDS = 36 * 86_400_000;
const BUSY_MILLISECONDS_MAX = 5000;
const ITEMS_PER_READ = 1000;

/**
 * The engine keeps its tables in SQLite, and SQLite lets whoever opens the file add triggers, which run inside the
 * engine's own writes: each change first lays aside what the row held, with the moved clock's time. A past state is the
 * present one with what has changed since put back, the oldest such value of each key.
 */
export function historyBeside(databasePath: string, clock: MovableClock): History {
  if (!existsSync(databasePath)) throw new Error(`The DynamoDB engine has no file ${databasePath}`);
  const database = new DatabaseSync(databasePath, { timeout: BUSY_MILLISECONDS_MAX });
  database.exec(`
    CREATE TABLE IF NOT EXISTS _recovery_clock (one INTEGER PRIMARY KEY CHECK (one = 1), offset_milliseconds INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS _recovery_history (
      id INTEGER PRIMARY KEY, table_name TEXT NOT NULL, at INTEGER NOT NULL, pk TEXT NOT NULL, sk TEXT NOT NULL, before TEXT);
    CREATE INDEX IF NOT EXISTS _recovery_by_time ON _recovery_history (table_name, at);`);
  const setOffset = database.prepare(
    'INSERT INTO _recovery_clock VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET offset_milliseconds = excluded.offset_milliseconds',
  );
  const writeOffset = (offset: number) => void setOffset.run(Math.round(offset));
  writeOffset(clock.offsetMilliseconds);
  const prune = () =>
    void database.prepare('DELETE FROM _recovery_history WHERE at < ?').run(clock.now() - KEPT_MILLISECONDS);
  prune();
  const stopListening = clock.onChange((offset) => {
    writeOffset(offset);
    prune();
  });

  const isTable = (tableName: string) =>
    database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(tableName) !== undefined;

  return {
    begin(tableName) {
      if (!isTable(tableName)) return;
      for (const statement of triggersOf(tableName)) database.exec(statement);
    },
    end(tableName) {
      for (const change of changes) database.exec(`DROP TRIGGER IF EXISTS ${triggerName(change, tableName)}`);
      database.prepare('DELETE FROM _recovery_history WHERE table_name = ?').run(tableName);
    },
    itemsAt: (tableName, at) => itemsFrom(databasePath, tableName, at),
    close() {
      stopListening();
      database.close();
    },
  };
}

/** For a DynamoDB that is not ours: what it holds now is all that can be known. */
export function noHistory(engine: AwsJsonCall): History {
  return {
    begin() {},
    end() {},
    itemsAt: (tableName) => scanned(tableName, engine),
    close() {},
  };
}

const changes = ['INSERT', 'UPDATE', 'DELETE'] as const;
type Change = (typeof changes)[number];

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
const triggerName = (change: Change, tableName: string) => quoted(`_recovery_${change.toLowerCase()}_${tableName}`);

function triggersOf(tableName: string): readonly string[] {
  const now =
    "CAST(unixepoch('subsec') * 1000 AS INTEGER) + (SELECT offset_milliseconds FROM _recovery_clock WHERE one = 1)";
  const trigger = (change: Change, pk: string, sk: string, before: string) =>
    `CREATE TRIGGER IF NOT EXISTS ${triggerName(change, tableName)} BEFORE ${change} ON ${quoted(tableName)} BEGIN
       INSERT INTO _recovery_history (table_name, at, pk, sk, before)
       VALUES (${literal(tableName)}, ${now}, ${pk}, ${sk}, ${before});
     END`;
  // An INSERT OR REPLACE tells nobody of the row that it replaces, so the trigger looks for itself.
  const present = `(SELECT item_json FROM ${quoted(tableName)} WHERE pk = NEW.pk AND sk = NEW.sk)`;
  return [
    trigger('INSERT', 'NEW.pk', 'NEW.sk', present),
    trigger('UPDATE', 'OLD.pk', 'OLD.sk', 'OLD.item_json'),
    trigger('DELETE', 'OLD.pk', 'OLD.sk', 'OLD.item_json'),
  ];
}

/** A connection of its own: one long read sees one state, whatever is written meanwhile. */
async function* itemsFrom(databasePath: string, tableName: string, at: number): AsyncGenerator<Item> {
  const database = new DatabaseSync(databasePath, { readOnly: true, timeout: BUSY_MILLISECONDS_MAX });
  try {
    database.exec('BEGIN');
    const rows = database
      .prepare(
        `WITH undone AS (
           SELECT pk, sk, before FROM _recovery_history
           WHERE id IN (SELECT min(id) FROM _recovery_history WHERE table_name = :name AND at > :at GROUP BY pk, sk))
         SELECT item_json AS item FROM ${quoted(tableName)}
           WHERE (pk, sk) NOT IN (SELECT pk, sk FROM undone)
         UNION ALL SELECT before FROM undone WHERE before IS NOT NULL`,
      )
      .iterate({ name: tableName, at: Math.floor(at) });
    let count = 0;
    for (const { item } of rows) {
      yield JSON.parse(String(item)) as Item;
      count += 1;
      // The runner answers others in between.
      if (count % ITEMS_PER_READ === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    database.close();
  }
}

async function* scanned(TableName: string, engine: AwsJsonCall): AsyncGenerator<Item> {
  let start: unknown;
  do {
    const page = await engine('Scan', { TableName, ConsistentRead: true, ExclusiveStartKey: start });
    yield* page['Items'] as readonly Item[];
    start = page['LastEvaluatedKey'];
  } while (start);
}
