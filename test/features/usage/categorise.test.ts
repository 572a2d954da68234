import { describe, expect, it } from 'vitest';
import { categoriesOf } from '../../../lambdas/features/usage/categorise.ts';
import type { UsageEvent } from '../../../lambdas/features/usage/usage-event.ts';

const now = new Date('2026-11-23T02:30:00Z');
const use = (module: string, at: string): UsageEvent => ({
  ...{ at, module, function: 'aFunction', about: [] },
  device: { maker: 'Apple', system: 'iOS', browser: 'Safari', version: '18' },
});
const onDays = (module: string, days: number) =>
  Array.from({ length: days }, (_, i) => use(module, `2026-11-${String(22 - i).padStart(2, '0')}T10:00:00.000Z`));

describe('categories by use (CE-06)', () => {
  it('follow from the days on which a module was used, and say on how many', () => {
    const events = [...onDays('Calendar', 8), ...onDays('Messages', 3), ...onDays('Files', 2), ...onDays('Files', 2)];
    expect(categoriesOf(events, 'Europe/Oslo', now)).toEqual({
      computedAt: now.toISOString(),
      from: '2026-11-03',
      until: '2026-11-23',
      modules: [
        { module: 'Calendar', category: 'frequent', days: 8 },
        { module: 'Messages', category: 'occasional', days: 3 },
        { module: 'Files', category: 'rare', days: 2 },
      ],
    });
  });

  it('look at the organisation’s days, and at none before the last 21', () => {
    // Half past midnight in Oslo.
    const late = use('Calendar', '2026-11-21T23:30:00.000Z');
    const early = use('Calendar', '2026-11-22T08:00:00.000Z');
    expect(categoriesOf([late, early], 'Europe/Oslo', now)?.modules).toMatchObject([{ days: 1 }]);
    expect(categoriesOf([use('Calendar', '2026-11-02T10:00:00.000Z')], 'Europe/Oslo', now)).toBeUndefined();
  });

  it('are none for nobody', () => {
    expect(categoriesOf([], 'Europe/Oslo', now)).toBeUndefined();
  });
});
