import { errorName } from '../../platform/error-name.ts';
import { recordAbort, recordBeginning } from './record.ts';
import type { Restoration } from './restoration.ts';
import type { OwnStep, Restorer } from './restorer.ts';
import { afterSwitch } from './retired.ts';
import { retire } from './retiring.ts';

/**
 * Whatever was let in before the gate closed, or while a container still believed it open (ten seconds), is at its end
 * after Lambda's longest run (15 minutes). Without tables to write to there is nothing to wait for but the copies of the
 * last rights on their way out, which take a minute at most.
 */
const DRAIN_SECONDS = 16 * 60;
const DRAIN_SECONDS_WITHOUT_TABLES = 2 * 60;

export const closeTheGate: OwnStep = async (restoration, restorer) => {
  await ifItCan(recordBeginning, restoration, restorer);
  await restorer.closeGate(restoration.generation);
  return { done: true };
};

export const drain: OwnStep = async (restoration, restorer) => {
  const seconds = (await isAnyTableThere(restoration, restorer)) ? DRAIN_SECONDS : DRAIN_SECONDS_WITHOUT_TABLES;
  return { done: restorer.now().getTime() - Date.parse(restoration.stepBegunAt) >= seconds * 1000 };
};

/** Some may be lost and others not: whoever is at work can write to those. */
async function isAnyTableThere({ areTablesLost, generation }: Restoration, { tables }: Restorer): Promise<boolean> {
  if (!areTablesLost) return true;
  const all = [...tables.imported, ...tables.madeAnew];
  const there = await Promise.all(all.map((table) => tables.exists(table, generation)));
  return there.includes(true);
}

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
    restorer.log({ event: 'restore.not-recorded', step: restoration.step, error: errorName(error) }),
  );
}
