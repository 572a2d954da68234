import type { InvocationResult } from '../lambda/pool.ts';

/**
 * Which items of a batch failed (Lambda developer guide, "Reporting batch item failures"): nobody of `none`, or
 * the identifiers. A function error, an unreadable answer, an empty or unknown identifier fail the whole batch.
 */
export function failedItems(
  result: InvocationResult,
  identifiers: readonly string[],
  reportsItemFailures: boolean,
): ReadonlySet<string> {
  const all = new Set(identifiers);
  if (result.functionError) return all;
  if (!reportsItemFailures) return new Set();
  const answer: unknown = JSON.parse(result.payload);
  const failures: unknown = Object(answer)['batchItemFailures'];
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return all;
  const failed = new Set(failures.map((each) => String(Object(each)['itemIdentifier'] ?? '')));
  return [...failed].every((identifier) => all.has(identifier)) ? failed : all;
}
