import { existsSync, readFileSync, rmSync } from 'node:fs';
import { apiFunctions } from '../lambdas/functions/catalogue.ts';
import type { Route } from '../lambdas/http/route.ts';
import { PROVOKED_FILE } from './support/provoked.ts';

/**
 * Run after all tests: every problem that a route declares was really answered by that route in some test. A declared
 * problem that nobody can provoke is a promise in the contract that nothing holds.
 *
 *   node test/every-problem.ts begin   forgets earlier runs
 *   node test/every-problem.ts         checks
 */
if (process.argv[2] === 'begin') {
  rmSync(PROVOKED_FILE, { force: true });
} else {
  const provoked = new Set(existsSync(PROVOKED_FILE) ? readFileSync(PROVOKED_FILE, 'utf8').split('\n') : []);
  const declared = Object.values(apiFunctions)
    .flatMap(({ routes }): Route[] => Object.values(routes))
    .flatMap(({ method, path, problems }) => problems.map((slug) => `${method} ${path} ${slug}`));
  const missing = declared.filter((pair) => !provoked.has(pair));
  for (const pair of missing) console.error(`declared, but provoked by no test: ${pair}`);
  console.log(`${declared.length - missing.length} of ${declared.length} declared problems provoked`);
  if (missing.length > 0) process.exit(1);
}
