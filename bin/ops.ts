import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SESClient } from '@aws-sdk/client-ses';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { RestoreCommand } from '../lambdas/features/restore/operator.ts';
import { REGION, stageNamed } from '../lib/stages.ts';
import { tellDnsRecords } from './ops-dns.ts';
import { receiveMail } from './ops-receiving.ts';
import { type Redriven, redrive, redriven } from './ops-redrive.ts';
import { followRestoration, type Tell, tellStanding } from './ops-restore.ts';

const usage = `npm run ops -- COMMAND [--stage dev] [--state DIR]
  first-administrator --email ADDRESS --language nb|en
                       make the first platform operator of a fresh deployment; Cognito mails a temporary password
  restore --backup YYYY-MM-DD [--from offline|backup] [--tables-lost]
                       close the service, bring that day's backup back into new tables, let every right that was
                       exercised since be so again, and open; given again, it goes on with the one under way
  restore --point-in-time 2026-11-23T07:15:00Z
                       the same from AWS's own recovery (35 days), while the tables are still there
  restore-status       how far a restore or a drill has come
  restore-abort        open on the old tables again; not possible once the gate is being switched
  restore-drill        the monthly drill, now: beside the service, which stays open
  redrive-notices      send anew what could not be sent for a reason of ours, once that is mended
  dns                  the DNS records of the domain that mail comes from, for whoever keeps its zone; with --offline
                       those that are known without AWS
  receive-mail         let mail to the inbound domain come in: makes the stage's rule set SES's active one
  redrive mail-events|distribution|alarm-steps|webhooks|workers
                       bring dead letters back to their queue or their function, once the cause is mended
  --stage NAME         which deployment (dev by default)
  --state DIR          talk to the embedded cloud that keeps its state there, not to AWS`;

/** The command as its function takes it, and where to send it. Throws with a text for people. */
export function readOpsCommand(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      email: { type: 'string' },
      language: { type: 'string' },
      backup: { type: 'string' },
      from: { type: 'string' },
      'point-in-time': { type: 'string' },
      'tables-lost': { type: 'boolean' },
      stage: { type: 'string', default: 'dev' },
      state: { type: 'string' },
    },
  });
  const [command, ...rest] = positionals;
  const { stage, state } = values;
  if (rest.length > 0) throw new Error(`${rest.join(' ')} belongs to no command`);
  if (!/^[a-z][a-z0-9-]*$/.test(stage)) throw new Error(`${stage} is no name of a stage`);
  const to = (name: string) => ({ functionName: `vern-${stage}-${name}`, stateDir: state });
  if (command === 'first-administrator') return { ...to('ops'), event: firstAdministrator(values) };
  if (command === 'restore') return { ...to('restore'), event: restore(values) };
  if (command === 'restore-status' || command === 'restore-abort' || command === 'restore-drill')
    return { ...to('restore'), event: { command } as const };
  if (command === 'redrive-notices') return { ...to('outbox'), event: { command } as const };
  throw new Error('Which command?');
}

function firstAdministrator({ email, language }: { email?: string | undefined; language?: string | undefined }) {
  if (email === undefined) throw new Error('--email is missing');
  if (language !== 'nb' && language !== 'en') throw new Error('--language is nb or en');
  return { command: 'first-administrator', email, language } as const;
}

/** What the operator's own credentials do, without a function of ours. */
export type Task = { readonly stage: string; readonly stateDir: string | undefined } & (
  | { readonly command: 'dns'; readonly isOffline: boolean }
  | { readonly command: 'receive-mail' }
  | { readonly command: 'redrive'; readonly what: Redriven }
);

const tasks = ['dns', 'receive-mail', 'redrive'] as const satisfies readonly Task['command'][];

/** Undefined for a command that a function carries out. Throws with a text for people. */
export function readTask(args: readonly string[]): Task | undefined {
  if (!tasks.some((task) => task === args[0])) return undefined;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      offline: { type: 'boolean', default: false },
      stage: { type: 'string', default: 'dev' },
      state: { type: 'string' },
    },
  });
  const [command, named, ...rest] = positionals;
  const common = { stage: stageNamed(values.stage).name, stateDir: values.state };
  if (command === 'dns' && named === undefined) return { ...common, command, isOffline: values.offline };
  if (command === 'receive-mail' && named === undefined && !values.offline) return { ...common, command };
  const what = redriven.find((one) => one === named);
  if (command !== 'redrive' || what === undefined || rest.length > 0 || values.offline) {
    throw new Error(`Which dead letters: ${redriven.join(', ')}?`);
  }
  return { ...common, command, what };
}

async function carryOut(task: Task, tell: Tell): Promise<void> {
  if (task.command === 'dns') return tellDnsRecords(task.stage, task.isOffline ? undefined : new SESv2Client({}), tell);
  if (task.command === 'receive-mail') {
    if (!(await receiveMail(task.stage, new SESClient({}), tell))) process.exitCode = 1;
    return;
  }
  const clients = { sqs: new SQSClient({}), lambda: new LambdaClient({}) };
  const { left } = await redrive(task.what, { stage: task.stage, ...clients, tell });
  if (left > 0) process.exitCode = 1;
}

type RestoreWanted = Extract<RestoreCommand, { command: 'restore' }>;

function restore(values: {
  backup?: string | undefined;
  from?: string | undefined;
  'point-in-time'?: string | undefined;
  'tables-lost'?: boolean | undefined;
}): RestoreWanted {
  const { backup, from = 'backup', 'point-in-time': pointInTime, 'tables-lost': areTablesLost = false } = values;
  if ((backup === undefined) === (pointInTime === undefined)) throw new Error('Either --backup or --point-in-time');
  if (backup !== undefined) {
    if (from !== 'backup' && from !== 'offline') throw new Error('--from is backup or offline');
    if (!/^\d{4}-\d{2}-\d{2}$/.test(backup)) throw new Error('--backup is a day: 2026-11-23');
    return { command: 'restore', backup, from, areTablesLost };
  }
  if (values.from !== undefined || areTablesLost) throw new Error('--point-in-time reads the tables themselves');
  const instant = new Date(pointInTime!);
  if (Number.isNaN(instant.getTime())) throw new Error('--point-in-time is an instant: 2026-11-23T07:15:00Z');
  return { command: 'restore', pointInTime: instant.toISOString() };
}

/** The SDK's own variables, so that nothing but where it talks to differs between AWS and this machine. */
function useEmbeddedCloud(stateDir: string): void {
  const { lambda, sqs, ses, region, accessKeyId, secretAccessKey } = JSON.parse(
    readFileSync(join(stateDir, 'endpoints.json'), 'utf8'),
  ) as Record<'lambda' | 'sqs' | 'ses' | 'region' | 'accessKeyId' | 'secretAccessKey', string>;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_LAMBDA: lambda,
    AWS_ENDPOINT_URL_SQS: sqs,
    AWS_ENDPOINT_URL_SES: ses,
    AWS_ENDPOINT_URL_SESV2: ses,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  });
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const tell: Tell = (line) => console.log(line);
  // Where Vern runs, whatever the shell has set.
  process.env['AWS_REGION'] = REGION;
  const task = readTask(args);
  if (task) {
    if (task.stateDir !== undefined) useEmbeddedCloud(task.stateDir);
    return carryOut(task, tell);
  }
  const { functionName, stateDir, event } = readOpsCommand(args);
  if (stateDir !== undefined) useEmbeddedCloud(stateDir);
  const client = new LambdaClient({});
  const ask = (asked: object) => invoked(client, functionName, asked);
  const answer = await ask(event);
  if (event.command === 'redrive-notices') return console.log(JSON.stringify(answer));
  if (event.command === 'first-administrator') {
    console.log(JSON.stringify(answer));
    if (answer.outcome !== 'invited') process.exitCode = 1;
    return;
  }
  tellStanding(answer, tell);
  if (answer.outcome === 'refused') process.exitCode = 1;
  else if (event.command !== 'restore-status') {
    const goOn = async () => {
      await client.send(
        new InvokeCommand({
          FunctionName: functionName,
          InvocationType: 'Event',
          Payload: JSON.stringify({ command: 'restore-go-on' }),
        }),
      );
    };
    const isGood = await followRestoration(wanted[event.command], {
      ask: () => ask({ command: 'restore-status' }),
      goOn,
      tell,
    });
    if (!isGood) process.exitCode = 1;
  }
}

/** What each command leads to. */
const wanted = {
  restore: { kind: 'restore', outcome: 'restored' },
  'restore-abort': { kind: 'restore', outcome: 'aborted' },
  'restore-drill': { kind: 'drill', outcome: 'passed' },
} as const;

async function invoked(client: LambdaClient, FunctionName: string, event: object) {
  const { Payload, FunctionError } = await client.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
  );
  const answer = Buffer.from(Payload ?? []).toString();
  if (FunctionError) throw new Error(`${FunctionName} failed: ${answer}`);
  return JSON.parse(answer);
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exitCode = 1;
  });
}
