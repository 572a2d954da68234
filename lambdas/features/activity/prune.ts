import type { Call } from '../../http/call.ts';
import type { OrganisationId } from '../../http/ids.ts';
import type { ActivityPruning, AgingRow } from '../../platform/activity-pruning.ts';
import type { ControllerId } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { operatorItself } from '../registers/operator-itself.ts';
import { expiryAfter, terms } from '../retention/terms.ts';
import { PRUNED } from '../transparency/pruned.ts';

/** Rows that are removed behind one record of it. */
const ROWS_AT_ONCE_MAX = 5_000;
/** Younger rows that are looked at: none that lies as far behind as this has an earlier place in the log. */
const ROWS_AHEAD_MAX = 2_000;
/** No activity is older. */
const FIRST_MONTH = '2026-01';

export interface Pruning {
  readonly log: ActivityPruning;
  openCall(): Call;
  /** False when the worker's time is nearly over: the next run goes on where this one stopped. */
  hasTimeLeft(): boolean;
  /** One line for the log: ids and codes only. */
  report(line: { readonly event: string; readonly controller: string; readonly error: string }): void;
}

export interface Pruned {
  controllers: number;
  rows: number;
  failed: number;
}

/**
 * CE-15: removes what was done and seen from the activity log when its year is over; the hashes stay in the log and prove
 * the rest. In the order of the log, so that what lacks its body is its beginning; what has no place in the log yet stays.
 * Running it twice, or twice at once, removes nothing more.
 */
export async function pruneActivity(pruning: Pruning): Promise<Pruned> {
  const pruned: Pruned = { controllers: 0, rows: 0, failed: 0 };
  for (const controller of await pruning.log.controllers()) {
    if (!pruning.hasTimeLeft()) break;
    try {
      const rows = await pruneController(controller, pruning);
      if (rows === 0) continue;
      pruned.controllers++;
      pruned.rows += rows;
    } catch (error) {
      // One that fails must not keep the others waiting.
      pruned.failed++;
      const name = error instanceof Error ? error.name : '';
      pruning.report({ event: 'activity-not-pruned', controller, error: name });
    }
  }
  return pruned;
}

async function pruneController(controller: ControllerId, pruning: Pruning): Promise<number> {
  let removed = 0;
  while (pruning.hasTimeLeft()) {
    const call = pruning.openCall();
    const oldest = await oldestRows(controller, call, pruning.log);
    const rows = prunable(oldest);
    const [last] = rows.slice(-1);
    if (last === undefined) return removed;
    // Before the first is removed: what is missing is always accounted for, however this run ends.
    await call.records
      .change()
      .point({ ...pruningPointer(controller), attributes: { month: oldest.firstMonth } })
      .activity({
        event: PRUNED,
        subject: subjectOf(controller),
        detail: { through: last.leaf, before: latest(rows.map(({ at }) => at)), rows: rows.length },
      })
      .commit();
    await pruning.log.remove(rows);
    await pruning.log.forgetPlaces(controller, last.leaf);
    removed += rows.length;
    if (rows.length < ROWS_AT_ONCE_MAX) return removed;
  }
  return removed;
}

interface OldestRows {
  /** Their year is over; in the order of their ids, which is nearly that of the log. */
  readonly due: readonly AgingRow[];
  /** What follows. */
  readonly ahead: readonly AgingRow[];
  /** The month of the first of them. */
  readonly firstMonth: string;
}

async function oldestRows(controller: ControllerId, { records, now }: Call, log: ActivityPruning): Promise<OldestRows> {
  const [known] = await records.pointersAt([pruningPointer(controller)]);
  const begunAt = String(known?.attributes?.['month'] ?? FIRST_MONTH);
  const due: AgingRow[] = [];
  const ahead: AgingRow[] = [];
  let firstMonth = begunAt;
  for (const month of monthsFrom(begunAt, lastDueMonth(now))) {
    for await (const row of log.inMonth(controller, month)) {
      if (due.length === 0) firstMonth = month;
      if (due.length < ROWS_AT_ONCE_MAX && isDue(row, now)) due.push(row);
      else ahead.push(row);
      if (ahead.length >= ROWS_AHEAD_MAX) return { due, ahead, firstMonth };
    }
  }
  return { due, ahead, firstMonth };
}

/** Those whose place in the log is before that of everything that stays, in the order of the log. */
function prunable({ due, ahead }: OldestRows): (AgingRow & { readonly leaf: number })[] {
  const firstThatStays = Math.min(...ahead.map(({ leaf = Number.POSITIVE_INFINITY }) => leaf));
  return due
    .flatMap((row) => (row.leaf !== undefined && row.leaf < firstThatStays ? [{ ...row, leaf: row.leaf }] : []))
    .sort((a, b) => a.leaf - b.leaf);
}

const isDue = ({ at }: AgingRow, now: Date) =>
  expiryAfter(terms.activity.length, new Date(at)) <= Math.floor(now.getTime() / 1000);

/** Where the next run begins to look. */
const PRUNING = 'operator#PRUNING';
const pruningPointer = (controller: ControllerId): PointerKey => ({ table: 'core', pk: PRUNING, sk: controller });

const subjectOf = (controller: ControllerId) =>
  controller === 'operator' ? operatorItself : organisationOwner(controller as OrganisationId);

/** The month after the one in which a year ago lies: what is ahead is looked for there too. */
function lastDueMonth(now: Date): string {
  const month = new Date(Date.UTC(now.getUTCFullYear() - 1, now.getUTCMonth() + 1));
  return month.toISOString().slice(0, 'YYYY-MM'.length);
}

function monthsFrom(first: string, last: string): string[] {
  const months: string[] = [];
  for (let month = first; month <= last; ) {
    months.push(month);
    const [year = 0, number = 0] = month.split('-').map(Number);
    month = new Date(Date.UTC(year, number)).toISOString().slice(0, 'YYYY-MM'.length);
  }
  return months;
}

const latest = (instants: readonly string[]) => instants.toSorted().at(-1) ?? '';
