import { type Control, describedTable } from './control.ts';
import { switchRecovery } from './recovery.ts';
import { tablesMade } from './tables-made.ts';

/** The tables that are there, as a disk knows them: by name alone. */
export interface TableDisk {
  tables(): Promise<readonly string[]>;
  /**
   * The tables are gone as if their disk were: unasked, beneath protection and policies, with all their history and no backup
   * of AWS's own. Rejects with UnknownTable, and then none is gone.
   */
  lose(tableNames: readonly string[]): Promise<void>;
}

export class UnknownTable extends Error {
  override readonly name = 'UnknownTable';
}

export function tableDisk(control: Control): TableDisk {
  const { engine, state } = control;

  async function tables(): Promise<readonly string[]> {
    const made = tablesMade(state);
    const described = await Promise.all(made.map((name) => describedTable(control, name)));
    return made.filter((_, index) => described[index] !== undefined);
  }

  return {
    tables,
    async lose(tableNames) {
      const present = new Set(await tables());
      const unknown = tableNames.find((name) => !present.has(name));
      if (unknown !== undefined) throw new UnknownTable(`There is no table ${unknown}`);
      for (const TableName of tableNames) {
        await engine('UpdateTable', { TableName, DeletionProtectionEnabled: false });
        await engine('DeleteTable', { TableName });
        switchRecovery(control, TableName, undefined);
      }
    },
  };
}
