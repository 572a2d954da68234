import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { verifyFile } from '../../bin/verify-log.ts';
import { LOCKED_DAYS } from '../../lambdas/features/backups/backup.ts';
import type { OrganisationId, PersonId, RoleId } from '../../lambdas/http/ids.ts';
import { loseDisk } from '../client/disk.ts';
import { serviceTime } from '../client/mailbox.ts';
import type { Api, Visitor } from '../client/visitor.ts';
import type { Endpoints } from '../endpoints.ts';
import { moveClock, refusal, until } from './playing.ts';
import { chapter, indented, said, step } from './telling.ts';

/** Who takes part: the head of the kindergarten, and a member of staff who becomes its privacy officer. */
interface Cast {
  readonly endpoints: Endpoints;
  readonly stateDir: string;
  readonly organisationId: OrganisationId;
  readonly colleague: { readonly visitor: Visitor; readonly id: PersonId };
  readonly child: { readonly id: PersonId };
  /** Who has been erased since the backup. */
  readonly erasedId: PersonId;
  /** The day of a backup from before that. */
  readonly backupDay: string;
  asLeader(): Promise<Api>;
}

const HOURS_UNTIL_WHOLE_MAX = 12;
const HOUR_MILLISECONDS = 3_600_000;
/** After the hour at which the daily backup is made, summer or winter. */
const NIGHT_UTC_HOUR = 2;
const DAY_MILLISECONDS = 86_400_000;
const LINES_SHOWN = 6;

/** What a parent may always ask: who has looked, and who has changed something. */
export async function whoHasSeenUs(parent: Visitor): Promise<void> {
  chapter('Who has seen my child?');
  const { body } = await parent.api.listMyActivity({ query: { limit: LINES_SHOWN } });
  step('Henrik asks who has seen and changed what is about him and Emil:');
  for (const { at, sentence } of body.items) indented(`${timeOf(at)}  ${sentence}`);
}

/** Nights pass until there is a whole backup with its locked copy; its day. */
export async function aNight(
  endpoints: Endpoints,
  organisationId: OrganisationId,
  asLeader: Cast['asLeader'],
): Promise<string> {
  chapter('The night');
  const backups = async () => (await (await asLeader()).listBackups({ params: { organisationId } })).body.items;
  const evening = (await serviceTime(endpoints.mailbox)).getTime();
  // A day that was missed while the clock jumped is made up for, and shows what was there before this kindergarten was.
  const showsThisEvening = ({ lockedUntil }: { lockedUntil: string }) =>
    Date.parse(lockedUntil) - LOCKED_DAYS * DAY_MILLISECONDS > evening;
  const untilNight = NIGHT_UTC_HOUR * HOUR_MILLISECONDS - (evening % DAY_MILLISECONDS);
  const minutes = Math.ceil((untilNight > 0 ? untilNight : untilNight + DAY_MILLISECONDS) / 60_000);
  await moveClock(endpoints, `PT${minutes}M`);
  for (let hour = 0; hour < HOURS_UNTIL_WHOLE_MAX; hour++) {
    await moveClock(endpoints, 'PT1H');
    const found = (await backups()).find((backup) => backup.offlineAt !== undefined && showsThisEvening(backup));
    if (!found) continue;
    step(`At night everything is exported and copied offline. Sandra sees the backup of ${found.day}:`);
    indented(`locked until ${found.lockedUntil}: nobody can delete it before, not even who runs the service`);
    indented(`gone on ${found.expiresOn}; what is in it cannot be read without keys that no backup holds`);
    return found.day;
  }
  throw new Error(`No backup in ${HOURS_UNTIL_WHOLE_MAX} hours`);
}

export async function theTrust(cast: Cast): Promise<void> {
  const officer = await thePrivacyOfficer(cast);
  await theLog(cast, await officer());
  await aLostDisk(cast);
}

async function thePrivacyOfficer({ organisationId, colleague, asLeader }: Cast): Promise<() => Promise<Api>> {
  chapter('A log that nobody can change quietly');
  const leader = await asLeader();
  const { body: role } = await leader.giveRole({
    params: { organisationId },
    body: { personId: colleague.id, role: 'privacy-officer', scope: { kind: 'organisation' } },
  });
  step('Sandra makes Aurora the privacy officer: whoever runs the kindergarten does not read its log alone.');
  return async () => {
    await colleague.visitor.signInAgain();
    return colleague.visitor.openRole(organisationId, role.id as RoleId);
  };
}

async function theLog({ endpoints, organisationId }: Cast, officer: Api): Promise<void> {
  const params = { organisationId };
  await moveClock(endpoints, 'PT2M');
  const { body: read } = await officer.listActivity({ params, query: { limit: LINES_SHOWN } });
  step('Aurora reads the newest of it; that she does is recorded as well:');
  for (const { at, sentence } of read.items) indented(`${timeOf(at)}  ${sentence}`);

  const today = (await serviceTime(endpoints.mailbox)).toISOString().slice(0, 10);
  const { body: ordered } = await officer.orderActivityExport({ params, body: { from: '2020-01-01', to: today } });
  const ready = await until(async () => {
    const { body } = await officer.listActivityExports({ params });
    return body.items.find(({ id, state }) => id === ordered.id && state === 'ready');
  });
  const { body: download } = await officer.downloadActivityExport({ params: { ...params, exportId: ready.id } });
  const zip = new Uint8Array(await (await fetch(download.url)).arrayBuffer());
  const { keys } = (await (await fetch(`${endpoints.api}/v1/proofs/keys`)).json()) as { keys: { spki: string }[] };
  const folder = mkdtempSync(join(tmpdir(), 'vern-log-'));
  try {
    const lines = strFromU8(unzipSync(zip)['log/log.jsonl']!).trimEnd().split('\n');
    const check = (name: string, content: string) => {
      const file = join(folder, name);
      writeFileSync(file, content);
      return verifyFile([file, '--key', keys[0]!.spki]);
    };
    const genuine = await check('log.jsonl', `${lines.join('\n')}\n`);
    step('She exports it, and checks it on her own machine with the public key alone (npm run verify:log):');
    for (const line of genuine.lines) indented(line);
    if (!genuine.isClean) throw new Error('The log that was just exported does not verify');

    const victim = Math.floor(lines.length / 2);
    const changed = lines.with(victim, lines[victim]!.replace(/"actor":"[^"]+"/, '"actor":"acc_somebody_else"'));
    const forged = await check('forged.jsonl', `${changed.join('\n')}\n`);
    step('Had anyone changed who did one single thing:');
    for (const line of forged.lines.slice(-2)) indented(line);
    if (forged.isClean) throw new Error('A forged log verifies');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function aLostDisk(cast: Cast): Promise<void> {
  const { endpoints, organisationId, stateDir, backupDay, erasedId, child, asLeader } = cast;
  chapter('Tuesday: a disk is lost');
  const lost = await loseDisk(endpoints.mailbox);
  step(`${lost.length} tables are gone. The backup of ${backupDay} is from before Henrik was erased.`);
  const restoring = ops('restore', '--backup', backupDay, '--from', 'offline', '--tables-lost', '--state', stateDir);
  const closed = await until(async () => {
    const response = await fetch(`${endpoints.api}/v1/health`);
    return response.status === 503 ? response : undefined;
  });
  step(`An operator restores it (npm run ops -- restore). Meanwhile everyone is told to come back:`);
  indented(
    `503 ${((await closed.json()) as { title: string }).title}, Retry-After: ${closed.headers.get('retry-after')}`,
  );
  await until(async () => (restoring.told().includes('close-gate') ? true : undefined));
  await moveClock(endpoints, 'PT3M');
  const code = await restoring.ended;
  // Before its own steps it tells of the last drill.
  const lines = restoring.told().trim().split('\n');
  for (const line of lines.slice(lines.findLastIndex((told) => told.includes('close-gate')))) indented(line);
  if (code !== 0) throw new Error(`The restore ended with ${code}`);

  // Whoever works here opens their role anew: sessions were on that disk.
  await moveClock(endpoints, 'PT15M');
  const leader = await asLeader();
  const { body: back } = await leader.getPerson({ params: { organisationId, personId: child.id } });
  step(`The service is open again. ${back.firstName} is back.`);
  const gone = await refusal(() => leader.getPerson({ params: { organisationId, personId: erasedId } }));
  step(`Henrik, who was erased after that backup, is not: ${gone}. A restore undoes no right.`);
  const { body: found } = await leader.listPeople({
    params: { organisationId },
    query: { kind: 'guardian', limit: 100 },
  });
  said(
    `Of ${found.items.length} guardians on the first page none is he: ${found.items.every(({ id }) => id !== erasedId)}.`,
  );
}

/** `npm run ops -- …`, in a process of its own as an operator would. */
function ops(...args: readonly string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../bin/ops.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  const read = (chunk: Buffer) => {
    told += chunk.toString();
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  return { told: () => told, ended };
}

const timeOf = (instant: string) =>
  new Date(instant).toLocaleString('en-GB', { timeZone: 'Europe/Oslo', dateStyle: 'short', timeStyle: 'short' });
