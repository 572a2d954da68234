import { configDefaults, defineConfig } from 'vitest/config';

/** What takes more than a minute has a script of its own: `npm run test:slow`. */
const isSlowRun = process.env['VERN_TESTS'] === 'slow';
const slow = 'test/**/*.slow.test.ts';

/** These bring nothing into the process that another file could trip over, so one worker reads the modules once for all of them. */
const together = ['test/access/**', 'test/features/**', 'test/http/**', 'test/platform/**'].map(
  (folder) => `${folder}/*.test.ts`,
);
/** What a function's own file sets up when it is read, from its environment. */
const apart = ['test/features/contract/function.test.ts'];

const common = { environment: 'node', testTimeout: 30_000, hookTimeout: 60_000 } as const;

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: isSlowRun
      ? [{ test: { ...common, name: 'slow', include: [slow], exclude: configDefaults.exclude } }]
      : [
          { test: { ...common, name: 'together', include: together, exclude: [slow, ...apart], isolate: false } },
          { test: { ...common, name: 'apart', include: ['test/**/*.test.ts'], exclude: [slow, ...together] } },
          { test: { ...common, name: 'functions', include: apart } },
        ],
  },
});
