import { expect, test } from 'vitest';
import { inLanes } from '../../../lambdas/features/walks/in-lanes.ts';

async function* counted(to: number) {
  for (let n = 0; n < to; n++) yield n;
}

test('an organisation with much to do keeps no other waiting', async () => {
  const done: number[] = [];
  let end = () => {};
  const longWork = new Promise<void>((resolve) => {
    end = resolve;
  });
  await inLanes(counted(30), async (n) => {
    if (n === 0) await longWork;
    done.push(n);
    // All others have gone by before the first one ends.
    if (done.length === 29) end();
  });
  expect(done.at(-1)).toBe(0);
  expect([...done].sort((one, other) => one - other)).toEqual(Array.from({ length: 30 }, (_, n) => n));
});

test('what goes wrong is thrown when all the others are done', async () => {
  const done: number[] = [];
  const work = inLanes(counted(30), async (n) => {
    await Promise.resolve();
    if (n === 3) throw new Error('of the third');
    done.push(n);
  });
  await expect(work).rejects.toThrow('of the third');
  expect(done).toHaveLength(29);
});
