import { DatabaseSync } from 'node:sqlite';

const BUSY_MILLISECONDS_MAX = 5000;

/**
 * The engine gives each stream record the number after the greatest of its table, and reads a stream from a number on. It
 * has no index for either, so it would look through all the records of all tables at every write and every GetRecords: the
 * hundred thousandth write would cost a hundred thousand times the first. The index says exactly what the engine asks for.
 */
export function indexStreamRecords(databasePath: string): void {
  const database = new DatabaseSync(databasePath, { timeout: BUSY_MILLISECONDS_MAX });
  try {
    database.exec(
      `CREATE INDEX IF NOT EXISTS _stream_by_number
       ON _stream_records (table_name, CAST(sequence_number AS INTEGER))`,
    );
  } finally {
    database.close();
  }
}
