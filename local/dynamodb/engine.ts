import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { indexStreamRecords } from './stream-index.ts';

export interface DynamoDbEngine {
  readonly endpoint: string;
  /** The SQLite file that its tables lie in; none where it is not ours. */
  readonly databasePath: string | undefined;
  close(): Promise<void>;
}

const RESTART_PAUSE_MILLISECONDS = 50;
const READY_ATTEMPTS_MAX = 500;
const READY_PAUSE_MILLISECONDS = 10;

/**
 * Runs dynoxide on a free port of 127.0.0.1 with its data in `<stateDirectory>/dynamodb.sqlite`, starts it again
 * on the same port when it dies, and lets it die with this process.
 */
export async function startDynamoDb(stateDirectory: string): Promise<DynamoDbEngine> {
  const binary = dynoxideBinary();
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const databasePath = join(stateDirectory, 'dynamodb.sqlite');
  let closing = false;
  let engine = launch();
  await untilListening(port);
  indexStreamRecords(databasePath);

  function launch(): Engine {
    const launched = spawnEngine(binary, port, databasePath);
    launched.child.once('exit', (code, signal) => {
      launched.guard.kill();
      if (closing) return;
      console.error(`The DynamoDB engine ended (${signal ?? code}) and is started again`);
      setTimeout(() => {
        if (!closing) engine = launch();
      }, RESTART_PAUSE_MILLISECONDS);
    });
    return launched;
  }

  return {
    endpoint,
    databasePath,
    async close() {
      closing = true;
      const { child } = engine;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

interface Engine {
  readonly child: ChildProcess;
  readonly guard: ChildProcess;
}

function spawnEngine(binary: string, port: number, dataPath: string): Engine {
  // A session of its own: Ctrl-C reaches the runner, which then stops the engine last.
  const child = spawn(binary, ['serve', '--host', '127.0.0.1', '--port', String(port), '--db-path', dataPath], {
    stdio: 'ignore',
    detached: true,
  });
  // The guard's input ends when this process ends, be it by kill -9; then it ends the engine.
  const guard = spawn('/bin/sh', ['-c', 'read -r _; kill -9 "$0"', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.on('error', () => {});
  guard.on('error', () => {});
  guard.unref();
  return { child, guard };
}

function dynoxideBinary(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json');
    return join(manifest, '..', 'dynoxide');
  } catch (cause) {
    throw new Error(
      `There is no DynamoDB engine on npm for ${process.platform}-${process.arch}: pass --dynamodb URL ` +
        '(or VERN_DYNAMODB_ENDPOINT) of a server that speaks its API',
      { cause },
    );
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || !address) throw new Error('The machine gave no free port');
  return address.port;
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < READY_ATTEMPTS_MAX; attempt += 1) {
    if (await accepts(port)) return;
    await sleep(READY_PAUSE_MILLISECONDS);
  }
  throw new Error(`The DynamoDB engine did not open port ${port}`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
