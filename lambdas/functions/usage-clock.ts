import type { ScheduledEvent } from 'aws-lambda';
import { tickUsage, type UsageTicked } from '../features/usage/clock.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
/** The last organisation begun must be finished before Lambda ends the run. */
const LAST_MILLISECONDS = 20_000;

/** Every hour: puts together how the service was used on the days that are over. */
async function work(
  _event: ScheduledEvent,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<UsageTicked> {
  const { awsRequestId: requestId } = context;
  const log = (line: object) => console.log(JSON.stringify({ requestId, ...line }));
  const ticked = await tickUsage({
    openCall: () => systemCall(store, 'usage-clock', requestId),
    hasTimeLeft: () => context.getRemainingTimeInMillis() > LAST_MILLISECONDS,
    log,
  });
  log({ metric: 'usage-ticked', ...ticked });
  // Lambda's own error count alarms.
  if (ticked.failed > 0) throw new Error('Not every day could be put together');
  return ticked;
}

export const handler = whileOpen(store, work);
