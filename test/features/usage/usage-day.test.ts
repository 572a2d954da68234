import { describe, expect, it } from 'vitest';
import { statisticsOf } from '../../../lambdas/features/statistics/statistics.ts';
import { usageDayOf } from '../../../lambdas/features/usage/usage-day.ts';

const row = (name: string, attributes: Record<string, number>) => ({ sk: `FUNCTION#Calendar#${name}`, attributes });

describe('the counts of a day', () => {
  it('add up over their shards', () => {
    const rows = [row('list', { uses: 3, signedIn: 3, people: 2 }), row('list', { uses: 4, signedIn: 4, people: 1 })];
    expect(usageDayOf(rows).functions).toEqual([{ module: 'Calendar', function: 'list', uses: 7, people: 3 }]);
  });

  it('never take somebody who could not be counted for nobody: ten uses of one person are not shown', () => {
    const day = usageDayOf([
      row('list', { uses: 12, signedIn: 12 }),
      row('feed', { uses: 12 }),
      row('edit', { uses: 12, signedIn: 12, people: 10 }),
    ]);
    expect(day.functions.map((one) => [one.function, one.people])).toEqual([
      ['edit', 10],
      ['feed', 0],
      ['list', 1],
    ]);
    const shown = statisticsOf([[{ day: '2026-11-09', usage: day }]]).functions;
    expect(shown.map((one) => one.function).toSorted()).toEqual(['edit', 'feed']);
  });
});
