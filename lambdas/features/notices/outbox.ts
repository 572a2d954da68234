import type { NoticeId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import { errorName } from '../../platform/error-name.ts';
import type { Pointer } from '../../platform/records.ts';
import type { StreamRecord } from '../../platform/stream-record.ts';
import { inLanes } from '../walks/in-lanes.ts';
import { failedPointers } from './conclude.ts';
import { deliver } from './deliver.ts';
import { DUE_SHARDS, duePartition, noticeEntity, noticeRef } from './notice.ts';
import type { Outbox } from './outbox-call.ts';

/** Rows of what is due that are read at once. */
const PAGE_ROWS_MAX = 50;

/**
 * Sends the notices that have just been written. Only what is new is looked at: our own changes come back through the
 * stream as well, and later tries are the sweep's. Returns what failed by its sequence number (ReportBatchItemFailures).
 */
export async function deliverFromStream(
  records: readonly StreamRecord[],
  outbox: Outbox,
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { eventName, dynamodb } of records) {
    if (eventName !== 'INSERT') continue;
    const place = noticeAt(dynamodb?.Keys?.['pk']?.S ?? '', dynamodb?.Keys?.['sk']?.S ?? '');
    if (!place) continue;
    const isDone = await tried(place, outbox);
    if (!isDone) batchItemFailures.push({ itemIdentifier: dynamodb?.SequenceNumber ?? '' });
  }
  return { batchItemFailures };
}

/**
 * Every minute: sends what is due and was not sent through the stream, or has to be tried again; several beside each
 * other, because at a full hour many digests fall due at once. What there is no time for, the next sweep takes.
 */
export async function sweepOutbox(outbox: Outbox): Promise<{ swept: number; failed: number }> {
  let swept = 0;
  let failed = 0;
  await inLanes(duePointers(outbox), async (pointer) => {
    swept++;
    if (!(await sweepOne(pointer, outbox))) failed++;
  });
  return { swept, failed };
}

async function* duePointers(outbox: Outbox): AsyncGenerator<Pointer> {
  for (let shard = 0; shard < DUE_SHARDS; shard++) {
    let after: string | undefined;
    do {
      const { records, now } = outbox.openCall();
      // `~` sorts after the id, so that what is due this very millisecond is in.
      const range = {
        from: '0',
        to: `${now.toISOString()}~`,
        limit: PAGE_ROWS_MAX,
        ...(after !== undefined && { after }),
      };
      const page = await records.pointers('transient', duePartition(shard), range);
      for (const pointer of page.items) {
        if (!outbox.hasTimeLeft()) return;
        yield pointer;
      }
      after = page.next;
    } while (after !== undefined);
  }
}

async function sweepOne(pointer: Pointer, outbox: Outbox): Promise<boolean> {
  const { controller, subject, noticeId } = pointer.attributes ?? {};
  // Written by queueNotice and deliver, and by nobody else.
  const place = { owner: { controller, subject } as Owner, id: noticeId as NoticeId };
  try {
    const { records } = outbox.openCall();
    if (await records.get(noticeRef(place.owner, place.id))) return tried(place, outbox);
    // The recipient was erased, and the notice went with the key.
    await records
      .change()
      .unpoint(pointer)
      .unpoint(failedPointers.one(place.id))
      .activity({ event: 'notice.dropped', subject: place.owner, about: [place.id] })
      .commit();
    return true;
  } catch (error) {
    outbox.log({ event: 'sweep-failed', noticeId: place.id, error: errorName(error) });
    return false;
  }
}

/** A notice that fails must not keep the others waiting: it is said in the log, and the sweep tries it again. */
async function tried({ owner, id }: { owner: Owner; id: NoticeId }, outbox: Outbox): Promise<boolean> {
  try {
    await deliver(owner, id, outbox);
    return true;
  } catch (error) {
    outbox.log({ event: 'delivery-failed', noticeId: id, error: errorName(error) });
    return false;
  }
}

/** Reads the place of a notice out of its keys; undefined for what else lies in the table. */
function noticeAt(pk: string, sk: string): { owner: Owner; id: NoticeId } | undefined {
  const [, controller, subject] = /^OUTBOX#([^#]+)#([^#]+)$/.exec(pk) ?? [];
  const [, id] = new RegExp(`^${noticeEntity.sortKey}#(ntc_[0-9a-z]+)$`).exec(sk) ?? [];
  if (!controller || !subject || !id) return undefined;
  return { owner: { controller, subject } as Owner, id: id as NoticeId };
}
