import {
  type Calls,
  type Control,
  describedTable,
  existingTable,
  type Input,
  keyNamesOf,
  Refusal,
  type TableDescription,
  tableArn,
  tableNameIn,
} from './control.ts';
import { fillTable } from './fill-table.ts';
import { until } from './jobs.ts';
import { demandRecovery, restorableSpan } from './recovery.ts';
import { createTable, markFilling } from './table-calls.ts';

interface StoredRestore {
  readonly source: string;
  readonly target: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const PREFIX = 'restore/';

/**
 * RestoreTableToPointInTime: a new table with the items, keys and indexes that the source had at a moment. Streams, time to live,
 * tags, policy, recovery and deletion protection do not come along (developer guide, "Point-in-time recovery").
 */
export function restoreCalls(control: Control): Calls<'RestoreTableToPointInTime'> {
  const { state, now } = control;

  async function run(restore: StoredRestore, signal: AbortSignal): Promise<void> {
    const { source, target, at } = restore;
    const keyNames = keyNamesOf(await existingTable(control, target));
    const items = until(signal, control.history.itemsAt(source, at));
    await fillTable({ name: target, keyNames }, items, control.engine);
    signal.throwIfAborted();
    markFilling(control, target, { isUnderWay: false, restoreSummary: summaryOf(restore) });
    state.delete(`${PREFIX}${target}`);
  }

  // AWS tells of a failed restore by a table that never becomes ACTIVE.
  const start = (restore: StoredRestore) =>
    control.jobs.start(`Restore of ${restore.target}`, (signal) => run(restore, signal));

  for (const { value } of state.entries(PREFIX)) start(JSON.parse(value) as StoredRestore);

  return {
    async RestoreTableToPointInTime(input) {
      const source = await existingTable(control, input['SourceTableArn'] ?? input['SourceTableName']);
      const at = momentIn(input, source.TableName);
      const target = String(input['TargetTableName']);
      if (await describedTable(control, target)) {
        throw new Refusal('TableAlreadyExistsException', `Table already exists: ${target}`);
      }
      const made = await createTable(control, { TableName: target, ...settingsFrom(source, input) });
      const restore = { source: source.TableName, target, at };
      markFilling(control, target, { isUnderWay: true, restoreSummary: summaryOf(restore) });
      state.set(`${PREFIX}${target}`, JSON.stringify(restore));
      start(restore);
      const RestoreSummary = { ...summaryOf(restore), RestoreInProgress: true };
      return { TableDescription: { ...made, TableStatus: 'CREATING', RestoreSummary } };
    },
  };

  function momentIn({ UseLatestRestorableTime, RestoreDateTime }: Input, tableName: string): number {
    const { from, to } = restorableSpan(demandRecovery(state, tableName), now());
    if (UseLatestRestorableTime === true && RestoreDateTime === undefined) return to;
    if (RestoreDateTime === undefined || UseLatestRestorableTime === true) {
      throw new Refusal(
        'ValidationException',
        'Either RestoreDateTime or UseLatestRestorableTime must be specified, and not both',
      );
    }
    const at = Number(RestoreDateTime) * 1000;
    if (at >= from && at <= to) return at;
    throw new Refusal(
      'InvalidRestoreTimeException',
      'An invalid restore time was specified. RestoreDateTime must be between EarliestRestorableDateTime and LatestRestorableDateTime.',
    );
  }
}

const summaryOf = ({ source, at }: StoredRestore) => ({
  SourceTableArn: tableArn(tableNameIn(source)),
  RestoreDateTime: at / 1000,
});

interface DescribedIndex {
  readonly IndexName: string;
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  readonly Projection: unknown;
}

function settingsFrom(source: TableDescription, input: Input): Input {
  const own = (name: string) => ((source[name] ?? []) as readonly DescribedIndex[]).map(asDeclared);
  const globalIndexes = (input['GlobalSecondaryIndexOverride'] ?? own('GlobalSecondaryIndexes')) as DescribedIndex[];
  const localIndexes = (input['LocalSecondaryIndexOverride'] ?? own('LocalSecondaryIndexes')) as DescribedIndex[];
  const { SSEType, KMSMasterKeyArn } = Object(source['SSEDescription']);
  const encryption =
    input['SSESpecificationOverride'] ?? (SSEType && { Enabled: true, SSEType, KMSMasterKeyId: KMSMasterKeyArn });
  // An index that an override leaves out takes its attributes with it.
  const keys = new Set([source, ...globalIndexes, ...localIndexes].flatMap((each) => keyNamesOf({ ...each })));
  const attributes = source['AttributeDefinitions'] as readonly { readonly AttributeName: string }[];
  return {
    KeySchema: source['KeySchema'],
    AttributeDefinitions: attributes.filter(({ AttributeName }) => keys.has(AttributeName)),
    BillingMode: 'PAY_PER_REQUEST',
    ...(encryption && { SSESpecification: encryption }),
    ...(globalIndexes.length > 0 && { GlobalSecondaryIndexes: globalIndexes }),
    ...(localIndexes.length > 0 && { LocalSecondaryIndexes: localIndexes }),
  };
}

const asDeclared = ({ IndexName, KeySchema, Projection }: DescribedIndex) => ({ IndexName, KeySchema, Projection });
