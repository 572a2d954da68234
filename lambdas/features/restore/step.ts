import type { Call } from '../../http/call.ts';
import type { Files } from '../../platform/files.ts';
import type { Store } from '../../platform/open-records.ts';

/** The tables that a backup holds, and that a restore therefore imports. */
export type ImportedTable = 'core' | 'activity' | 'rights';

/** What a restore goes back to: a day's backup, or an instant (then `day` is the UTC day of it). */
export interface RestorePoint {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** `exportTime`: RFC 3339, what the table shows. `itemCount` is absent where AWS does not tell (point-in-time). */
  readonly tables: Readonly<
    Record<ImportedTable, { readonly exportTime: string; readonly itemCount?: number | undefined }>
  >;
}

/** The files of a bucket, to read alone: a restore adds nothing to any copy. */
export type BucketFiles = Pick<Files, 'get' | 'list'>;

/** All that a step may know and touch. Of tables, the target's alone: no user pool, no mail, no key is destroyed. */
export interface StepContext {
  /** Its Core, Activity, Rights, Lookup and Transient are the new generation's (or the drill's); Keys and mirror are the only ones there are. */
  readonly target: Store;
  readonly backup: RestorePoint;
  /** Of the target's tables. */
  readonly generation: number;
  readonly isDrill: boolean;
  readonly requestId: string;
  /** Where the step left off; absent at its beginning. */
  readonly cursor?: string;
  now(): Date;
  /** False when the step must return `{ done: false, cursor }`: Lambda ends the run soon. */
  hasTimeLeft(): boolean;
  /** Codes, ids and counts only. */
  log(line: Readonly<Record<string, unknown>>): void;
  readonly backupFiles: BucketFiles;
  readonly offlineFiles: BucketFiles;
  readonly logFiles: BucketFiles;
  /** On the target, in the name of the worker `restore`; records are fresh each time. */
  openCall(throughRestriction?: boolean): Call;
}

/** Figures are those of this run: the state machine adds them up over the runs of a step. */
export type StepOutcome =
  | { readonly done: true; readonly figures?: Figures }
  | { readonly done: false; readonly cursor?: string; readonly figures?: Figures };
export type Figures = Readonly<Record<string, number>>;

/**
 * One part of a restore. It may be run again from the same cursor at any time: after a crash, and after a call that
 * timed out although it had succeeded. What must stop the restore is thrown as {@link RestoreRefused}; anything else
 * that is thrown is tried again at the next run.
 */
export type Step = (context: StepContext) => Promise<StepOutcome>;

/** The restore cannot go on, and trying again would not help: `code` says why, `detail` in ids and counts alone. */
export class RestoreRefused extends Error {
  override readonly name = 'RestoreRefused';
  readonly code: string;
  readonly detail: Readonly<Record<string, string | number>>;

  constructor(code: string, detail: Readonly<Record<string, string | number>> = {}) {
    super(`${code} ${JSON.stringify(detail)}`);
    this.code = code;
    this.detail = detail;
  }
}
