import type { ScheduledEvent } from 'aws-lambda';
import { type Ticked, tickAttendance } from '../features/attendance/clock.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
/** The last child begun must be finished before Lambda ends the run. */
const LAST_MILLISECONDS = 10_000;

/** Every quarter of an hour: forgotten check-outs, and children that have not come. */
async function work(
  _event: ScheduledEvent,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<Ticked> {
  const { awsRequestId: requestId } = context;
  const ticked = await tickAttendance({
    openCall: () => systemCall(store, 'attendance-clock', requestId),
    hasTimeLeft: () => context.getRemainingTimeInMillis() > LAST_MILLISECONDS,
    log: (line) => console.log(JSON.stringify({ requestId, ...line })),
  });
  console.log(JSON.stringify({ requestId, metric: 'attendance-ticked', ...ticked }));
  return ticked;
}

export const handler = whileOpen(store, work);
