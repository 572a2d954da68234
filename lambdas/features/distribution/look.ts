import type { DistributionJobId, OrganisationId } from '../../http/ids.ts';
import { type Pointer, type Range, StaleVersion, type Stored } from '../../platform/records.ts';
import { type Organisation, organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { settingOf } from './audience.ts';
import { type Dispatcher, LEASE_SECONDS } from './distributor.ts';
import { type DistributionJob, type distributionJobEntity, isOver, jobKeptUntil, jobRef, openJobKey } from './job.ts';
import { type Planned, planNext } from './plan.ts';
import {
  countsOf,
  isPastEvents,
  isSame,
  type Totals,
  totalsAfter,
  totalsAttributes,
  totalsIn,
  unsentOf,
} from './progress.ts';
import { LANES, type Pace, paceOf } from './quota.ts';
import { type Chunk, chunksIn, jobRows, rowsFrom, rowsOfChunks } from './rows.ts';

/** Planned ahead of the senders: enough that they never wait, little enough that a pause takes hold soon. */
const AHEAD_SECONDS = 15;
/** What was handed to the queue and has not begun by then is handed to it again; after a try that failed, later each time. */
const AGAIN_SECONDS = 30;
const AGAIN_SECONDS_MAX = 15 * 60;
/** SES's events of a large job are many rows: they are counted so often, and the chunks still to be sent at each look. */
const COUNTED_MILLISECONDS = 10_000;
/** Of a job so large that counting itself takes long, no more often than leaves the rest of the time to sending. */
const COUNTING_SHARE_MAX = 1 / 10;

/** What the looks of one run of the dispatcher remember of each other. */
export interface Looking {
  readonly jobs: Map<DistributionJobId, Seen>;
  /** Read once in a run. */
  pace?: Pace;
  /** Of the day's mails, those that are planned and had not been sent when the quota was read. */
  spokenFor: number;
  planned: number;
}

interface Seen {
  /** By chunk, in milliseconds: when it was last handed to the queue. */
  readonly releasedAt: Map<number, number>;
  totals: Totals;
  /** In milliseconds. */
  nextCountAt: number;
  /** The chunks up to `last` of which something was still to be sent, in their order: few, wherever they stand. */
  open: readonly number[];
  last: Planned | undefined;
  /** What was planned before this run is in `spokenFor`. */
  isSpokenFor: boolean;
}

export interface JobAt {
  readonly organisationId: OrganisationId;
  readonly jobId: DistributionJobId;
}

/** True while the job runs. */
export async function lookAt(at: JobAt, dispatcher: Dispatcher, looking: Looking): Promise<boolean> {
  const { records, now } = dispatcher.openCall();
  const [stored, organisation] = await records.together([
    jobRef(at.organisationId, at.jobId),
    organisationRef(at.organisationId),
  ]);
  if (!stored || !organisation) {
    await close(at, dispatcher);
    return false;
  }
  const seen = looking.jobs.get(at.jobId) ?? (await firstSight(at, dispatcher));
  looking.jobs.set(at.jobId, seen);
  const isCounting = now.getTime() >= seen.nextCountAt;
  const chunks = isCounting
    ? await chunksAmong([rowsFrom(seen.totals.settledBefore)], at.jobId, dispatcher)
    : await chunksAmong(rowsOfChunks(seen.open, (seen.last?.chunk ?? -1) + 1), at.jobId, dispatcher);
  if (isCounting) {
    const before = seen.totals;
    seen.totals = totalsAfter(before, chunks, now);
    const counted = dispatcher.openCall().now.getTime();
    seen.nextCountAt = counted + Math.max(COUNTED_MILLISECONDS, (counted - now.getTime()) / COUNTING_SHARE_MAX);
    // A job that rests for weeks writes no activity each minute.
    if (stored.value.state === 'running' || !isSame(before, seen.totals)) {
      await write(at, stored.value, seen.totals, dispatcher);
    }
  }
  // What has been sent is not read again at the next look.
  seen.open = chunks.filter((chunk) => unsentOf(chunk).length > 0).map(({ chunk }) => chunk);
  const last = chunks.at(-1);
  if (last && last.chunk >= (seen.last?.chunk ?? 0)) seen.last = last;
  if (isOver(stored.value)) {
    const isSettled = seen.totals.settledBefore > (seen.last?.chunk ?? -1);
    // What was under way when it was called off is still counted, and what SES says of it.
    if (isSettled || isPastEvents(stored.value, now)) await close(at, dispatcher);
    return false;
  }
  if (stored.value.state === 'paused' || organisation.value.state !== 'open') return false;
  return goOn({ ...at, stored, organisation: organisation.value, chunks, seen }, dispatcher, looking);
}

async function firstSight({ jobId }: JobAt, { openCall }: Dispatcher): Promise<Seen> {
  const [row] = await openCall().records.pointersAt([jobRows.totals(jobId)]);
  const totals = totalsIn(row?.attributes) ?? totalsAfter(undefined, [], new Date(0));
  const [before] =
    totals.settledBefore === 0
      ? []
      : await openCall().records.pointersAt([jobRows.chunk(jobId, totals.settledBefore - 1)]);
  const last = before && chunksIn([before])[0];
  return { totals, releasedAt: new Map(), nextCountAt: 0, open: [], last, isSpokenFor: false };
}

interface Job extends JobAt {
  readonly stored: Stored<typeof distributionJobEntity>;
  readonly organisation: Organisation;
  /** At least all those of which something is still to be sent. */
  readonly chunks: readonly Chunk[];
  readonly seen: Seen;
}

async function goOn(job: Job, dispatcher: Dispatcher, looking: Looking): Promise<boolean> {
  const { stored, chunks, seen } = job;
  const queued = chunks.reduce((sum, chunk) => sum + countsOf(chunk).queued, 0);
  const isPlanned = seen.last !== undefined && seen.last.reached === undefined;
  if (isPlanned && queued === 0) {
    await end(job, dispatcher);
    return false;
  }
  if (!looking.pace) looking.pace = paceOf(await dispatcher.readQuota());
  const { pace } = looking;
  if (!seen.isSpokenFor) looking.spokenFor += queued;
  seen.isSpokenFor = true;
  const mayPlan = pace.mayStillSend - looking.spokenFor;
  const { state } = stored.value;
  if (state === 'paused-by-quota') return pace.mayGoOn && move(job, 'running', dispatcher);
  if (pace.mayStillSend === 0 || (queued === 0 && mayPlan <= 0)) {
    await move(job, 'paused-by-quota', dispatcher);
    return false;
  }
  const { now } = dispatcher.openCall();
  const due = chunks.filter((chunk) => isDue(chunk, seen, now));
  await release(job, due, pace, dispatcher);
  if (!isPlanned) await plan(job, queued, pace, dispatcher, looking);
  return true;
}

/** Ahead of the senders, as far as the day's number reaches. */
async function plan(
  job: Job,
  queuedBefore: number,
  pace: Pace,
  dispatcher: Dispatcher,
  looking: Looking,
): Promise<void> {
  const { stored, organisation, seen } = job;
  const { records, now } = dispatcher.openCall();
  const setting = await settingOf(records, organisation, now);
  const ahead = Math.max(1, pace.perSecond * LANES * AHEAD_SECONDS);
  let queued = queuedBefore;
  while (queued < ahead && looking.spokenFor < pace.mayStillSend && dispatcher.hasTimeLeft()) {
    const planned = await planNext(stored.value, setting, seen.last, pace.mayStillSend - looking.spokenFor, dispatcher);
    // Another run is planning as well: what it has planned, the next look finds.
    if (!planned || planned.length === 0) return;
    await release(
      job,
      planned.filter(({ count }) => count > 0),
      pace,
      dispatcher,
    );
    for (const { count } of planned) {
      queued += count;
      looking.spokenFor += count;
    }
    looking.planned += planned.length;
    seen.open = [...seen.open, ...planned.map(({ chunk }) => chunk)];
    seen.last = planned.at(-1);
  }
}

async function release(
  { organisationId, jobId, seen }: Job,
  chunks: readonly { readonly chunk: number }[],
  { perSecond }: Pace,
  dispatcher: Dispatcher,
): Promise<void> {
  if (chunks.length === 0) return;
  await dispatcher.release(chunks.map(({ chunk }) => ({ organisationId, jobId, chunk, perSecond })));
  const releasedAt = dispatcher.openCall().now.getTime();
  for (const { chunk } of chunks) seen.releasedAt.set(chunk, releasedAt);
}

/** Something of it is still to be sent, nobody is at it, and it was not handed to the queue a moment ago. */
function isDue(chunk: Chunk, { releasedAt }: Seen, now: Date): boolean {
  if (unsentOf(chunk).length === 0) return false;
  const { claim, isClaimSettled, plannedAt } = chunk;
  const again = Math.min(AGAIN_SECONDS_MAX, AGAIN_SECONDS * (claim?.attempt ?? 1)) * 1000;
  const before = releasedAt.get(chunk.chunk);
  if (before !== undefined && now.getTime() - before < again) return false;
  if (!claim) return now.getTime() - Date.parse(plannedAt) >= again;
  const until = Date.parse(claim.until);
  return now.getTime() >= (isClaimSettled ? until - LEASE_SECONDS * 1000 + again : until);
}

/** Of ranges in their order. */
async function chunksAmong(ranges: readonly Range[], jobId: DistributionJobId, dispatcher: Dispatcher) {
  const rows = await Promise.all(ranges.map((range) => rowsIn(range, jobId, dispatcher)));
  return chunksIn(rows.flat());
}

async function rowsIn(within: Range, jobId: DistributionJobId, { openCall }: Dispatcher): Promise<Pointer[]> {
  const { table, pk } = jobRows.partition(jobId);
  const rows: Pointer[] = [];
  for (let after: string | undefined; ; ) {
    const { items, next } = await openCall().records.pointers(table, pk, {
      ...within,
      ...(after !== undefined && { after }),
    });
    rows.push(...items);
    if (next === undefined) return rows;
    after = next;
  }
}

async function write(
  { organisationId, jobId }: JobAt,
  job: DistributionJob,
  totals: Totals,
  { openCall }: Dispatcher,
): Promise<void> {
  const expiresAtEpochSeconds = jobKeptUntil(job);
  await openCall()
    .records.change()
    .point({ ...jobRows.totals(jobId), attributes: totalsAttributes(totals), expiresAtEpochSeconds })
    .activity({
      event: 'distribution.counted',
      subject: organisationOwner(organisationId),
      about: [jobId],
      detail: { sent: totals.all.sent + totals.all.delivered, failed: totals.all.failed },
    })
    .commit();
}

const eventOf = {
  running: 'distribution.resumed',
  'paused-by-quota': 'distribution.paused-by-quota',
  done: 'distribution.done',
} as const;

/** False when somebody changed the job meanwhile: the next look sees what it is then. */
async function move(
  { organisationId, stored }: Job,
  state: keyof typeof eventOf,
  { openCall }: Dispatcher,
): Promise<boolean> {
  const { records, now } = openCall();
  const job = { ...stored.value, state, ...(state === 'done' && { endedAt: now.toISOString() }) };
  const change = records
    .change()
    .put(stored.ref, job, { version: stored.version }, { expiresAtEpochSeconds: jobKeptUntil(job) })
    .activity({ event: eventOf[state], subject: organisationOwner(organisationId), about: [job.id] });
  try {
    await change.commit();
    return true;
  } catch (error) {
    if (error instanceof StaleVersion) return false;
    throw error;
  }
}

/** Everybody has been written to: what SES says of it is still counted. */
async function end(job: Job, dispatcher: Dispatcher): Promise<void> {
  const chunks = await chunksAmong([rowsFrom(job.seen.totals.settledBefore)], job.jobId, dispatcher);
  job.seen.totals = totalsAfter(job.seen.totals, chunks, dispatcher.openCall().now);
  await write(job, job.stored.value, job.seen.totals, dispatcher);
  await move(job, 'done', dispatcher);
}

/** Nothing more is expected of the job, or it is gone. */
async function close({ organisationId, jobId }: JobAt, { openCall }: Dispatcher): Promise<void> {
  await openCall()
    .records.change()
    .unpoint(openJobKey(organisationId, jobId))
    .activity({ event: 'distribution.closed', subject: organisationOwner(organisationId), about: [jobId] })
    .commit();
}
