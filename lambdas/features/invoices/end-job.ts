import { type ActivityRecord, type Change, StaleVersion } from '../../platform/records.ts';
import { issuerOwner } from '../billing/issuer.ts';
import { type Job, jobKey } from './run.ts';

/** The job is done, and on record once: of two workers who did it beside each other the second has nothing to say. */
export async function endJob(
  change: Change,
  job: Job,
  record: Pick<ActivityRecord, 'event' | 'detail'>,
): Promise<void> {
  const ended = () => new StaleVersion('Another has ended this job');
  try {
    await change
      .unpoint(jobKey(job), { ifPresent: ended })
      .activity({ ...record, subject: issuerOwner(job.issuer) })
      .commit();
  } catch (error) {
    if (!(error instanceof StaleVersion)) throw error;
  }
}
