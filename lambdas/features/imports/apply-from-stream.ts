import { errorName } from '../../platform/error-name.ts';
import type { StreamRecord } from '../../platform/stream-record.ts';
import { applyImport } from './apply.ts';
import { type Importer, placeOfJob } from './worker.ts';

/**
 * Takes in the imports whose job rows have been written. Answers what failed by its sequence number
 * (ReportBatchItemFailures): it comes again, and the import goes on where it was.
 */
export async function applyFromStream(
  records: readonly StreamRecord[],
  importer: Importer,
  log: (line: { readonly event: string; readonly importId: string; readonly error: string }) => void,
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
  for (const { eventName, dynamodb } of records) {
    if (eventName === 'REMOVE') continue;
    const place = placeOfJob(dynamodb?.Keys?.['pk']?.S ?? '', dynamodb?.Keys?.['sk']?.S ?? '');
    if (!place) continue;
    try {
      await applyImport(place, importer);
    } catch (error) {
      // The name alone: a message may repeat what it was about.
      log({
        event: 'import.interrupted',
        importId: place.importId,
        error: errorName(error),
      });
      // A stream is read again from the first that failed; the rest come with it.
      return { batchItemFailures: [{ itemIdentifier: dynamodb?.SequenceNumber ?? '' }] };
    }
  }
  return { batchItemFailures: [] };
}
