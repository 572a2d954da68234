import type { Owner } from '../../platform/entity.ts';
import { dependantPointers } from '../../platform/entity.ts';
import type { Change, PointerKey, Stored } from '../../platform/records.ts';
import { type RequestRecord, type requestEntity, requestPointers, requestRef } from './request.ts';

export type StoredRequest = Stored<typeof requestEntity>;

/**
 * Writes a request's entry with the pointers that follow from it, in the caller's change (at most seven writes). Throws
 * `StaleVersion` at commit when somebody else was faster.
 */
export function saveRequest(
  change: Change,
  owner: Owner,
  before: Pick<StoredRequest, 'value' | 'version'> | undefined,
  after: RequestRecord,
): void {
  const { controller, subject } = owner;
  change.put(requestRef(owner, after.id), after, before ? { version: before.version } : 'new');
  if (!before) {
    change
      // The entry lies under a key that outlives an erasure, and what was said under one of its own.
      .requireUnerased(owner)
      .point({ ...requestPointers.place(controller, after.id), attributes: { subject } })
      .point(dependantPointers.subject(owner, after.id));
    if (after.askedBy.as !== 'claim') {
      change.point({
        ...requestPointers.asked(after.askedBy.accountId, after.id),
        attributes: { controller, subject },
      });
    }
  }
  const listed = (request: RequestRecord) => requestPointers.byDue(controller, request);
  move(change, before && listed(before.value), listed(after), { subject, state: after.state });
  const due = (request: RequestRecord) =>
    request.nextAt === undefined ? undefined : requestPointers.due(request.id, request.nextAt);
  move(change, before && due(before.value), due(after), { controller, subject });
}

/** One row may stand in a transaction only once: what stays where it is, is written over. */
function move(
  change: Change,
  from: PointerKey | undefined,
  to: PointerKey | undefined,
  attributes: Readonly<Record<string, string>>,
): void {
  if (from && (from.pk !== to?.pk || from.sk !== to.sk)) change.unpoint(from);
  if (to) change.point({ ...to, attributes });
}
