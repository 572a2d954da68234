import type { ScheduledEvent } from 'aws-lambda';
import { sweepRetention } from '../features/retention/sweep.ts';
import type { Swept } from '../features/retention/sweeping.ts';
import { containerStore, systemCall, systemRecords, whileOpen } from './container.ts';

const store = containerStore();
/** As it was before anything expired: what is due has to be seen by the one who has it erased. */
const beforeAnyExpiry = { ...store, now: () => new Date(0) };
/** The last person begun must be finished before Lambda ends the run. */
const LAST_MILLISECONDS = 30_000;

/** Every night: what has been kept to the end of its term is ordered to be erased; the erasure worker does it. */
async function work(
  { id: requestId }: ScheduledEvent,
  context: { getRemainingTimeInMillis(): number },
): Promise<Swept> {
  const swept = await sweepRetention({
    openCall: () => systemCall(store, 'retention', requestId),
    openClosed: () => systemRecords(beforeAnyExpiry, 'retention', requestId, { throughRestriction: true }),
    hasTimeLeft: () => context.getRemainingTimeInMillis() > LAST_MILLISECONDS,
    log: (line) => console.log(JSON.stringify({ requestId, ...line })),
  });
  console.log(JSON.stringify({ requestId, metric: 'retention-swept', ...swept }));
  // Tried again by Lambda, and then an alarm.
  if (swept.failed > 0) throw new Error('Not everything could be swept');
  return swept;
}

export const handler = whileOpen(store, work);
