import { errorName } from '../../platform/error-name.ts';
import type { StreamRecord } from '../../platform/stream-record.ts';
import { placeOfCarriedDays, writeCarriedDays } from './carried-days.ts';
import { makeExport } from './make.ts';
import { type Maker, placeOfJob, unlessTakenOver } from './maker.ts';

/**
 * Makes the exports whose job rows have been written. What fails is answered by its sequence number
 * (ReportBatchItemFailures): it comes again, and after that the sweep takes it up.
 */
export async function makeFromStream(
  records: readonly StreamRecord[],
  maker: Maker,
  log: (line: { readonly event: string; readonly exportId?: string; readonly error?: string }) => void,
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
  for (const { eventName, dynamodb } of records) {
    if (eventName === 'REMOVE') continue;
    const carried = placeOfCarriedDays(dynamodb?.Keys?.['pk']?.S ?? '', dynamodb?.Keys?.['sk']?.S ?? '');
    // What fails here waits for the sweep.
    if (carried) await writeCarriedDays(carried, maker).catch(() => log({ event: 'carried-days.interrupted' }));
    const place = placeOfJob(dynamodb?.Keys?.['pk']?.S ?? '', dynamodb?.Keys?.['sk']?.S ?? '');
    if (!place) continue;
    try {
      await unlessTakenOver(() => makeExport(place, maker));
    } catch (error) {
      // The name alone: a message may repeat what it was about.
      log({ event: 'export.interrupted', exportId: place.id, error: errorName(error) });
      return { batchItemFailures: [{ itemIdentifier: dynamodb?.SequenceNumber ?? '' }] };
    }
  }
  return { batchItemFailures: [] };
}
