import type { DistributionJobId, OrganisationId } from '../../http/ids.ts';
import { errorName } from '../../platform/error-name.ts';
import type { Pointer } from '../../platform/records.ts';
import type { Dispatcher } from './distributor.ts';
import { openJobs } from './job.ts';
import { type Looking, lookAt } from './look.ts';

/** A look at every job, so often while any runs: chunks are planned for longer ahead. */
const LOOK_MILLISECONDS = 2_000;
const JOBS_MAX = 1_000;

/**
 * Every minute, and for as long as a job runs: plans chunks ahead of the senders, hands them to the queue at the pace that
 * SES allows, counts how far each job has come, and ends it. Two at once do no harm: a chunk is planned once.
 */
export async function dispatch(dispatcher: Dispatcher): Promise<{ looks: number; planned: number; failed: number }> {
  const looking: Looking = { jobs: new Map(), spokenFor: 0, planned: 0 };
  let [looks, failed] = [0, 0];
  for (let isAnyRunning = true; isAnyRunning && dispatcher.hasTimeLeft(); looks++) {
    if (looks > 0) await dispatcher.pause(LOOK_MILLISECONDS);
    const { items } = await dispatcher.openCall().records.pointers(openJobs.table, openJobs.pk, { limit: JOBS_MAX });
    isAnyRunning = false;
    for (const place of items.map(placeOf)) {
      try {
        if (await lookAt(place, dispatcher, looking)) isAnyRunning = true;
      } catch (error) {
        // One that fails must not keep the others waiting; it is looked at again in a moment.
        failed++;
        isAnyRunning = true;
        dispatcher.log({ event: 'distribution-failed', jobId: place.jobId, error: errorName(error) });
      }
    }
  }
  return { looks, planned: looking.planned, failed };
}

/** Written by whoever started the job, and by nobody else. */
function placeOf({ sk }: Pointer) {
  const [organisationId, jobId] = sk.split('#');
  return { organisationId: organisationId as OrganisationId, jobId: jobId as DistributionJobId };
}
