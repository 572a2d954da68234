import type { Readiness } from '../../platform/table-generations.ts';
import type { TableName } from '../../platform/tables.ts';
import type { Restoration } from './restoration.ts';
import { type OwnStep, type Restorer, targetOf } from './restorer.ts';
import { type Figures, type ImportedTable, RestoreRefused, type StepOutcome } from './step.ts';

/** The steps that make the tables, ask how far AWS has come, and take tables away. */

const importedTables = ['core', 'activity', 'rights'] as const satisfies readonly ImportedTable[];

/** Core, Activity and Rights as they were: from the files of a backup, or from AWS's own recovery. */
export const importTables: OwnStep = (restoration, restorer) =>
  restoration.from === 'instant'
    ? restoreToInstant(restoration, restorer)
    : importFiles(restoration, restorer, restoration.from);

async function importFiles(restoration: Restoration, restorer: Restorer, from: 'backup' | 'offline') {
  const target = targetOf(restoration);
  const known = arnsIn(restoration.cursor);
  const arns: Record<string, string> = {};
  for (const table of importedTables) {
    const { dataPrefix } = restoration.tables[table];
    if (dataPrefix === undefined) throw new RestoreRefused('backup-without-files', { table });
    // The token finds the import that a call without an answer has begun.
    arns[table] =
      known[table] ??
      (await restorer.tables.startImport(table, target, {
        bucket: restorer.copies[from].bucket,
        prefix: dataPrefix,
        token: `${restoration.id}-${table}`,
      }));
  }
  const progress = await Promise.all(
    importedTables.map(async (table) => ({ table, ...(await restorer.tables.importProgress(arns[table]!)) })),
  );
  for (const { table, status, errors, failure = 'unknown' } of progress) {
    if (status === 'failed') throw new RestoreRefused('import-failed', { table, failure });
    if (errors > 0) throw new RestoreRefused('items-not-imported', { table, errors });
  }
  if (progress.some(({ status }) => status === 'running'))
    return { done: false, cursor: JSON.stringify(arns) } as const;
  const figures: Figures = Object.fromEntries(progress.map(({ table, items }) => [table, items]));
  for (const table of importedTables) {
    const { itemCount } = restoration.tables[table];
    if (itemCount !== undefined && figures[table] !== itemCount) {
      throw new RestoreRefused('items-missing', { table, expected: itemCount, imported: figures[table] ?? 0 });
    }
  }
  return { done: true, figures } as const;
}

const arnsIn = (cursor: string | undefined): Readonly<Record<string, string>> =>
  cursor === undefined ? {} : (JSON.parse(cursor) as Record<string, string>);

const restoreToInstant: OwnStep = async (restoration, { tables }) => {
  const { generation } = restoration;
  const restoring = importedTables.map(async (table) => {
    const at = new Date(restoration.tables[table].exportTime);
    const answer = await tables.restoreToInstant(table, targetOf(restoration), { generation, at });
    if (typeof answer === 'string') return answer;
    throw new RestoreRefused('instant-not-restorable', { table, answer: answer.refused });
  });
  return whenAllReady(await Promise.all(restoring));
};

/** Lookup and Transient begin empty: the one is rebuilt from what was imported, the other holds nothing that lasts. */
export const createTables: OwnStep = async (restoration, { tables }) =>
  whenAllReady(await each(tables.madeAnew, (table) => tables.make(table, targetOf(restoration))));

/** When rows end, how far back they can be recovered, protection, tags: none of it comes along with the items. */
export const settleTables: OwnStep = async (restoration, { tables }) =>
  whenAllReady(
    await each([...tables.imported, ...tables.madeAnew], (table) => tables.settle(table, targetOf(restoration))),
  );

/**
 * After all else, so that nobody hears of what was imported or replayed: no letter goes out and nothing is copied a
 * second time. Between this and the gate nothing is written but the record of the restore.
 */
export const connectStreams: OwnStep = async (restoration, { tables, mappings, tableName }) => {
  let count = 0;
  for (const table of [...tables.imported, ...tables.madeAnew]) {
    const stream = await tables.stream(table, targetOf(restoration));
    if (stream === 'pending') return { done: false };
    if (stream === 'none') continue;
    const copied = await mappings.copy(tableName(table, restoration.generation), stream);
    // Whoever would have heard of the old table must hear of the new one.
    if (copied === 0) throw new RestoreRefused('nobody-hears-of-table', { table });
    count += copied;
  }
  return { done: true, figures: { mappings: count } };
};

/** A drill's tables, before it and after it; a half-made or retired generation. */
export const clearDrill: OwnStep = async (_, { tables }) =>
  whenAllReady(await each([...tables.imported, ...tables.madeAnew], (table) => tables.remove(table, 'drill')));

/** The mappings first: a function that hears of a table which is gone only fails. */
export async function removeGeneration(generation: number, { tables, mappings, tableName }: Restorer) {
  const all = [...tables.imported, ...tables.madeAnew];
  for (const table of all) await mappings.remove(tableName(table, generation));
  const { done } = whenAllReady(await each(all, (table) => tables.remove(table, generation)));
  return done;
}

async function each(
  tables: readonly TableName[],
  ask: (table: TableName) => Promise<Readiness>,
): Promise<readonly Readiness[]> {
  return Promise.all(tables.map(ask));
}

const whenAllReady = (readiness: readonly Readiness[]): StepOutcome =>
  readiness.every((one) => one === 'ready') ? { done: true, figures: { tables: readiness.length } } : { done: false };
