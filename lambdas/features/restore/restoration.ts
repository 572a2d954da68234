import * as z from 'zod';
import type { Figures, StepOutcome } from './step.ts';

/**
 * A restore, or the drill of one, as it stands in the gate's table between two runs of its worker. Pure: whoever writes
 * it compares and swaps, so of two who go on from the same state one is refused and looks again.
 */

/** What is replayed into the new tables, by the steps of `replay/` and of the log; a drill replays it as well. */
const replaySteps = [
  'overlay-rights',
  'recover-log',
  'replay-ledger',
  'replay-removals',
  'rebuild-lookup',
  'retention-sweep',
  'integrity-check',
] as const;
export type ReplayStep = (typeof replaySteps)[number];

/** What is gone through, in this order. `reopen` stands beside it: where an abort leads. */
const stepsOfRestore = [
  'close-gate',
  'drain',
  'import',
  'create',
  'settings',
  ...replaySteps,
  'files',
  'streams',
  'record',
  // From here on there is no way back: the write that opens the gate is the one that names the new generation.
  'switch',
] as const;

/** A drill's tables are its own: no gate, no streams, no switch. */
const stepsOfDrill = ['clear', 'import', 'create', 'settings', ...replaySteps, 'report', 'clear-away'] as const;

const stepNames = [...new Set([...stepsOfRestore, ...stepsOfDrill, 'reopen' as const])];
export type StepName = (typeof stepNames)[number];

const Instant = z.string().min(1);
const FiguresSchema = z.record(z.string(), z.number());
const Detail = z.record(z.string(), z.union([z.string(), z.number()]));

const TablePoint = z.strictObject({
  exportTime: Instant,
  itemCount: z.number().optional(),
  /** Where its files lie in the bucket; absent for an instant. */
  dataPrefix: z.string().optional(),
});

export const Restoration = z.strictObject({
  id: z.string().regex(/^(rst|drl)_/),
  kind: z.enum(['restore', 'drill']),
  /** Which copy is read; `instant` is point-in-time recovery. */
  from: z.enum(['backup', 'offline', 'instant']),
  /** `YYYY-MM-DD`: the backup's day, or the UTC day of the instant. */
  day: z.string(),
  tables: z.strictObject({ core: TablePoint, activity: TablePoint, rights: TablePoint }),
  /** The old tables are gone, or some of them: nothing is drained, and there is no way back to them. */
  areTablesLost: z.boolean(),
  generation: z.number(),
  nextGeneration: z.number(),
  begunAt: Instant,
  step: z.enum(stepNames),
  stepBegunAt: Instant,
  cursor: z.string().optional(),
  /** Of the step under way, added up over its runs. */
  figures: FiguresSchema,
  done: z.array(
    z.strictObject({ step: z.enum(stepNames), begunAt: Instant, endedAt: Instant, figures: FiguresSchema }),
  ),
  /** In a row, of the step under way. */
  failures: z.number(),
  lastFailure: z.string().optional(),
  /** It goes no further by itself: the same command goes on with it, an abort ends it. */
  stopped: z.strictObject({ code: z.string(), detail: Detail }).optional(),
  lease: z.strictObject({ holder: z.string(), until: Instant }).optional(),
  endedAt: Instant.optional(),
  outcome: z.enum(['restored', 'aborted', 'passed', 'failed']).optional(),
});
export type Restoration = z.infer<typeof Restoration>;

/** A drill that keeps failing is over: its report says so. A restore is tried again until somebody aborts it. */
const DRILL_FAILURES_MAX = 5;
const DRILL_MILLISECONDS_MAX = 24 * 60 * 60 * 1000;
/** A restore that fails so often in a row needs somebody, and says so. */
export const FAILURES_BEFORE_ALARM = 3;

type Beginning = Pick<
  Restoration,
  'id' | 'kind' | 'from' | 'day' | 'tables' | 'areTablesLost' | 'generation' | 'nextGeneration'
>;

export function begun(beginning: Beginning, now: Date): Restoration {
  const at = now.toISOString();
  const [step] = stepsOf(beginning.kind);
  return { ...beginning, begunAt: at, step, stepBegunAt: at, figures: {}, done: [], failures: 0 };
}

const stepsOf = (kind: Restoration['kind']): readonly [StepName, ...StepName[]] =>
  kind === 'restore' ? stepsOfRestore : stepsOfDrill;

export const isUnderWay = ({ endedAt }: Restoration): boolean => endedAt === undefined;

/** Nobody is at it: a worker that was cut off holds it until Lambda would have ended its run. */
export const isFree = ({ lease }: Restoration, now: Date): boolean =>
  lease === undefined || lease.until <= now.toISOString();

export const claimed = (restoration: Restoration, holder: string, until: Date): Restoration => ({
  ...restoration,
  lease: { holder, until: until.toISOString() },
});

export function released({ lease: _, ...restoration }: Restoration): Restoration {
  return restoration;
}

/** After a run of its step: further in it, at the next one, or at the end. */
export function afterRun(restoration: Restoration, outcome: StepOutcome, now: Date): Restoration {
  const { cursor: _, lastFailure: __, ...rest } = restoration;
  const figures = sum(restoration.figures, outcome.figures ?? {});
  if (!outcome.done) {
    return { ...rest, figures, failures: 0, ...(outcome.cursor !== undefined && { cursor: outcome.cursor }) };
  }
  const at = now.toISOString();
  const { step, stepBegunAt: begunAt } = restoration;
  const done = [...restoration.done, { step, begunAt, endedAt: at, figures }];
  const next = stepsOf(restoration.kind)[stepsOf(restoration.kind).indexOf(step) + 1];
  const moved = { ...rest, done, figures: {}, failures: 0 };
  if (step !== 'reopen' && next !== undefined) return { ...moved, step: next, stepBegunAt: at };
  return { ...moved, endedAt: at, outcome: outcomeOf(restoration) };
}

function outcomeOf({ kind, step, stopped }: Restoration): NonNullable<Restoration['outcome']> {
  if (kind === 'drill') return stopped ? 'failed' : 'passed';
  return step === 'reopen' ? 'aborted' : 'restored';
}

function sum(one: Figures, other: Figures): Record<string, number> {
  const total = { ...one };
  for (const [name, count] of Object.entries(other)) total[name] = (total[name] ?? 0) + count;
  return total;
}

/** The step threw what another try may heal. The cursor stays: everything behind it is done. */
export function afterFailure(restoration: Restoration, failure: string, now: Date): Restoration {
  const failed = { ...restoration, failures: restoration.failures + 1, lastFailure: failure };
  const isOver =
    restoration.kind === 'drill' &&
    (failed.failures >= DRILL_FAILURES_MAX || now.getTime() - Date.parse(failed.begunAt) > DRILL_MILLISECONDS_MAX);
  return isOver ? afterRefusal(failed, 'keeps-failing', { step: failed.step, error: failure }, now) : failed;
}

/** Trying again would not help. A restore stops where it is; a drill goes to its report. */
export function afterRefusal(
  restoration: Restoration,
  code: string,
  detail: Readonly<Record<string, string | number>>,
  now: Date,
): Restoration {
  const stopped = { code, detail: { ...detail } };
  if (restoration.kind === 'restore' || isReporting(restoration)) return { ...restoration, stopped };
  const { cursor: _, ...rest } = restoration;
  return { ...rest, stopped, step: 'report', stepBegunAt: now.toISOString(), figures: {}, failures: 0 };
}

const isReporting = ({ step }: Restoration) => step === 'report' || step === 'clear-away';

/** A stopped restore waits for somebody; a stopped drill reports and clears its tables away. */
export const isWaitingForSomebody = ({ kind, stopped }: Restoration): boolean =>
  kind === 'restore' && stopped !== undefined;

/** What refused may have missed something: the rights are laid over once more before it is asked again. */
const FIRST_OF_REPLAY = 'overlay-rights';

/** The same command given again: a stopped restore is tried again, and from the replay on where it had come so far. */
export function resumed(restoration: Restoration, now: Date): Restoration {
  const { stopped, cursor: _, ...rest } = restoration;
  if (!stopped) return restoration;
  const reached = (stepsOfRestore as readonly StepName[]).indexOf(restoration.step);
  const replay = stepsOfRestore.indexOf(FIRST_OF_REPLAY);
  const step = reached > replay ? FIRST_OF_REPLAY : restoration.step;
  return { ...rest, step, stepBegunAt: now.toISOString(), figures: {}, failures: 0 };
}

/** Undefined when it is too late: the gate may be open on the new generation. */
export function aborted(restoration: Restoration, now: Date): Restoration | undefined {
  if (!isUnderWay(restoration) || restoration.step === 'switch') return undefined;
  const { cursor: _, stopped: __, ...rest } = restoration;
  return { ...rest, step: 'reopen', stepBegunAt: now.toISOString(), figures: {}, failures: 0 };
}

/** Both go back to the same: then the second command is the first one, given again. */
export const isSame = (one: Beginning, other: Beginning): boolean =>
  one.from === other.from &&
  one.day === other.day &&
  one.areTablesLost === other.areTablesLost &&
  one.tables.core.exportTime === other.tables.core.exportTime;
