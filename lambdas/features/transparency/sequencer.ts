import type { ControllerId } from '../../platform/entity.ts';
import { errorName } from '../../platform/error-name.ts';
import type { ActivityKey, LogTable } from '../../platform/log-table.ts';
import type { Signer } from '../../platform/signing.ts';
import { type Appended, appendPending } from './append.ts';
import { signHeads } from './heads.ts';
import type { LogFiles } from './log-files.ts';

/** What a run of the sequencer works with. */
export interface Sequencer {
  readonly table: LogTable;
  readonly logFiles: LogFiles;
  readonly offlineFiles: Pick<LogFiles, 'putOnce'>;
  readonly signer: Pick<Signer, 'sign'>;
  readonly stage: string;
  /** Leaves of one append: what is fixed at once, and finished by whoever comes next. */
  readonly batchLeavesMax: number;
  readonly requestId: string;
  newEventId(): string;
  now(): Date;
  /** Nothing more is begun when it is false. */
  hasTimeLeft(): boolean;
  /** Codes, ids and counts only. */
  log(line: Readonly<Record<string, unknown>>): void;
}

export interface Sequenced extends Appended {
  readonly organisations: number;
  readonly failed: number;
  /** Number of the head that was signed. */
  readonly head?: number;
}
const NOTHING: Sequenced = { organisations: 0, failed: 0, leaves: 0, waiting: 0, findings: 0 };

/** Longer than a run: a sequencer that holds the lease is at work or dead. That two never harm each other rests on no lease. */
const LEASE_MILLISECONDS = 90_000;
/** Organisations that are appended to at the same time. */
const ORGANISATIONS_AT_ONCE = 8;
/** A container ends its chains after a day; what waits of one comes in long before another has passed. */
const CHAIN_REMEMBERED_MILLISECONDS = 48 * 60 * 60 * 1000;

/** Brings all that waits into the logs, and signs one head over all of them. What fails stops no other organisation. */
export async function sequenceLogs(sequencer: Sequencer): Promise<Sequenced> {
  const { table, requestId, now } = sequencer;
  const until = new Date(now().getTime() + LEASE_MILLISECONDS).toISOString();
  if (!(await table.takeLease(requestId, now().toISOString(), until))) return NOTHING;
  try {
    const appended = await appendAll(sequencer);
    const head = await signHeads(sequencer);
    return { ...appended, ...(head !== undefined && { head }) };
  } finally {
    await table.releaseLease(requestId);
  }
}

async function appendAll(sequencer: Sequencer): Promise<Sequenced> {
  const { table, hasTimeLeft, log } = sequencer;
  const [states, { keys, isWhole }] = await Promise.all([table.states(), table.pending()]);
  const byController = Map.groupBy(keys, controllerOf);
  const unfinished = states.filter(({ batch }) => batch).map(({ controller }) => controller);
  const waiting = [...new Set([...unfinished, ...byController.keys()])];
  let total = NOTHING;

  async function appendTo(controller: ControllerId): Promise<void> {
    try {
      const pending = { keys: byController.get(controller) ?? [], isWhole };
      const appended = await appendPending(controller, pending, sequencer);
      // A chain whose records still wait is not forgotten, or they would seem to follow a gap.
      if (isWhole && appended.waiting === 0) await forgetChains(controller, sequencer);
      total = plus(total, { ...appended, organisations: 1, failed: 0 });
    } catch (error) {
      const name = errorName(error);
      log({ metric: name === 'LogSplit' ? 'log-split' : 'log-append-failed', organisationId: controller, error: name });
      total = plus(total, { ...NOTHING, organisations: 1, failed: 1 });
    }
  }

  const queue = [...waiting];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined && hasTimeLeft(); next = queue.shift()) await appendTo(next);
  };
  await Promise.all(Array.from({ length: ORGANISATIONS_AT_ONCE }, work));
  return total;
}

function forgetChains(controller: ControllerId, { table, now }: Sequencer): Promise<void> {
  return table.forgetChains(controller, new Date(now().getTime() - CHAIN_REMEMBERED_MILLISECONDS).toISOString());
}

const plus = (one: Sequenced, other: Sequenced): Sequenced => ({
  organisations: one.organisations + other.organisations,
  failed: one.failed + other.failed,
  leaves: one.leaves + other.leaves,
  waiting: one.waiting + other.waiting,
  findings: one.findings + other.findings,
});

const controllerOf = ({ pk }: ActivityKey) => pk.slice(0, pk.indexOf('#')) as ControllerId;
