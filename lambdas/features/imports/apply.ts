import type { GroupId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { Busy, Closed, StaleVersion } from '../../platform/records.ts';
import { IdentityTaken } from '../people/writes.ts';
import { changeKey, changesOf, type PlannedChange } from './changes.ts';
import { familiesOf } from './families.ts';
import { decisionsRef, jobPointer, type RowDecision, type RowOutcome, type StoredRow } from './import.ts';
import type { RegisterRow } from './import-row.ts';
import { makeGroups } from './make-groups.ts';
import { type Decision, planRow } from './plan.ts';
import { learnAbout } from './read-world.ts';
import { CHUNKS_PER_TRANSACTION, chunkRefs, expiryFrom } from './store.ts';
import {
  findImport,
  type Importer,
  type Place,
  type Progress,
  progressOf,
  todayOf,
  unlessTakenOver,
} from './worker.ts';
import { newWorld, type World } from './world.ts';
import { writeSteps } from './write-row.ts';

const FAMILIES_AT_ONCE_MAX = 8;
const TRIES_MAX = 3;
/** Rows between two reports of progress. */
const PROGRESS_ROWS = 100;

interface RowToApply {
  readonly stored: StoredRow;
  readonly row: RegisterRow;
}
interface Job {
  readonly place: Place;
  readonly importer: Importer;
  readonly today: string;
  readonly groups: readonly { readonly id: GroupId; readonly name: string }[];
  readonly decisions: ReadonlyMap<number, RowDecision>;
}

/**
 * Takes in an approved import. Each row is planned anew against what is held at that moment, and written in one
 * transaction; only what the approver saw is written. So it can be stopped anywhere and begun again: what is done plans
 * as nothing.
 */
export async function applyImport(place: Place, importer: Importer): Promise<void> {
  const call = importer.openCall();
  const stored = await findImport(place, call.records);
  if (stored?.value.state === 'applied') await forgetJob(place, importer);
  if (stored?.value.state !== 'applying') return;
  const progress = progressOf(stored, importer.openCall);
  const { organisationId, importId } = place;
  await unlessTakenOver(async () => {
    const chunks = await call.records.getMany(chunkRefs(organisationId, importId, progress.record.rowsTotal));
    const rows = chunks.flatMap((chunk) => chunk?.value ?? []);
    // An erasure in the organisation makes unreadable what was read in before: the register has to be uploaded anew.
    if (rows.length < progress.record.rowsTotal) {
      await progress.save({ state: 'failed', fileErrors: [{ code: 'rows-gone' }] }, 'import.given-up');
      await forgetJob(place, importer);
      return;
    }
    const decisions = await call.records.get(decisionsRef(organisationId, importId));
    const job: Job = {
      place,
      importer,
      today: await todayOf(organisationId, call),
      groups: await makeGroups(rows, place, importer),
      decisions: new Map(decisions?.value.map((decision) => [decision.line, decision])),
    };
    const outcomes = await applyRows(rows, job, progress);
    await storeOutcomes(outcomes, place, importer);
    await progress.save(
      { state: 'applied', rowsDone: progress.record.rowsTotal, outcomes: countsOf(outcomes) },
      'import.applied',
    );
    await forgetJob(place, importer);
  });
}

/** By line. Several families at once, each row by row. */
async function applyRows(
  rows: readonly StoredRow[],
  job: Job,
  progress: Progress,
): Promise<ReadonlyMap<number, RowOutcome>> {
  const outcomes = new Map<number, RowOutcome>();
  // A worker before this one may have come as far as emptying the rows.
  for (const { line, row, outcome } of rows) if (!row) outcomes.set(line, outcome ?? 'left-out');
  const idle = rows.filter((stored) => stored.row && isIdle(stored, job.decisions.get(stored.line)));
  for (const { line } of idle) outcomes.set(line, 'unchanged');
  const families = familiesOf(
    rows.flatMap((stored) => (stored.row && !outcomes.has(stored.line) ? [{ stored, row: stored.row }] : [])),
  );
  let reported = 0;
  while (families.length > 0) {
    const wave = takeWave(families);
    await Promise.all(
      Array.from({ length: FAMILIES_AT_ONCE_MAX }, async () => {
        for (let family = wave.pop(); family; family = wave.pop()) {
          for (const [line, outcome] of await applyFamily(family, job)) outcomes.set(line, outcome);
        }
      }),
    );
    if (outcomes.size - reported < PROGRESS_ROWS || families.length === 0) continue;
    reported = outcomes.size;
    await progress.save({ rowsDone: reported }, 'import.progressed');
  }
  return outcomes;
}

/** Nothing was shown to change, and nothing was decided: there is nothing that may be written. */
const isIdle = ({ verdict }: StoredRow, decision: RowDecision | undefined) =>
  verdict === 'unchanged' && !decision?.block?.length && !decision?.keepAsNote;

/** Families with about as many rows as one report of progress covers. */
function takeWave(families: RowToApply[][]): RowToApply[][] {
  const wave: RowToApply[][] = [];
  for (let rows = 0; rows < PROGRESS_ROWS && families.length > 0; rows += wave.at(-1)!.length) {
    wave.push(families.pop()!);
  }
  return wave;
}

async function applyFamily(family: readonly RowToApply[], job: Job): Promise<[number, RowOutcome][]> {
  // What one row was shown to do may fall to its sibling's row, whichever comes first.
  const approved = new Set(family.flatMap(({ stored }) => stored.changes.map(changeKey)));
  const outcomes: [number, RowOutcome][] = [];
  let world = await worldOf(family, job);
  for (const { stored, row } of family) {
    const isHeldAlready = job.decisions.get(stored.line)?.isNewChild === false;
    let outcome: RowOutcome | undefined = isHeldAlready ? 'left-out' : undefined;
    for (let tries = 1; outcome === undefined; tries++) {
      outcome = await applyRow({ stored, row }, approved, world, job);
      if (outcome !== undefined) break;
      world = await worldOf(family, job);
      if (tries >= TRIES_MAX) outcome = 'overtaken';
    }
    outcomes.push([stored.line, outcome]);
  }
  return outcomes;
}

async function worldOf(family: readonly RowToApply[], { place, importer, today, groups }: Job): Promise<World> {
  const world = newWorld(today);
  for (const { id, name } of groups) world.addGroup(name, id);
  const rows = family.map(({ row }) => row);
  await learnAbout(rows, world, place.organisationId, importer.openCall().records);
  return world;
}

/** Undefined when somebody else changed the same thing meanwhile: to be tried again against what is held then. */
async function applyRow(
  { stored, row }: RowToApply,
  approved: ReadonlySet<string>,
  world: World,
  { place, importer, decisions }: Job,
): Promise<RowOutcome | undefined> {
  const { records, newId } = importer.openCall();
  const read = { line: stored.line, row, errors: [], remarks: [] };
  const planner = { organisationId: place.organisationId, world, newId };
  const decision = decisionOf(decisions.get(stored.line));
  const { steps, errors } = planRow(read, planner, decision);
  if (errors.length > 0) return 'overtaken';
  if (steps.length === 0) return stored.changes.length > 0 ? 'applied' : 'unchanged';
  const isApproved = (change: PlannedChange) => isDecided(change) || approved.has(changeKey(change));
  if (!changesOf(steps, world).every(isApproved)) return 'overtaken';
  const change = records.change();
  writeSteps(change, steps, world, place);
  try {
    await change.commit();
  } catch (error) {
    if (isOfOthers(error)) return undefined;
    throw error;
  }
  world.carryOut(steps);
  return 'applied';
}

/** Blocks and notes come from the approver's decisions alone, never from a plan that was shown before. */
const isDecided = ({ what }: PlannedChange) => what === 'block' || what === 'note';

const decisionOf = (decision: RowDecision | undefined): Decision => ({
  ...(decision?.block && { block: decision.block }),
  ...(decision?.basis && { basis: decision.basis }),
  ...(decision?.keepAsNote !== undefined && { keepAsNote: decision.keepAsNote }),
});

const isOfOthers = (error: unknown) =>
  [StaleVersion, IdentityTaken, Closed, Busy, Problem].some((kind) => error instanceof kind);

/** What was read is not needed any more: the rows keep their findings and what became of them, and no values. */
async function storeOutcomes(
  outcomes: ReadonlyMap<number, RowOutcome>,
  { organisationId, importId }: Place,
  importer: Importer,
): Promise<void> {
  const { records, now } = importer.openCall();
  const chunks = await records.getMany(chunkRefs(organisationId, importId, outcomes.size));
  const present = chunks.flatMap((chunk) => chunk ?? []);
  for (let from = 0; from < present.length; from += CHUNKS_PER_TRANSACTION) {
    const change = records.change();
    for (const { ref, value, version } of present.slice(from, from + CHUNKS_PER_TRANSACTION)) {
      const rows = value.map(({ line, verdict, errors, remarks }) => {
        const outcome = outcomes.get(line);
        return { line, verdict, errors, remarks, changes: [], ...(outcome && { outcome }) };
      });
      change.put(ref, rows, { version }, { expiresAtEpochSeconds: expiryFrom(now) });
    }
    await change
      .activity({ event: 'import.rows-emptied', subject: present[0]!.ref.owner, about: [importId], detail: { from } })
      .commit();
  }
}

async function forgetJob({ organisationId, importId }: Place, importer: Importer): Promise<void> {
  const { records } = importer.openCall();
  const decisions = await records.get(decisionsRef(organisationId, importId));
  if (!decisions) return;
  await records
    .change()
    .unpoint(jobPointer(organisationId, importId))
    .remove(decisions.ref, { version: decisions.version })
    .activity({ event: 'import.concluded', subject: decisions.ref.owner, about: [importId] })
    .commit();
}

function countsOf(outcomes: ReadonlyMap<number, RowOutcome>): Partial<Record<RowOutcome, number>> {
  const counts: Partial<Record<RowOutcome, number>> = {};
  for (const outcome of outcomes.values()) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
