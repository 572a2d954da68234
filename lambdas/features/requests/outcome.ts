import type { Change } from '../../platform/records.ts';
import { isClosed, type RequestRecord } from './request.ts';
import { type StoredRequest, saveRequest } from './save.ts';
import { withNextAt } from './step.ts';

/** How far those who carry a request out have come. */
export type Outcome = 'verifying' | 'done' | 'incomplete';

/**
 * Said by the worker that carries a request out, in its own change and beside its own activity record: at most five
 * writes, and none where the request has been answered already. What is incomplete is tried again, and never done.
 * Needs `rights:append` and `core:write`.
 */
export function concludeRequest(change: Change, stored: StoredRequest, outcome: Outcome, now: Date): void {
  if (isClosed(stored.value.state)) return;
  saveRequest(change, stored.ref.owner, stored, withNextAt(concluded(stored.value, outcome, now), now));
}

function concluded({ incompleteSince, ...request }: RequestRecord, outcome: Outcome, now: Date): RequestRecord {
  const at = now.toISOString();
  switch (outcome) {
    case 'verifying':
      return { ...request, state: 'verifying' };
    case 'incomplete':
      return { ...request, state: 'incomplete', incompleteSince: incompleteSince ?? at };
    case 'done':
      return { ...request, state: 'answered', closedAt: at };
  }
}
