import { describe, expect, it } from 'vitest';
import { failedItems } from '../../../local/events/batch-response.ts';

const ok = (payload: unknown) => ({ functionError: undefined, payload: JSON.stringify(payload ?? null) });

describe('which items of a batch failed', () => {
  it.each([
    ['none, when the function returned', ok(null), true, []],
    ['none, of an empty list', ok({ batchItemFailures: [] }), true, []],
    ['the named ones', ok({ batchItemFailures: [{ itemIdentifier: '2' }] }), true, ['2']],
    [
      'none, where the template does not ask for a report',
      ok({ batchItemFailures: [{ itemIdentifier: '2' }] }),
      false,
      [],
    ],
    ['all, when the function failed', { functionError: 'Unhandled' as const, payload: '{}' }, true, ['1', '2', '3']],
    [
      'all, for an identifier that nobody sent',
      ok({ batchItemFailures: [{ itemIdentifier: '9' }] }),
      true,
      ['1', '2', '3'],
    ],
    ['all, for an empty identifier', ok({ batchItemFailures: [{ itemIdentifier: '' }] }), true, ['1', '2', '3']],
    ['all, for a report of the wrong form', ok({ batchItemFailures: 'x' }), true, ['1', '2', '3']],
  ])('is %s', (_, result, reportsItemFailures, expected) => {
    expect([...failedItems(result, ['1', '2', '3'], reportsItemFailures)]).toEqual(expected);
  });
});
