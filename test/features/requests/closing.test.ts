import { describe, expect, it } from 'vitest';
import { objectable } from '../../../lambdas/features/requests/closing.ts';

describe('what can be objected to (Art. 21)', () => {
  it('is what the controller’s own relation gives, and not what the law demands or a consent carries', () => {
    expect([...objectable.keys()].sort()).toEqual(['attendance-day', 'picture']);
  });
});
