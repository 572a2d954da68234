import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { type DistributionJob, jobKeptUntil, jobRef, openJobKey } from '../../lambdas/features/distribution/job.ts';
import { type Totals, totalsIn } from '../../lambdas/features/distribution/progress.ts';
import { jobRows } from '../../lambdas/features/distribution/rows.ts';
import { organisationOwner } from '../../lambdas/features/organisations/organisation.ts';
import { ownerOf, type PersonRecord, peoplePointers, personEntity } from '../../lambdas/features/people/person.ts';
import { newId } from '../../lambdas/functions/container.ts';
import type { DistributionJobId, OrganisationId, PersonId } from '../../lambdas/http/ids.ts';
import { runningServiceOf } from '../../local/seed/running-service.ts';
import { startService } from './cloud.ts';

export interface ProofOptions {
  readonly recipients: number;
  /** Mails in a second, as SES's quota says. */
  readonly rate: number;
  /** The whole service is killed when half of the mails are out, and started again. */
  readonly isKilled: boolean;
}

const MINUTES_MAX = 20;
const LOOK_MILLISECONDS = 5_000;
/** Members written in one transaction: three rows each. */
const WRITTEN_AT_ONCE = 30;
const WRITERS = 4;
/** A process grows by its caches, and not by how many mails it has sent. */
const GROWTH_MEGABYTES_MAX = 300;

/** What {@link bin/prove-distribution.ts} says; failures are sentences. */
export async function proveDistribution(
  { recipients, rate, isKilled }: ProofOptions,
  say: (line: string) => void,
): Promise<{ failures: string[]; lines: string[] }> {
  process.env['VERN_SES_RATE'] = String(rate);
  let service = await startService();
  try {
    const before = Date.now();
    const organisationId = await anOrganisationOf(recipients, service.stateDir);
    say(`${recipients} members written in ${secondsSince(before)} s`);
    const sesBefore = mailsIn(service.stateDir, 'm%@medlem.example.no').mails;
    const begun = Date.now();
    const jobId = await start(organisationId, service.stateDir);
    const memory: number[] = [];
    let restarted = false;
    let was = { at: Date.now(), mails: 0 };
    for (;;) {
      await pause(LOOK_MILLISECONDS);
      const { mails } = mailsIn(service.stateDir, 'm%@medlem.example.no');
      const now = Date.now();
      const perSecond = ((mails - was.mails) * 1000) / (now - was.at);
      was = { at: now, mails };
      memory.push(memoryOf(service.stateDir));
      const { state, totals } = await progressOf(organisationId, jobId, service.stateDir);
      say(
        `${secondsSince(begun)} s: ${mails - sesBefore} mails at SES, ${perSecond.toFixed(0)}/s, ` +
          `${memory.at(-1)} MB, ${state} ${JSON.stringify(totals?.all ?? {})}`,
      );
      if (isKilled && !restarted && mails >= recipients / 2) {
        restarted = true;
        say('killed');
        await service.kill();
        const killedAt = Date.now();
        service = await service.restart();
        say(`started again after ${secondsSince(killedAt)} s`);
      }
      const isReported = totals !== undefined && totals.all.delivered >= recipients;
      if (state === 'done' && isReported) break;
      if (now - begun > MINUTES_MAX * 60_000) break;
    }
    const seconds = secondsSince(begun);
    const { mails, addresses, mostToOne } = mailsIn(service.stateDir, 'm%@medlem.example.no');
    const { state, totals } = await progressOf(organisationId, jobId, service.stateDir);
    const fastest = fastestSecond(service.stateDir);
    const failures: string[] = [];
    if (mails !== recipients || addresses !== recipients || mostToOne !== 1) {
      failures.push(
        `${mails} mails went to ${addresses} addresses, up to ${mostToOne} to one; expected one to each of ${recipients}`,
      );
    }
    if (state !== 'done') failures.push(`the job is ${state} after ${seconds} s`);
    if (totals?.all.delivered !== recipients) failures.push(`the job says ${JSON.stringify(totals?.all)}`);
    if (fastest > rate) failures.push(`${fastest} mails in a second, where ${rate} are allowed`);
    const growth = growthOf(memory);
    if (growth > GROWTH_MEGABYTES_MAX) failures.push(`the service grew by ${growth} MB`);
    return {
      failures,
      lines: [
        `${mails} mails to ${addresses} addresses in ${seconds} s: ${(mails / Number(seconds)).toFixed(0)} a second, ` +
          `${fastest} in the fastest; memory ${Math.min(...memory)} to ${Math.max(...memory)} MB` +
          `${restarted ? '; killed and started again in the middle' : ''}`,
      ],
    };
  } finally {
    await service.stop();
  }
}

const secondsSince = (instant: number) => ((Date.now() - instant) / 1000).toFixed(0);

/** From the second tenth of the samples on, when everything is loaded, to the end. */
function growthOf(memory: readonly number[]): number {
  const settled = memory.slice(Math.floor(memory.length / 10) + 1);
  return settled.length === 0 ? 0 : Math.max(...settled) - settled[0]!;
}

/** Members of the sample organisation, through the product's own records: sealed, with conditions and activity records. */
async function anOrganisationOf(count: number, stateDir: string): Promise<OrganisationId> {
  const running = await runningServiceOf(stateDir);
  const { organisationId } = running.people.flatMap(({ roles }) => roles).find(({ role }) => role === 'administrator')!;
  if (organisationId === 'operator') throw new Error('An administrator of the operator');
  const first = { next: 0 };
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      while (first.next < count) {
        const from = first.next;
        first.next += WRITTEN_AT_ONCE;
        const change = running.records().change();
        for (let n = from; n < Math.min(count, from + WRITTEN_AT_ONCE); n++) {
          const id = newId('per') as PersonId;
          const owner = ownerOf(organisationId, id);
          const person: PersonRecord = {
            id,
            organisationId,
            kind: 'member',
            firstName: `Medlem ${n}`,
            lastName: 'Østby',
            email: `m${n}@medlem.example.no`,
            language: n % 4 === 0 ? 'en' : 'nb',
            protectedAddress: false,
            placements: [],
          };
          change
            .put({ entity: personEntity, owner }, person, 'new')
            .point(peoplePointers.person(organisationId, 'member', id));
        }
        await change.activity({ event: 'person.created', subject: organisationOwner(organisationId) }).commit();
      }
    }),
  );
  running.close();
  return organisationId;
}

async function start(organisationId: OrganisationId, stateDir: string): Promise<DistributionJobId> {
  const running = await runningServiceOf(stateDir);
  const id = newId('job');
  const at = new Date().toISOString();
  const by = newId('per') as PersonId;
  const words = (subject: string) => ({ subject, text: 'Vi møtes lørdag klokken ti.\nTa med rake.' });
  const job: DistributionJob = {
    id,
    kind: 'news',
    audience: { kind: 'organisation', readers: ['members'] },
    content: { nb: words('Dugnad på lørdag'), en: words('Clean-up on Saturday') },
    state: 'running',
    createdBy: by,
    createdAt: at,
    startedBy: by,
    startedAt: at,
  };
  const expiresAtEpochSeconds = jobKeptUntil(job);
  await running
    .records()
    .change()
    .put(jobRef(organisationId, id), job, 'new', { expiresAtEpochSeconds })
    .point({ ...openJobKey(organisationId, id), expiresAtEpochSeconds })
    .activity({ event: 'distribution.started', subject: organisationOwner(organisationId), about: [id] })
    .commit();
  running.close();
  return id;
}

async function progressOf(
  organisationId: OrganisationId,
  jobId: DistributionJobId,
  stateDir: string,
): Promise<{ state: string | undefined; totals: Totals | undefined }> {
  const running = await runningServiceOf(stateDir);
  const records = running.records();
  const [job, [row]] = await Promise.all([
    records.get(jobRef(organisationId, jobId)),
    records.pointersAt([jobRows.totals(jobId)]),
  ]);
  running.close();
  return { state: job?.value.state, totals: totalsIn(row?.attributes) };
}

/** The most that SES took in one second of its own clock. */
function fastestSecond(stateDir: string): number {
  const database = new DatabaseSync(findSes(stateDir), { readOnly: true });
  const row = database.prepare('SELECT max(recipients) AS most FROM sends_by_second').get();
  database.close();
  return Number(row?.['most']);
}

/** What the embedded SES has taken, by address: the outside world's own count. */
function mailsIn(stateDir: string, like: string): { mails: number; addresses: number; mostToOne: number } {
  const database = new DatabaseSync(findSes(stateDir), { readOnly: true });
  const row = database
    .prepare(
      `SELECT coalesce(sum(mails), 0) AS mails, count(*) AS addresses, coalesce(max(mails), 0) AS mostToOne
       FROM mail_counts WHERE address LIKE ?`,
    )
    .get(like);
  database.close();
  return {
    mails: Number(row?.['mails']),
    addresses: Number(row?.['addresses']),
    mostToOne: Number(row?.['mostToOne']),
  };
}

function findSes(stateDir: string): string {
  const found = readdirSync(stateDir, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('ses.sqlite'),
  );
  if (found === undefined) throw new Error('The embedded SES keeps nothing here');
  return join(stateDir, found);
}

/** Resident memory of the service's process, with all its functions, in megabytes; Linux alone tells it so. */
function memoryOf(stateDir: string): number {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      if (!commandLine.includes('local/start.ts') || !commandLine.includes(stateDir)) continue;
      const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      return Math.round(Number(kilobytes) / 1024);
    } catch {
      // A process that has just ended.
    }
  }
  return 0;
}
