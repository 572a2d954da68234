import type { Language } from '../../http/call.ts';
import type { ExportId, RequestId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Change } from '../../platform/records.ts';
import {
  type Audience,
  EXPORT_PENDING_SECONDS,
  epochSeconds,
  exportPointers,
  exportRef,
  holderOf,
  receiverOf,
} from './export.ts';

export type { Audience } from './export.ts';

export interface ExportOrder {
  readonly id: ExportId;
  /** The person or account that it is about. */
  readonly owner: Owner;
  readonly audience: Audience;
  /** Needed for a claim: the export is then sealed under the request's own key. */
  readonly requestId?: RequestId;
  readonly language: Language;
}

/**
 * Adds an export to the caller's change (four writes): its record, the row that wakes the worker, and where the sweep
 * and its receiver find it. The caller's function needs `changingRecords`, and writes the activity record.
 */
export function orderExport(change: Change, order: ExportOrder, now: Date): void {
  const { id, owner, audience, requestId, language } = order;
  const holder = holderOf(owner, audience, requestId);
  const expiresAtEpochSeconds = epochSeconds(now) + EXPORT_PENDING_SECONDS;
  const toHolder = { controller: holder.controller, holder: holder.subject };
  change.put(
    exportRef(holder, id),
    {
      id,
      state: 'ordered',
      audience,
      subject: owner.subject,
      ...(requestId && { requestId }),
      language,
      orderedAt: now.toISOString(),
      attempts: 0,
    },
    'new',
    { expiresAtEpochSeconds },
  );
  change
    .point({ ...exportPointers.job(holder, id), expiresAtEpochSeconds })
    .point({ ...exportPointers.all(id), attributes: toHolder, expiresAtEpochSeconds });
  // A claim is fetched by its code alone: nobody's account leads to it.
  if (audience.kind === 'claim') return;
  const receiver = receiverOf(owner, audience);
  change.point({ ...exportPointers.receiver(receiver, id), attributes: toHolder, expiresAtEpochSeconds });
}
