import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';

export interface OwnProcess {
  /** What the script wrote first. */
  readonly said: string;
  /** SIGKILL: no handler, no flush, no farewell. */
  kill(): Promise<void>;
}

/** Runs a module's source in a process of its own, until it has said something; at the latest the test's end kills it. */
export async function inOwnProcess(source: string): Promise<OwnProcess> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Also when the test fails before it kills: no server may outlive it.
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    child.once('exit', () => reject(new Error('The process ended before it said anything')));
  });
  return {
    said,
    kill: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}

/** The URL to import a module of ours by, from a path under the repository. */
export function moduleUrl(path: string): string {
  return JSON.stringify(new URL(`../../../${path}`, import.meta.url).href);
}
