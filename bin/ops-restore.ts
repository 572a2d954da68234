import { setTimeout as sleep } from 'node:timers/promises';
import type { RestoreAnswer } from '../lambdas/features/restore/operator.ts';
import { isUnderWay, isWaitingForSomebody, type Restoration } from '../lambdas/features/restore/restoration.ts';

/** How a restore is told on a terminal, while it goes on. */
export type Tell = (line: string) => void;

const POLL_MILLISECONDS = 5_000;

const refusals: Readonly<Record<string, string>> = {
  'no-such-backup': 'There is no backup of that day.',
  'backup-incomplete': 'The backup of that day is not whole, and only whole ones are restored.',
  'no-backup': 'There is no whole backup to restore.',
  'instant-not-restorable': 'AWS cannot bring all three tables back to that instant.',
  'tables-are-there': 'All tables are there: leave out --tables-lost, so that what is under way can end.',
  'another-restore-under-way': 'Another restore is under way: see restore-status.',
  'somebody-was-faster': 'Somebody else gave a word at the same moment: see restore-status.',
  'nothing-under-way': 'No restore is under way.',
  'already-switching': 'The gate is being switched: there is no way back to the old tables by abort.',
};

/** What stands now, or why nothing was done. */
export function tellStanding(answer: RestoreAnswer, tell: Tell): void {
  if (answer.outcome === 'refused') {
    tell(refusals[answer.reason] ?? `Refused: ${answer.reason}.`);
    if (answer.days) tell(`Whole backups: ${answer.days.length === 0 ? 'none' : answer.days.join(', ')}`);
    return;
  }
  tell(`The service is ${answer.isOpen ? 'open' : 'CLOSED'} on generation ${answer.generation}.`);
  for (const restoration of [answer.restore, answer.drill]) {
    if (!restoration) continue;
    tell(headlineOf(restoration));
    for (const { step, begunAt, endedAt, figures } of restoration.done) {
      tell(lineOf(endedAt, step, figures, Date.parse(endedAt) - Date.parse(begunAt)));
    }
    if (isUnderWay(restoration)) tell(lineOf(undefined, restoration.step, restoration.figures));
    tellTrouble(restoration, tell);
  }
}

/** Tells each step when it is done, until the end. True when it ended as it should. */
export async function followRestoration(
  { kind, outcome }: { readonly kind: 'restore' | 'drill'; readonly outcome: 'restored' | 'aborted' | 'passed' },
  {
    ask,
    goOn,
    tell,
    pause = () => sleep(POLL_MILLISECONDS),
  }: {
    ask(): Promise<RestoreAnswer>;
    /** Has the worker go on at once, instead of with the next minute. */
    goOn(): Promise<void>;
    readonly tell: Tell;
    readonly pause?: () => Promise<unknown>;
  },
): Promise<boolean> {
  let told = 0;
  let failure = '';
  for (;;) {
    const answer = await ask();
    const restoration = answer.outcome === 'refused' ? undefined : answer[kind];
    if (!restoration) return false;
    for (const { step, begunAt, endedAt, figures } of restoration.done.slice(told)) {
      tell(lineOf(endedAt, step, figures, Date.parse(endedAt) - Date.parse(begunAt)));
    }
    told = restoration.done.length;
    const trouble = `${restoration.step}${restoration.failures}${restoration.stopped?.code}`;
    if (trouble !== failure) tellTrouble(restoration, tell);
    failure = trouble;
    if (!isUnderWay(restoration)) {
      tell(`It is over: ${restoration.outcome}.`);
      return restoration.outcome === outcome;
    }
    if (isWaitingForSomebody(restoration)) return false;
    if (!restoration.lease) await goOn();
    await pause();
  }
}

const headlineOf = ({ id, kind, from, day, begunAt, outcome, nextGeneration }: Restoration): string =>
  `${kind} ${id}: ${from} of ${day}, into ${kind === 'drill' ? 'tables of its own' : `generation ${nextGeneration}`}, ` +
  `begun ${begunAt}${outcome ? `, ${outcome}` : ''}`;

function tellTrouble({ step, failures, lastFailure, stopped }: Restoration, tell: Tell): void {
  if (stopped) {
    tell(`STOPPED at ${step}: ${stopped.code} ${JSON.stringify(stopped.detail)}`);
    tell('Mend it and give the same command again, or restore-abort.');
  } else if (failures > 0) {
    tell(`${step} has failed ${failures} times (${lastFailure}) and is tried again; the worker's log says more.`);
  }
}

/** `07:15:02  import            core 12345, activity 99  (2 min 3 s)`; times are UTC. */
function lineOf(
  at: string | undefined,
  step: string,
  figures: Readonly<Record<string, number>>,
  milliseconds?: number,
): string {
  const counts = Object.entries(figures)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
  const took = milliseconds === undefined ? 'under way' : durationOf(milliseconds);
  return `${at?.slice(11, 19) ?? '        '}  ${step.padEnd(16)}  ${counts}${counts && '  '}(${took})`;
}

function durationOf(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
