import type { ActivityRow } from '../../platform/activity-log.ts';
import { type ActivityEntry, entryOfRow } from '../transparency/leaf.ts';

/** A record of the log, and its place in the log once it has one. */
export interface LoggedEntry {
  readonly entry: ActivityEntry;
  /** Index among the controller's leaves; absent for the minute until it has been appended. */
  readonly leaf?: number;
}

export function loggedEntry(row: ActivityRow): LoggedEntry {
  const leaf = row['leaf'];
  return { entry: entryOfRow(row), ...(typeof leaf === 'number' && { leaf }) };
}
