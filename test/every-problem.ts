import { existsSync, readFileSync, rmSync } from 'node:fs';
import { apiFunctions } from '../lambdas/functions/catalogue.ts';
import type { Route } from '../lambdas/http/route.ts';
import { problemsOf } from '../lambdas/http/route-facts.ts';
import { PROVOKED_FILE } from './support/provoked.ts';

/**
 * Run after all tests: every problem that a route declares was really answered by that route in some test, and none
 * was answered that the contract does not name. A declared problem that nobody can provoke is a promise in the contract
 * that nothing holds; one that is not declared takes a client by surprise.
 *
 *   node test/every-problem.ts begin   forgets earlier runs
 *   node test/every-problem.ts         checks
 */
if (process.argv[2] === 'begin') {
  rmSync(PROVOKED_FILE, { force: true });
} else {
  const provoked = new Set(existsSync(PROVOKED_FILE) ? readFileSync(PROVOKED_FILE, 'utf8').split('\n') : []);
  const routes = Object.values(apiFunctions).flatMap(({ routes }): Route[] => Object.values(routes));
  const declared = routes.flatMap(({ method, path, problems }) => problems.map((slug) => `${method} ${path} ${slug}`));
  const missing = declared.filter((pair) => !provoked.has(pair));
  for (const pair of missing) console.error(`declared, but provoked by no test: ${pair}`);
  console.log(`${declared.length - missing.length} of ${declared.length} declared problems provoked`);

  const answerable = new Map(routes.map((route) => [`${route.method} ${route.path}`, problemsOf(route)]));
  const undeclared = [...provoked].filter((pair) => {
    const end = pair.lastIndexOf(' ');
    // Tests of the chain itself have routes of their own.
    return answerable.get(pair.slice(0, end))?.every((slug) => slug !== pair.slice(end + 1));
  });
  for (const pair of undeclared) console.error(`answered in a test, but not declared: ${pair}`);
  if (missing.length + undeclared.length > 0) process.exit(1);
}
