import { recordAbort, recordBeginning } from './record.ts';
import type { Restoration } from './restoration.ts';
import type { OwnStep, Restorer } from './restorer.ts';
import { afterSwitch } from './retired.ts';
import { retire } from './retiring.ts';
import type { StepOutcome } from './step.ts';

/**
 * Whatever was let in before the gate closed is at its end after Lambda's longest run. Without tables to write to there is
 * nothing to wait for but the copies of the last rights on their way out, which take a minute at most.
 */
const DRAIN_SECONDS = 15 * 60;
const DRAIN_SECONDS_WITHOUT_TABLES = 2 * 60;

export const closeTheGate: OwnStep = async (restoration, restorer) => {
  await ifItCan(recordBeginning, restoration, restorer);
  await restorer.closeGate(restoration.generation);
  return { done: true };
};

/** Pure: whether everything that was let in has come to its end. */
function drained({ areTablesLost, stepBegunAt }: Restoration, now: Date): StepOutcome {
  const seconds = areTablesLost ? DRAIN_SECONDS_WITHOUT_TABLES : DRAIN_SECONDS;
  return { done: now.getTime() - Date.parse(stepBegunAt) >= seconds * 1000 };
}

export const drain: OwnStep = async (restoration, restorer) => drained(restoration, restorer.now());

/**
 * The gate opens on the new generation. The old one is written down first: whatever happens then, it is neither forgotten
 * nor removed while it is the active one.
 */
export const switchOver: OwnStep = async ({ generation, nextGeneration }, restorer) => {
  await retire(restorer, generation, afterSwitch(restorer.now()));
  await restorer.openGate(nextGeneration, generation);
  return { done: true };
};

/** An abort: open again on what there was, unless that is gone; what was made so far goes at once. */
export const reopen: OwnStep = async (restoration, restorer) => {
  const { generation, nextGeneration, areTablesLost } = restoration;
  await retire(restorer, nextGeneration, restorer.now().toISOString());
  if (areTablesLost) return { done: true };
  await restorer.openGate(generation, generation);
  await ifItCan(recordAbort, restoration, restorer);
  return { done: true };
};

/** The tables may be the very thing that is broken: what cannot be written into them must not keep the restore back. */
async function ifItCan(
  record: (restoration: Restoration, restorer: Restorer) => Promise<void>,
  restoration: Restoration,
  restorer: Restorer,
): Promise<void> {
  await record(restoration, restorer).catch((error: unknown) =>
    restorer.log({ event: 'restore.not-recorded', step: restoration.step, error: nameOf(error) }),
  );
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : 'unknown');
