import { keepSystemBackup } from './backups.ts';
import { type Calls, type Control, type Input, inAwsWords, type TableDescription, tableNameIn } from './control.ts';
import { forgetPolicy, setPolicy } from './policies.ts';
import { recoveryOf, switchRecovery } from './recovery.ts';
import { forgetMade, rememberMade } from './tables-made.ts';

const fillingName = (tableName: string) => `filling/${tableName}`;

/** What DescribeTable adds about a table that an import or a restore made. */
interface Filling {
  readonly isUnderWay: boolean;
  readonly restoreSummary?: Readonly<Record<string, unknown>>;
}

/** Says that the table is being filled: until it is done it counts as `CREATING`. */
export function markFilling({ state }: Control, tableName: string, filling: Filling): void {
  state.set(fillingName(tableName), JSON.stringify(filling));
}

/** Makes a table that nothing of an earlier one of its name clings to. */
export async function createTable(control: Control, input: Input): Promise<TableDescription> {
  const { ResourcePolicy, ...rest } = input;
  const { TableDescription: made } = await control.engine('CreateTable', rest);
  const name = String(input['TableName']);
  forget(control, name);
  switchRecovery(control, name, undefined);
  rememberMade(control.state, name);
  if (ResourcePolicy !== undefined) setPolicy(control, name, String(ResourcePolicy));
  return inAwsWords(control, made) as TableDescription;
}

export function tableCalls(control: Control): Calls<'CreateTable' | 'DeleteTable' | 'DescribeTable' | 'UpdateTable'> {
  const described = (table: unknown) => {
    const words = inAwsWords(control, table) as TableDescription;
    const stored = control.state.get(fillingName(words.TableName));
    if (stored === undefined) return words;
    const { isUnderWay, restoreSummary } = JSON.parse(stored) as Filling;
    return {
      ...words,
      ...(isUnderWay && { TableStatus: 'CREATING' }),
      ...(restoreSummary && { RestoreSummary: { ...restoreSummary, RestoreInProgress: isUnderWay } }),
    };
  };

  return {
    CreateTable: async (input) => ({ TableDescription: await createTable(control, input) }),
    async DescribeTable(input) {
      const { Table } = await control.engine('DescribeTable', named(input));
      return { Table: described(Table) };
    },
    async UpdateTable(input) {
      const { TableDescription: changed } = await control.engine('UpdateTable', named(input));
      return { TableDescription: described(changed) };
    },
    async DeleteTable(input) {
      const before = (await control.engine('DescribeTable', named(input)))['Table'] as TableDescription;
      // The engine itself refuses while deletion protection is on.
      const { TableDescription: deleted } = await control.engine('DeleteTable', named(input));
      if (recoveryOf(control.state, before.TableName)) keepSystemBackup(control, before);
      forget(control, before.TableName);
      switchRecovery(control, before.TableName, undefined);
      if (!control.declaredNames.has(before.TableName)) forgetMade(control.state, before.TableName);
      return { TableDescription: inAwsWords(control, deleted) };
    },
  };
}

const named = (input: Input) => ({ ...input, TableName: tableNameIn(input['TableName']) });

function forget(control: Control, tableName: string): void {
  forgetPolicy(control, tableName);
  control.state.delete(fillingName(tableName));
}
