import { expect, test } from 'vitest';
import type { FamilyClock } from '../../../lambdas/features/walks/family-clock.ts';
import { tickAll } from '../../../lambdas/features/walks/tick-all.ts';

const clock = (hasTimeLeft: () => boolean): FamilyClock => ({
  hasTimeLeft,
  log: () => {},
  openCall: () => {
    throw new Error('These steps read nothing');
  },
});

test('a step that takes the whole time of a run leaves the others theirs', async () => {
  let looks = 100;
  const whole = clock(() => looks-- > 0);
  let organisations = 0;
  const steps = {
    endless: async ({ hasTimeLeft }: FamilyClock) => {
      while (hasTimeLeft()) await Promise.resolve();
      return {};
    },
    short: async ({ hasTimeLeft }: FamilyClock) => {
      for (; organisations < 10 && hasTimeLeft(); organisations++) await Promise.resolve();
      return { organisations };
    },
  };
  expect(await tickAll(steps, whole, () => {})).toEqual({ endless: {}, short: { organisations: 10 } });
});

test('a step that fails stops no other, is counted, and fails the run', async () => {
  const lines: object[] = [];
  const steps = {
    broken: () => Promise.reject(new TypeError('a secret')),
    whole: async () => ({ told: 2 }),
  };
  const ticked = tickAll(
    steps,
    clock(() => true),
    (line) => lines.push(line),
  );
  await expect(ticked).rejects.toThrow(TypeError);
  expect(lines).toContainEqual({ metric: 'whole-ticked', told: 2 });
  expect(lines).toContainEqual({ metric: 'family-clock-step-failed', step: 'broken', error: 'TypeError' });
});
