import type { RunnerState } from '../state.ts';
import { type Calls, type Control, DAY_MILLISECONDS, existingTable, Refusal } from './control.ts';
import type { TableDeclaration } from './tables.ts';

/** Point-in-time recovery of a table: how far back it reaches, and since when. */
export interface RecoveryWindow {
  readonly days: number;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** "LatestRestorableDateTime is typically 5 minutes before the current time" (API reference). */
const RESTORABLE_LAG_MILLISECONDS = 5 * 60_000;
export const RECOVERY_PERIOD_DAYS_MAX = 35;

const nameOf = (tableName: string) => `recovery/${tableName}`;

export function recoveryOf(state: RunnerState, tableName: string): RecoveryWindow | undefined {
  const stored = state.get(nameOf(tableName));
  return stored === undefined ? undefined : ((JSON.parse(stored) as RecoveryWindow | null) ?? undefined);
}

export function switchRecovery(
  { state, history }: Pick<Control, 'state' | 'history'>,
  tableName: string,
  window: RecoveryWindow | undefined,
): void {
  state.set(nameOf(tableName), JSON.stringify(window ?? null));
  if (window) history.begin(tableName);
  else history.end(tableName);
}

/** The windows that the template declares open when their tables are first seen, whoever asks and when. */
export function openDeclaredRecovery(control: Control, tables: readonly TableDeclaration[]): void {
  for (const { name, recoveryPeriodDays } of tables) {
    if (recoveryPeriodDays !== undefined && control.state.get(nameOf(name)) === undefined) {
      switchRecovery(control, name, { days: recoveryPeriodDays, since: control.now() });
    }
  }
  for (const { name } of control.state.entries(nameOf(''))) {
    const tableName = name.slice(nameOf('').length);
    if (recoveryOf(control.state, tableName)) control.history.begin(tableName);
  }
}

/** The moments to which the table can be restored, both included. */
export function restorableSpan(window: RecoveryWindow, now: number): { readonly from: number; readonly to: number } {
  return {
    from: Math.max(window.since, now - window.days * DAY_MILLISECONDS),
    to: Math.max(window.since, now - RESTORABLE_LAG_MILLISECONDS),
  };
}

/** Throws PointInTimeRecoveryUnavailableException. */
export function demandRecovery(state: RunnerState, tableName: string): RecoveryWindow {
  const window = recoveryOf(state, tableName);
  if (window) return window;
  throw new Refusal(
    'PointInTimeRecoveryUnavailableException',
    `Point in time recovery is not enabled for table '${tableName}'`,
  );
}

export function recoveryCalls(control: Control): Calls<'DescribeContinuousBackups' | 'UpdateContinuousBackups'> {
  const described = (tableName: string) => {
    const window = recoveryOf(control.state, tableName);
    const span = window && restorableSpan(window, control.now());
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription:
          window && span
            ? {
                PointInTimeRecoveryStatus: 'ENABLED',
                RecoveryPeriodInDays: window.days,
                EarliestRestorableDateTime: span.from / 1000,
                LatestRestorableDateTime: span.to / 1000,
              }
            : { PointInTimeRecoveryStatus: 'DISABLED' },
      },
    };
  };

  return {
    async DescribeContinuousBackups(input) {
      return described((await existingTable(control, input['TableName'])).TableName);
    },
    async UpdateContinuousBackups(input) {
      const { TableName } = await existingTable(control, input['TableName']);
      const wanted = Object(input['PointInTimeRecoverySpecification']);
      const before = recoveryOf(control.state, TableName);
      const days = wanted['RecoveryPeriodInDays'] ?? before?.days ?? RECOVERY_PERIOD_DAYS_MAX;
      if (!Number.isInteger(days) || days < 1 || days > RECOVERY_PERIOD_DAYS_MAX) {
        throw new Refusal('ValidationException', 'RecoveryPeriodInDays must be between 1 and 35');
      }
      const since = before?.since ?? control.now();
      switchRecovery(control, TableName, wanted['PointInTimeRecoveryEnabled'] ? { days, since } : undefined);
      return described(TableName);
    },
  };
}
