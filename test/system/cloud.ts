import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Endpoints } from '../../local/endpoints.ts';
import type { SamplePerson } from '../../local/sample-people.ts';

/** The service as `npm start` runs it, in a process of its own that a test may kill. */
export interface RunningService {
  readonly endpoints: Endpoints;
  readonly people: readonly SamplePerson[];
  readonly stateDir: string;
  /** As a power cut for the process: no farewell. */
  kill(): Promise<void>;
  /** Starts again on the same state. */
  restart(): Promise<RunningService>;
  stop(): Promise<void>;
}

const START_MILLISECONDS_MAX = 120_000;

/** `more`: further words of the command line. */
export async function startService(
  stateDir = mkdtempSync(join(tmpdir(), 'vern-system-')),
  more: readonly string[] = [],
): Promise<RunningService> {
  const child = spawn(process.execPath, ['local/start.ts', '--state', stateDir, '--port', '0', ...more], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  await ready(child);
  const read = <T>(name: string) => JSON.parse(readFileSync(join(stateDir, name), 'utf8')) as T;
  const signal = async (name: 'SIGKILL' | 'SIGTERM') => {
    child.kill(name);
    await ended;
  };
  return {
    endpoints: read<Endpoints>('endpoints.json'),
    people: read<SamplePerson[]>('people.json'),
    stateDir,
    kill: () => signal('SIGKILL'),
    restart: () => startService(stateDir, more),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) await signal('SIGTERM');
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((done, failed) => {
    let output = '';
    const timer = setTimeout(() => failed(new Error(`not ready in time: ${output}`)), START_MILLISECONDS_MAX);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (!/^ready http:\/\/127\.0\.0\.1:\d+$/m.test(output)) return;
      clearTimeout(timer);
      done();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => failed(new Error(`ended with ${code}: ${output}`)));
  });
}
