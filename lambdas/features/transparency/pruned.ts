import type { ActivityEntry } from './leaf.ts';

/** The record that the retention worker writes when it removes bodies: `detail` is {through: last leaf, before: day}. */
export const PRUNED = 'activity.pruned';
const KEPT_MILLISECONDS = 365 * 24 * 60 * 60 * 1000;
/** A day is the organisation's, the moment is UTC's. */
const ZONES_MILLISECONDS_MAX = 14 * 60 * 60 * 1000;

/** The last leaf whose body this record says was removed in time; -1 when it says nothing of the kind. */
export function prunedThrough({ event, actor, at, detail }: ActivityEntry, leaf: number): number {
  const { through, before } = detail ?? {};
  if (event !== PRUNED || !actor.startsWith('system:')) return -1;
  if (typeof through !== 'number' || typeof before !== 'string' || through >= leaf) return -1;
  const isYearOld = Date.parse(before) <= Date.parse(at) - KEPT_MILLISECONDS + ZONES_MILLISECONDS_MAX;
  return isYearOld ? through : -1;
}
