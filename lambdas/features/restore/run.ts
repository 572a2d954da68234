import { errorName } from '../../platform/error-name.ts';
import { isDrillDue, reportDrill } from './drill.ts';
import { bringFilesBack } from './files-step.ts';
import { closeTheGate, drain, reopen, switchOver } from './gate-steps.ts';
import { beginDrill } from './operator.ts';
import { recordRestore } from './record.ts';
import {
  afterFailure,
  afterRefusal,
  afterRun,
  claimed,
  FAILURES_BEFORE_ALARM,
  isFree,
  isUnderWay,
  isWaitingForSomebody,
  type ReplayStep,
  Restoration,
  released,
  type StepName,
} from './restoration.ts';
import { contextOf, hasTimeLeft, type OwnStep, type Restorer } from './restorer.ts';
import { removeRetired } from './retiring.ts';
import { RestoreRefused, type StepOutcome } from './step.ts';
import { clearDrill, connectStreams, createTables, importTables, settleTables } from './table-steps.ts';

/** What one run does of one restoration at most; each slice of a long step counts. */
const RUNS_MAX = 200;

const ownSteps: Readonly<Record<Exclude<StepName, ReplayStep>, OwnStep>> = {
  'close-gate': closeTheGate,
  drain,
  clear: clearDrill,
  import: importTables,
  create: createTables,
  settings: settleTables,
  files: bringFilesBack,
  streams: connectStreams,
  record: recordRestore,
  switch: switchOver,
  reopen,
  report: reportDrill,
  'clear-away': clearDrill,
};

/**
 * What the worker does each minute: goes on with a restore under way; without one, with a drill, or begins the month's;
 * takes away what was retired and is due. One read when there is nothing of it.
 */
export async function goOn(restorer: Restorer): Promise<void> {
  const { gate, documents } = await restorer.rows.read();
  const restore = restorationIn(documents.get('RESTORE')?.content);
  const drill = restorationIn(documents.get('DRILL')?.content);
  if (restore && isUnderWay(restore)) return advance('RESTORE', restorer);
  if (!gate.isOpen) {
    restorer.log({ metric: 'gate-left-closed' });
    return;
  }
  if (drill && isUnderWay(drill)) await advance('DRILL', restorer);
  else if (isDrillDue(drill, restorer.now())) await beginDrill(restorer);
  if (documents.has('RETIRED')) await removeRetired(restorer);
}

export const restorationIn = (content: unknown): Restoration | undefined =>
  content === undefined ? undefined : Restoration.parse(content);

/**
 * Takes one restoration as far as it can be taken now. It may be called at any time, by several at once, and after a
 * crash anywhere: its row says where to go on, who is at it, and of two who write the same revision one is refused.
 */
async function advance(name: 'RESTORE' | 'DRILL', restorer: Restorer): Promise<void> {
  for (let run = 0; run < RUNS_MAX && hasTimeLeft(restorer); run++) {
    const document = (await restorer.rows.read()).documents.get(name);
    const restoration = restorationIn(document?.content);
    if (!document || !restoration || !isUnderWay(restoration)) return;
    const isOurs = restoration.lease?.holder === restorer.requestId;
    if (!isOurs && !isFree(restoration, restorer.now())) return;
    if (isWaitingForSomebody(restoration)) return;
    const ours = claimed(restoration, restorer.requestId, restorer.deadline);
    if (!isOurs && !(await restorer.rows.swap(name, ours, document.revision))) return;
    const revision = isOurs ? document.revision : document.revision + 1;
    const after = await stepped(ours, restorer);
    const isAtRest = !isUnderWay(after) || isWaitingForSomebody(after) || isPausing(ours, after);
    const saved = isAtRest ? released(after) : after;
    // An abort, or whoever took over after our time: theirs counts, and says what comes next.
    if (!(await restorer.rows.swap(name, saved, revision))) continue;
    if (isAtRest) return;
  }
  await release(name, restorer);
}

/** It came no further: AWS is at it, time has to pass, or it failed. The next minute is soon enough. */
const isPausing = (before: Restoration, after: Restoration): boolean =>
  after.step === before.step && after.cursor === before.cursor;

async function stepped(restoration: Restoration, restorer: Restorer): Promise<Restoration> {
  const { id, step, kind } = restoration;
  try {
    const after = afterRun(restoration, await runStep(restoration, restorer), restorer.now());
    if (after.step !== step || !isUnderWay(after)) {
      restorer.log({ event: 'restore.step-done', restore: id, step, ...after.done.at(-1)?.figures });
    }
    return after;
  } catch (error) {
    const now = restorer.now();
    if (error instanceof RestoreRefused) {
      restorer.log({ metric: `${kind}-refused`, restore: id, step, code: error.code, ...error.detail });
      return afterRefusal(restoration, error.code, error.detail, now);
    }
    const name = errorName(error);
    const after = afterFailure(restoration, name, now);
    const needsSomebody = kind === 'restore' && after.failures >= FAILURES_BEFORE_ALARM;
    restorer.log({
      ...(needsSomebody ? { metric: 'restore-failing' } : { event: 'restore.step-failed' }),
      restore: id,
      step,
      error: name,
    });
    return after;
  }
}

function runStep(restoration: Restoration, restorer: Restorer): Promise<StepOutcome> {
  const { step } = restoration;
  if (isReplayStep(step, restorer)) return restorer.replay[step](contextOf(restoration, restorer));
  return ownSteps[step](restoration, restorer);
}

const isReplayStep = (step: StepName, { replay }: Restorer): step is ReplayStep => Object.hasOwn(replay, step);

/** The run's time is over: whoever comes next need not wait for it to have ended. */
async function release(name: 'RESTORE' | 'DRILL', restorer: Restorer): Promise<void> {
  const document = (await restorer.rows.read()).documents.get(name);
  const restoration = restorationIn(document?.content);
  if (restoration?.lease?.holder !== restorer.requestId) return;
  await restorer.rows.swap(name, released(restoration), document?.revision);
}
