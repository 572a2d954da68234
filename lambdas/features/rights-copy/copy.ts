import type { DynamoDBRecord } from 'aws-lambda';
import type { PutOnce } from '../../platform/put-once.ts';
import { copiedFile } from './copied.ts';

/**
 * Puts one batch of the stream of Rights into the locked bucket: one PutObject. Throws when it cannot, so that the whole
 * batch comes again: what people have decided about their data must not be lost with the table.
 */
export async function copyRights(
  records: readonly DynamoDBRecord[],
  put: PutOnce,
): Promise<{ readonly changes: number; readonly outcome: 'put' | 'present' | 'nothing' }> {
  if (records.length === 0) return { changes: 0, outcome: 'nothing' };
  const { key, content } = copiedFile(records);
  return { changes: records.length, outcome: await put(key, content, { contentType: 'application/gzip' }) };
}
