import { DistributionJobId } from '../../http/ids.ts';

/** One mail of a job: chunks are counted from 0, and the mails of each as well. */
export interface JobPlace {
  readonly jobId: DistributionJobId;
  readonly chunk: number;
  readonly index: number;
}

/** SES lets letters, digits, `_` and `-` into the value of a tag, and nothing else (SES API, MessageTag). */
export const jobTagOf = ({ jobId, chunk, index }: JobPlace): string => `${jobId}-${chunk}-${index}`;

/** Undefined for what is no tag of ours. */
export function jobPlaceIn(tag: string): JobPlace | undefined {
  const [, id, chunk, index] = /^(job_[0-9a-z]{26})-(\d{1,5})-(\d{1,2})$/.exec(tag) ?? [];
  const jobId = DistributionJobId.safeParse(id);
  if (!jobId.success) return undefined;
  return { jobId: jobId.data, chunk: Number(chunk), index: Number(index) };
}
