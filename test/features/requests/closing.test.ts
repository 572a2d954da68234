import { describe, expect, it } from 'vitest';
import { objectable } from '../../../lambdas/features/requests/closing.ts';

describe('what can be objected to (Art. 21)', () => {
  it('is what the controller’s own relation gives, and not what the law demands or a consent carries', () => {
    expect([...objectable.keys()].sort()).toEqual(['attendance-day', 'picture']);
  });

  it('lies under a key row of its own each, because one row can stand in a transaction only once', () => {
    const classes = [...objectable.values()].map(({ retentionClass }) => retentionClass);
    expect(new Set(classes).size).toBe(classes.length);
  });
});
