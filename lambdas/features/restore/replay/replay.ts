import type { Store } from '../../../platform/open-records.ts';
import type { RestoredTables } from '../../../platform/restored-tables.ts';
import type { Step, StepContext } from '../step.ts';

/** A step's context, with the restored tables as they lie there. */
export interface Replay extends StepContext {
  readonly tables: RestoredTables;
}

/** What a replay needs beside the context: how a store's tables are reached row by row. */
type TablesOf = (target: Store) => RestoredTables;

/** A step that works on the restored tables' rows. */
export const onTables =
  (work: (replay: Replay) => ReturnType<Step>) =>
  (tablesOf: TablesOf): Step =>
  (context) =>
    work({ ...context, tables: tablesOf(context.target) });
