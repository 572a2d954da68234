import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** What the tests of one run saw the service answer: its own log lines, route and problem, one file per run. */
export const PROVOKED_FILE = join(import.meta.dirname, '../../node_modules/.vern/provoked-problems.log');

/** Keeps what a log line of the service says about the problem it answered with. */
export function noteProvoked(line: string): void {
  const { route, problem } = JSON.parse(line) as { route?: string; problem?: string };
  if (route === undefined || problem === undefined) return;
  mkdirSync(join(PROVOKED_FILE, '..'), { recursive: true });
  appendFileSync(PROVOKED_FILE, `${route} ${problem}\n`);
}
