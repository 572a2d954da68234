import type { ActivityEntry } from './leaf.ts';

/** The record that the retention worker writes when it removes bodies: `detail` is {through: last leaf, before: day}. */
export const PRUNED = 'activity.pruned';
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;
const PRUNED_AFTER_MILLISECONDS = 365 * DAY_MILLISECONDS;
/** A day is the organisation's, the moment is UTC's. */
const ZONES_MILLISECONDS_MAX = 14 * 60 * 60 * 1000;
/** What is dated by one clock and signed by another. */
const CLOCKS_DIFFER_MILLISECONDS_MAX = DAY_MILLISECONDS;
/** Records come into the log within minutes, and after an outage within days. */
const SEQUENCED_LATE_MILLISECONDS_MAX = 7 * DAY_MILLISECONDS;

/** What is known of a log's times without its records, in milliseconds since the epoch. */
export interface SignedTimes {
  /** When the file's head was signed; undefined when it has none. */
  readonly signedAt: number | undefined;
  /** When a leaf was certainly not in the log yet: kept checkpoints that do not reach it. */
  lastSignedWithout(leaf: number): number | undefined;
}

/**
 * The last leaf whose body this record says was removed in time; -1 when it says nothing of the kind, or what cannot be:
 * whoever can write to the log could say it of records of yesterday.
 */
export function prunedThrough(
  { event, actor, at, detail }: ActivityEntry,
  leaf: number,
  { signedAt, lastSignedWithout }: SignedTimes,
): number {
  const { through, before } = detail ?? {};
  if (event !== PRUNED || !actor.startsWith('system:')) return -1;
  if (typeof through !== 'number' || typeof before !== 'string' || through >= leaf) return -1;
  const [removedAt, youngest] = [Date.parse(at), Date.parse(before)];
  if (!(youngest <= removedAt - PRUNED_AFTER_MILLISECONDS + ZONES_MILLISECONDS_MAX)) return -1;
  if (signedAt !== undefined && removedAt > signedAt + CLOCKS_DIFFER_MILLISECONDS_MAX) return -1;
  const notYetIn = lastSignedWithout(through);
  if (notYetIn !== undefined && notYetIn > youngest + SEQUENCED_LATE_MILLISECONDS_MAX) return -1;
  return through;
}
