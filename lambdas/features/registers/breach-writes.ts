import type { OrganisationId } from '../../http/ids.ts';
import type { Change, Stored } from '../../platform/records.ts';
import { type Breach, type breachEntity, breachPointers, breachRef, isReportDecided, reportDueAt } from './breach.ts';

/** A breach in an organisation's register, with the deadline of its report for as long as nothing is decided: two or three writes. */
export function putBreach(
  change: Change,
  organisationId: OrganisationId,
  before: Stored<typeof breachEntity> | undefined,
  after: Breach,
): Change {
  change.put(breachRef(organisationId, after.id), after, before ? { version: before.version } : 'new');
  return pointDeadline(change, organisationId, before?.value, after);
}

/** Where the clock finds what is due, until it has been decided. */
export function pointDeadline(
  change: Change,
  controller: OrganisationId | 'operator',
  before: Breach | undefined,
  after: Breach,
): Change {
  const deadline = breachPointers.deadline(reportDueAt(after), after.id, 'report', controller);
  const wasOpen = before !== undefined && !isReportDecided(before);
  const isOpen = !isReportDecided(after);
  if (isOpen && !wasOpen) change.point({ ...deadline, attributes: { controller } });
  if (wasOpen && !isOpen) change.unpoint(deadline);
  return change;
}
