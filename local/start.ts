import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CommandLine, readCommandLine, usage } from './command-line.ts';
import { writeDurably } from './durable-file.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from './embedded-cloud.ts';
import type { Endpoints } from './endpoints.ts';
import { emptyState } from './state.ts';
import { synthesised } from './synthesis.ts';

// Lambda's clock is UTC; threads share the process's zone.
process.env['TZ'] = 'UTC';

const root = join(import.meta.dirname, '..');

async function main(): Promise<void> {
  const commandLine = commandLineOrExit();
  const { stateDir, isFresh, dynamoDbEndpoint } = commandLine;
  if (isFresh) emptyState(stateDir);
  if (isFresh && dynamoDbEndpoint) console.log(`note      the tables at ${dynamoDbEndpoint} are not emptied`);
  const outdir = await synthesised(root);
  const cloud = await startEmbeddedCloud({
    outdir,
    stateDir,
    port: commandLine.port,
    isVerbose: commandLine.isVerbose,
    ...(dynamoDbEndpoint && { dynamoDbEndpoint }),
  });
  stopOnSignal(cloud);
  if (cloud.isFresh) await createSamplePeople(cloud.endpoints, commandLine);
  writeDurably(join(stateDir, 'endpoints.json'), `${JSON.stringify(cloud.endpoints, null, 2)}\n`);
  announce(cloud.endpoints, commandLine);
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
  else console.log('people    none: an earlier start was cut short; begin anew with --fresh');
  console.log(`ready ${api}`);
}

/** What `sample-people.ts` exports: it makes people through the product's own endpoints and writes `<state>/people.json`. */
type CreateSamplePeople = (endpoints: Endpoints, stateDir: string) => Promise<void>;

async function createSamplePeople(endpoints: Endpoints, { stateDir }: CommandLine): Promise<void> {
  const file = join(import.meta.dirname, 'sample-people.ts');
  if (!existsSync(file)) return;
  const module = (await import(pathToFileURL(file).href)) as { readonly createSamplePeople: CreateSamplePeople };
  await module.createSamplePeople(endpoints, stateDir);
}

function stopOnSignal(cloud: EmbeddedCloud): void {
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A second Ctrl-C means: now.
      if (isStopping) process.exit(1);
      isStopping = true;
      cloud.close().then(
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
