import type { DynamoDBStreamEvent, ScheduledEvent } from 'aws-lambda';
import { doJobs, lookAtOpen } from '../features/invoices/clock.ts';
import { type BillingClock, meterDays } from '../features/metering/clock.ts';
import { safetyDevicePointers } from '../features/safety-devices/safety-device.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
/** The last one begun must be finished before Lambda ends the run. */
const LAST_MILLISECONDS = 20_000;

/**
 * Woken by a job (the stream) it does the jobs that wait; every hour it also counts the day that is over, and looks at
 * what is open: each of it is done once a day, whichever hour comes to it.
 */
async function work(
  event: DynamoDBStreamEvent | ScheduledEvent,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
) {
  const { awsRequestId: requestId } = context;
  const log = (line: object) => console.log(JSON.stringify({ requestId, ...line }));
  const clock: BillingClock = {
    openCall: () => systemCall(store, 'biller', requestId),
    hasTimeLeft: () => context.getRemainingTimeInMillis() > LAST_MILLISECONDS,
    log,
  };
  const jobs = await doJobs(clock);
  log({ metric: 'billing-jobs-done', ...jobs });
  if ('Records' in event) return { batchItemFailures: [] };
  const metered = await meterDays((organisationId) => safetyDevicePointers.inService(organisationId, ''), clock);
  const open = await lookAtOpen(clock);
  log({ metric: 'billing-ticked', ...metered, ...open });
  return { ...jobs, ...metered, ...open };
}

export const handler = whileOpen(store, work);
