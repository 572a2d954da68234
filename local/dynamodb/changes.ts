import { DatabaseSync } from 'node:sqlite';

/** A number that differs once anything has been written to the engine's file since it was last asked. */
export interface ChangeCounter {
  now(): number;
  close(): void;
}

/** SQLite's own counter (`PRAGMA data_version`): a look costs microseconds, where asking the engine costs a request. */
export function changesOf(databasePath: string): ChangeCounter {
  const database = new DatabaseSync(databasePath, { readOnly: true });
  const version = database.prepare('PRAGMA data_version');
  let isOpen = true;
  return {
    now: () => (isOpen ? Number(version.get()?.['data_version']) : 0),
    close() {
      isOpen = false;
      database.close();
    },
  };
}

/** For a DynamoDB that is not ours: it may have changed whenever it is asked. */
export function unknownChanges(): ChangeCounter {
  let count = 0;
  return {
    now() {
      count += 1;
      return count;
    },
    close() {},
  };
}
