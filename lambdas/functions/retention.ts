import type { ScheduledEvent } from 'aws-lambda';
import { type Pruned, pruneActivity } from '../features/activity/prune.ts';
import { sweepRetention } from '../features/retention/sweep.ts';
import type { Swept } from '../features/retention/sweeping.ts';
import { activityPruning } from '../platform/activity-pruning.ts';
import { containerStore, systemCall, systemRecords, whileOpen } from './container.ts';

const store = containerStore();
/** As it was before anything expired: what is due has to be seen by the one who has it erased. */
const beforeAnyExpiry = { ...store, now: () => new Date(0) };
/** The last person begun must be finished before Lambda ends the run. */
const LAST_MILLISECONDS = 30_000;

/**
 * Every night: what has been kept to the end of its term is ordered to be erased; the erasure worker does it. And what the
 * activity log has held for a year goes out of it: nobody else may do that.
 */
async function work(
  { id: requestId }: ScheduledEvent,
  context: { getRemainingTimeInMillis(): number },
): Promise<Swept & { readonly pruned: Pruned }> {
  const hasTimeLeft = () => context.getRemainingTimeInMillis() > LAST_MILLISECONDS;
  const openCall = () => systemCall(store, 'retention', requestId);
  const log = (line: object) => console.log(JSON.stringify({ requestId, ...line }));
  const swept = await sweepRetention({
    openCall,
    openClosed: () => systemRecords(beforeAnyExpiry, 'retention', requestId, { throughRestriction: true }),
    hasTimeLeft,
    log,
  });
  log({ metric: 'retention-swept', ...swept });
  const pruned = await pruneActivity({ log: activityPruning(store), openCall, hasTimeLeft, report: log });
  log({ metric: 'activity-pruned', ...pruned });
  // Tried again by Lambda, and then an alarm.
  if (swept.failed + pruned.failed > 0) throw new Error('Not everything could be swept');
  return { ...swept, pruned };
}

export const handler = whileOpen(store, work);
