import type { NoticeId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Pointer } from '../../platform/records.ts';
import { commits, failedPointers, isRedrivable, replaceNotice } from './conclude.ts';
import { noticeRef } from './notice.ts';
import type { Outbox } from './outbox-call.ts';
import { redriven } from './progress.ts';

/** What `npm run ops -- redrive-notices` invokes the outbox with. */
export interface RedriveCommand {
  readonly command: 'redrive-notices';
}

/** Notices of one run; whoever runs it sees that there are more. */
const REDRIVEN_MAX = 500;

/**
 * Has the notices that failed for a reason of ours sent anew, by the next sweep: for whoever has mended the reason. What
 * is no longer wanted or due by then is not sent. Repeating it changes nothing.
 */
export async function redriveNotices(outbox: Outbox): Promise<{ readonly redriven: number; readonly more: boolean }> {
  const { table, pk } = failedPointers.all;
  const { items, next } = await outbox.openCall().records.pointers(table, pk, { limit: REDRIVEN_MAX });
  let count = 0;
  for (const row of items) if (await redrive(row, outbox)) count++;
  return { redriven: count, more: next !== undefined };
}

async function redrive(row: Pointer, outbox: Outbox): Promise<boolean> {
  const { records, now } = outbox.openCall();
  const { controller, subject, noticeId } = row.attributes ?? {};
  // Written with the notice's failure, and by nobody else.
  const owner = { controller, subject } as Owner;
  const stored = await records.get(noticeRef(owner, noticeId as NoticeId));
  const change = records.change();
  const isStill = stored !== undefined && isRedrivable(stored.value);
  // What came through after all, or whose recipient was erased, leaves the row behind.
  if (isStill) replaceNotice(change, stored, redriven(stored.value, now));
  else change.unpoint(row);
  const event = isStill ? 'notice.redriven' : 'notice.dropped';
  return (await commits(change.activity({ event, subject: owner, about: [String(noticeId)] }))) && isStill;
}
