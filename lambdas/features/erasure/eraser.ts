import type { Call } from '../../http/call.ts';
import type { Files } from '../../platform/files.ts';
import type { KeyFences } from '../../platform/key-fences.ts';
import type { PartitionRows } from '../../platform/partition-rows.ts';
import type { PushEndpoints } from '../../platform/push.ts';
import type { Change, Stored } from '../../platform/records.ts';
import type { RecoveryFacts } from '../../platform/recovery-window.ts';
import type { Signer } from '../../platform/signing.ts';
import type { SuppressionList } from '../../platform/suppression.ts';
import type { UserPool } from '../../platform/user-pool.ts';
import { type Erasure, type erasureEntity, erasureRef, type Place, unfinishedRow } from './erasure.ts';

/** What the worker works with. */
export interface Eraser {
  /** A fresh one for each step; its records see through a restriction, because an order closes what is to be erased. */
  openCall(): Call;
  readonly rows: PartitionRows;
  readonly fences: KeyFences;
  readonly users: Pick<UserPool, 'remove' | 'exists'>;
  readonly suppression: SuppressionList;
  /** The devices of accounts, as SNS knows them. */
  readonly endpoints: Pick<PushEndpoints, 'remove' | 'exists'>;
  readonly exports: Pick<Files, 'list' | 'remove'>;
  readonly downloads: Pick<Files, 'list' | 'remove'>;
  /** What people handed each other, sealed: by organisation and id of the file. */
  readonly files: Pick<Files, 'list' | 'remove'>;
  recoveryFacts(): Promise<RecoveryFacts>;
  readonly signer: Pick<Signer, 'sign'>;
  hasTimeLeft(): boolean;
  /** One line for the log: ids, codes and counts only. */
  log(line: Readonly<Record<string, string | number>>): void;
}

export type StoredErasure = Stored<typeof erasureEntity>;

/** `went-on`: the record says what comes next. `waiting`: there is nothing to do before its `nextTryAt`. */
export type StepOutcome = 'went-on' | 'waiting';

/** A step: repeating it after a crash at any point of it ends where one run would have. */
export type Step = (stored: StoredErasure, place: Place, eraser: Eraser) => Promise<StepOutcome>;

export async function findErasure(place: Place, eraser: Eraser): Promise<StoredErasure | undefined> {
  return eraser.openCall().records.get(erasureRef(place));
}

/** The record's next state, in the change of what brought it there (two writes): whoever saves first has it. */
export function save(change: Change, stored: StoredErasure, place: Place, after: Partial<Erasure>): Change {
  const { nextTryAt: _, ...before } = stored.value;
  const value = { ...before, ...after };
  return change.put(erasureRef(place), value, { version: stored.version }).point(unfinishedRow(place, value.nextTryAt));
}

const BACKOFF_SECONDS_FIRST = 60;
const BACKOFF_SECONDS_MAX = 60 * 60;

/** When what has failed so often is tried again. Pure. */
export function nextTry(failures: number, now: Date): string {
  const seconds = Math.min(BACKOFF_SECONDS_MAX, BACKOFF_SECONDS_FIRST * 2 ** Math.min(failures, 10));
  return new Date(now.getTime() + seconds * 1000).toISOString();
}
