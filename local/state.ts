import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const LOCK_FILE = 'runner.sqlite';

/** What the runner remembers between starts: checkpoints, fired schedules, events not yet delivered. */
export interface RunnerState {
  readonly directory: string;
  /** True when the directory held no state before this start. */
  readonly isFresh: boolean;
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  delete(name: string): void;
  /** All entries whose name starts so, in the order of their names. */
  entries(prefix: string): readonly { readonly name: string; readonly value: string }[];
  close(): void;
}

/**
 * Opens the state directory for this process alone. SQLite's exclusive lock goes with the process, however
 * it ends, so neither `kill -9` nor a reused process id leaves a stale lock behind.
 * Throws when another runner holds the directory.
 */
export function openState(directory: string): RunnerState {
  mkdirSync(directory, { recursive: true });
  const database = openLocked(directory);
  database.exec('CREATE TABLE IF NOT EXISTS entries (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID');
  const one = database.prepare('SELECT value FROM entries WHERE name = ?');
  const put = database.prepare(
    'INSERT INTO entries VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  const remove = database.prepare('DELETE FROM entries WHERE name = ?');
  const some = database.prepare('SELECT name, value FROM entries WHERE name >= ? AND name < ? ORDER BY name');
  const get = (name: string) => {
    const row = one.get(name);
    return row ? String(row['value']) : undefined;
  };
  const isFresh = get('provisioned') === undefined;
  return {
    directory,
    isFresh,
    get,
    set: (name, value) => void put.run(name, value),
    delete: (name) => void remove.run(name),
    entries: (prefix) =>
      some
        .all(prefix, `${prefix}\u{10ffff}`)
        .map((row) => ({ name: String(row['name']), value: String(row['value']) })),
    close: () => database.close(),
  };
}

/** Whether an embedded cloud has ever begun on this directory. */
export const holdsState = (directory: string) => existsSync(join(directory, LOCK_FILE));

/** Removes all that a state directory holds; throws when another runner holds it, or when it is no state directory. */
export function emptyState(directory: string): void {
  if (!existsSync(directory)) return;
  const names = readdirSync(directory);
  if (names.length > 0 && !names.includes(LOCK_FILE)) {
    throw new Error(`${directory} is not empty and holds no state of the embedded cloud: nothing was removed`);
  }
  const lock = openLocked(directory);
  // The lock's own file last, and while it is held: nobody can start on half of a directory.
  for (const name of names)
    if (!name.startsWith(LOCK_FILE)) rmSync(join(directory, name), { recursive: true, force: true });
  lock.exec('DROP TABLE IF EXISTS entries');
  lock.close();
}

function openLocked(directory: string): DatabaseSync {
  const database = new DatabaseSync(join(directory, LOCK_FILE));
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    database.exec('BEGIN EXCLUSIVE; COMMIT');
    return database;
  } catch (cause) {
    database.close();
    throw new Error(`Another embedded cloud runs on ${directory}: stop it, or pass --state DIR for another one`, {
      cause,
    });
  }
}
