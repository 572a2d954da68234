import { defineConfig } from 'vitest/config';

/** What takes more than a minute has a script of its own: `npm run test:slow`. */
const isSlowRun = process.env['VERN_TESTS'] === 'slow';
const slow = 'test/**/*.slow.test.ts';

export default defineConfig({
  test: {
    include: [isSlowRun ? slow : 'test/**/*.test.ts'],
    exclude: isSlowRun ? [] : [slow],
    environment: 'node',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
