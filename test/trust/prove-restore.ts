import fc from 'fast-check';
import { accountOwner } from '../../lambdas/features/accounts/account.ts';
import { startDynamoDb, type TestDynamoDb } from '../support/dynoxide.ts';
import { aCall } from '../support/store.ts';
import { searchForCanaries } from './prove-restore-canaries.ts';
import { type Difference, differences } from './prove-restore-compare.ts';
import { aHappening, aHistory, type Happening, type History } from './prove-restore-history.ts';
import { aRestoreWorld, type Backup, type RestoreWorld, type Snapshot } from './prove-restore-world.ts';

/** A history with a loss: what happened, when the backup was made and how torn, and how often the restore is interrupted. */
export interface Loss {
  readonly happenings: readonly Happening[];
  /** How many things had happened when the export was ordered, as a part of all. */
  readonly backupAt: number;
  /** How many happenings before or after that each table was read. */
  readonly torn: { readonly core: number; readonly activity: number; readonly rights: number };
  /** Looks at the watch until a run of a step is over. */
  readonly looksPerRun: number;
  /** After the first restore: what happens before the tables are lost again. */
  readonly afterwards: readonly Happening[];
}

const offset = fc.integer({ min: -4, max: 4 });
const aLoss = (happeningsMax: number): fc.Arbitrary<Loss> =>
  fc.record({
    // As long as they may be: most of what can happen needs something that has happened before.
    happenings: fc.array(aHappening, { minLength: 8, maxLength: happeningsMax, size: 'max' }),
    backupAt: fc.double({ min: 0.2, max: 0.95, noNaN: true }),
    torn: fc.record({ core: offset, activity: offset, rights: offset }),
    looksPerRun: fc.integer({ min: 1, max: 60 }),
    afterwards: fc.array(aHappening, { maxLength: 6 }),
  });

/** Exports of several tables lie at most so far apart from what they are called. */
const TORN_MILLISECONDS_MAX = 5 * 60 * 1000;
const RESTORES_IN_A_ROW = 3;

export interface Proof {
  readonly differences: readonly Difference[];
  readonly compared: number;
  readonly figures: Readonly<Record<string, number>>;
  /** For each list of steps that was left out: what differs then. */
  readonly without: readonly (readonly string[])[];
}

interface HowToPlay {
  /** In a row. */
  readonly restores?: number;
  /** Names of steps that are left out of restores of their own, before the others: the proof must see it. */
  readonly without?: readonly (readonly string[])[];
}

/**
 * Plays the history, loses the tables and restores them three times in a row, each time from the same backup, with things
 * happening in between. Every time the rights must be as in the tables that were never lost.
 */
export async function playLoss(
  db: TestDynamoDb,
  loss: Loss,
  { restores = RESTORES_IN_A_ROW, without = [] }: HowToPlay = {},
): Promise<Proof> {
  const world = await aRestoreWorld(db);
  const history = await aHistory(world);
  const figures: Record<string, number> = {};
  const count = (name: string, n = 1) => {
    figures[name] = (figures[name] ?? 0) + n;
  };
  // Somebody must be there from the beginning.
  const happenings: readonly Happening[] = [family(0), family(1), employee, ...loss.happenings];
  const ordered = Math.max(2, Math.floor(loss.backupAt * happenings.length));
  const seen: { readonly at: number; readonly snapshot: Snapshot }[] = [];
  let exportTime = world.store.clock;
  for (const [i, happening] of happenings.entries()) {
    await history.play(happening);
    if (Math.abs(i - ordered) <= 4) seen.push({ at: world.store.clock.getTime(), snapshot: await world.snapshot() });
    if (i === ordered) exportTime = world.store.clock;
  }
  const backup = tornBackup(seen, exportTime, loss.torn);
  const found: Difference[] = [];
  let compared = 0;
  world.pass(60_000);
  await world.sequence();
  const seenWithout: string[][] = [];
  for (const steps of without) {
    const { target } = await world.restore(backup, loss.looksPerRun, steps);
    seenWithout.push((await differences(world, history, backup, target)).found.map(({ about }) => about));
  }
  for (let restore = 0; restore < restores; restore++) {
    world.pass(60_000);
    await world.sequence();
    const restored = await world.restore(backup, loss.looksPerRun);
    for (const [name, figure] of Object.entries(restored.figures)) count(name, figure);
    const outcome = await differences(world, history, backup, restored.target);
    compared += outcome.compared;
    count('things', outcome.things);
    count('thingsGone', outcome.thingsGone);
    found.push(...outcome.found.map((each) => ({ ...each, about: `restore ${restore + 1}: ${each.about}` })));
    count('restores');
    if (found.length > 0) break;
    world.switchTo(restored);
    for (const happening of loss.afterwards) await history.play(happening);
  }
  if (found.length === 0) found.push(...(await erasuresThatStop(world, history)));
  return { differences: found, compared, figures: { ...figures, happenings: happenings.length }, without: seenWithout };
}

const LOOKS_TO_THE_END = 2_000;
const HOUR_MILLISECONDS = 3_600_000;

/** What was under way when the tables were lost goes on in the new ones, and finds nothing amiss. */
async function erasuresThatStop(world: RestoreWorld, history: History): Promise<Difference[]> {
  for (let hour = 0; hour < 3; hour++) {
    world.pass(HOUR_MILLISECONDS);
    await world.erase(LOOKS_TO_THE_END);
  }
  const wrong = world.lines.filter(
    ({ metric, event }) => metric === 'erasure-incomplete' || event === 'erasure.step-failed',
  );
  return [
    ...wrong.map((line) => ({ about: 'an erasure that goes on', never: undefined, restored: line })),
    ...(await usersLeft(world, history)),
  ];
}

/** Cognito's users of erased accounts, but for those whose traces were lost with Transient: the log names them. */
async function usersLeft({ lines, store, users }: RestoreWorld, history: History): Promise<Difference[]> {
  if (lines.some(({ event }) => event === 'restore.erasure-without-traces')) return [];
  const left: Difference[] = [];
  for (const { accountId, sub } of history.people) {
    if (accountId === undefined || sub === undefined) continue;
    const states = await aCall(store).records.keyStates(accountOwner(accountId));
    if (states.get('account') !== 'ERASED' || !(await users.exists(sub))) continue;
    left.push({ about: `the user of the erased ${accountId}`, never: false, restored: true });
  }
  return left;
}

const family = (who: number): Happening => ({ what: 'family-comes', who, afterSeconds: 30 });
const employee: Happening = { what: 'employee-comes', who: 0, afterSeconds: 30 };

/** Each table as it was a few happenings before or after, but never further than AWS lets them lie apart. */
function tornBackup(
  seen: readonly { readonly at: number; readonly snapshot: Snapshot }[],
  exportTime: Date,
  torn: Loss['torn'],
): Backup {
  const within = seen.filter(({ at }) => Math.abs(at - exportTime.getTime()) <= TORN_MILLISECONDS_MAX);
  const middle = within.findIndex(({ at }) => at >= exportTime.getTime());
  const snapshotAt = (offset: number) => within[Math.min(within.length - 1, Math.max(0, middle + offset))]!.snapshot;
  return {
    exportTime,
    core: snapshotAt(torn.core).core,
    activity: snapshotAt(torn.activity).activity,
    rights: snapshotAt(torn.rights).rights,
  };
}

export interface Verdict {
  readonly failures: readonly string[];
  readonly lines: readonly string[];
}

interface Wanted extends HowToPlay {
  readonly histories: number;
  readonly happeningsMax: number;
  readonly seed: number;
}

/** Many losses; stops at the first that goes wrong, and tells it. */
async function proveRestores(db: TestDynamoDb, wanted: Wanted): Promise<Verdict> {
  const total: Record<string, number> = { histories: 0, restores: 0, compared: 0 };
  const failures: string[] = [];
  const { histories: numRuns, happeningsMax, seed } = wanted;
  const outcome = await fc.check(
    fc.asyncProperty(aLoss(happeningsMax), async (loss) => {
      const { differences, compared, figures } = await playLoss(db, loss, wanted);
      total['histories']!++;
      total['compared']! += compared;
      for (const [name, figure] of Object.entries(figures)) total[name] = (total[name] ?? 0) + figure;
      failures.push(...differences.map((difference) => JSON.stringify(difference)));
      return differences.length === 0;
    }),
    { numRuns, seed, endOnFailure: true },
  );
  if (outcome.failed) {
    failures.push(`after ${outcome.numRuns} histories of seed ${seed}: ${JSON.stringify(outcome.counterexample)}`);
    if (outcome.errorInstance instanceof Error) failures.push(String(outcome.errorInstance.stack));
  }
  return { failures, lines: [linesOf('restores of random histories', total)] };
}

/** The whole of `npm run prove:restore`. */
export async function proveRestore(wanted: Wanted, log: (line: string) => void): Promise<Verdict> {
  const db = await startDynamoDb();
  try {
    log(
      `${wanted.histories} random histories, each lost and restored ${RESTORES_IN_A_ROW} times (seed ${wanted.seed})`,
    );
    const restores = await proveRestores(db, wanted);
    log('a family that is erased after the backup, looked for in everything that there is');
    const canaries = await searchForCanaries(db);
    const failures = [...restores.failures, ...canaries.failures];
    const verdict = failures.length === 0 ? 'a restore undoes no right' : `${failures.length} FAILURES`;
    const lines = [...restores.lines, linesOf('canaries of the erased', canaries.figures), verdict];
    return { failures, lines };
  } finally {
    await db.stop();
  }
}

const linesOf = (what: string, figures: Readonly<Record<string, number>>) =>
  `${what}: ${Object.entries(figures)
    .map(([name, figure]) => `${figure} ${name}`)
    .join(', ')}`;
