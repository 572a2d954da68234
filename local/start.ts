import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandLine, readCommandLine, usage } from './command-line.ts';
import { writeDurably } from './durable-file.ts';
import { startEmbeddedCloud } from './embedded-cloud.ts';
import type { Endpoints } from './endpoints.ts';
import { prepareSamplePeople } from './sample-people-making.ts';
import { emptyState, holdsState } from './state.ts';
import { synthesised } from './synthesis.ts';

// Lambda's clock is UTC; threads share the process's zone.
process.env['TZ'] = 'UTC';

const root = join(import.meta.dirname, '..');

async function main(): Promise<void> {
  const commandLine = commandLineOrExit();
  const { stateDir, dynamoDbEndpoint } = commandLine;
  prepareState(commandLine);
  const people = existsSync(join(stateDir, READY_FILE)) ? undefined : prepareSamplePeople(stateDir);
  const cloud = await startEmbeddedCloud({
    outdir: synthesised(root),
    stateDir,
    port: commandLine.port,
    isVerbose: commandLine.isVerbose,
    outsideWorld: commandLine.outsideWorld,
    ...(dynamoDbEndpoint && { dynamoDbEndpoint }),
  });
  stopOnSignal(async () => {
    await people?.stop();
    await cloud.close();
  });
  try {
    await people?.make(cloud.endpoints);
  } catch (error) {
    if (isStopping) return;
    await cloud.close();
    throw error;
  }
  writeDurably(join(stateDir, READY_FILE), `${JSON.stringify(cloud.endpoints, null, 2)}\n`);
  announce(cloud.endpoints, commandLine);
}

/** Written once everything is ready, so a state without it is one that nobody has used. */
const READY_FILE = 'endpoints.json';

function prepareState({ stateDir, isFresh, dynamoDbEndpoint }: CommandLine): void {
  const isCutShort = holdsState(stateDir) && !existsSync(join(stateDir, READY_FILE));
  if (!isFresh && !isCutShort) return;
  // Half of the sample people cannot be told from people, and those who exist cannot be made again.
  if (!isFresh) console.log('note      an earlier start was cut short before it was ready: beginning anew');
  emptyState(stateDir);
  if (dynamoDbEndpoint) console.log(`note      the tables at ${dynamoDbEndpoint} are not emptied`);
}

function commandLineOrExit(): CommandLine {
  try {
    return readCommandLine(process.argv.slice(2), process.env);
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${usage}`);
    process.exit(2);
  }
}

function announce({ api, mailbox }: Endpoints, { stateDir }: CommandLine): void {
  console.log(`mailbox   ${mailbox}`);
  console.log(`reference ${api}/docs`);
  const people = join(stateDir, 'people.json');
  if (existsSync(people)) console.log(`people    ${people} (e-mail, password, TOTP secret, roles)`);
  else console.log('people    none: their file was removed; begin anew with --fresh');
  console.log(`ready ${api}`);
}

let isStopping = false;

function stopOnSignal(stop: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A second Ctrl-C means: now.
      if (isStopping) process.exit(1);
      isStopping = true;
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(messageOf(error));
          process.exit(1);
        },
      );
    });
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exit(1);
});
