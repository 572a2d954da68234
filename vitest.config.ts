import { configDefaults, defineConfig } from 'vitest/config';

/** What takes more than a minute has a script of its own: `npm run test:slow`. */
const isSlowRun = process.env['VERN_TESTS'] === 'slow';
const every = ['test/**/*.test.ts'];
const slow = 'test/**/*.slow.test.ts';

/** Its function's own file sets itself up when it is read, from its environment: it needs a process of its own. */
const apart = ['test/features/contract/function.test.ts'];

/** Beside other work a slow one takes minutes; one that is given up goes on and disturbs those after it. */
const patient = { testTimeout: 300_000, hookTimeout: 300_000 } as const;
const common = { environment: 'node', testTimeout: 30_000, hookTimeout: 60_000 } as const;

export default defineConfig({
  test: {
    // On two cores: what waits for an engine or a clock leaves one idle, and a third worker takes a sixth off the time.
    maxWorkers: 3,
    projects: isSlowRun
      ? [{ test: { ...common, ...patient, name: 'slow', include: [slow], exclude: configDefaults.exclude } }]
      : [
          // Nothing here is brought into the process that another file could trip over, so one worker reads the modules
          // once for all of its files: half a second of CPU a file, and three where the CDK is among them.
          { test: { ...common, name: 'together', include: every, exclude: [slow, ...apart], isolate: false } },
          { test: { ...common, name: 'functions', include: apart } },
        ],
  },
});
