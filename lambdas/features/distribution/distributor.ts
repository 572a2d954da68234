import type { Call } from '../../http/call.ts';
import type { DistributionJobId, OrganisationId } from '../../http/ids.ts';
import type { SendJobMail } from '../../platform/mail.ts';
import type { SendQuota } from './quota.ts';

/** What wakes a sender: one chunk of one job, and how fast it may go. */
export interface ChunkMessage {
  readonly organisationId: OrganisationId;
  readonly jobId: DistributionJobId;
  readonly chunk: number;
  readonly perSecond: number;
}

/** How long a claim of a chunk lasts. Longer than the sender's own time limit: when it is over, whoever held it has ended. */
export const LEASE_SECONDS = 150;

/** What both have: a fresh call for each look, because what was read for one chunk must not be trusted for the next. */
interface Worker {
  openCall(): Call;
  /** False when the worker's time is nearly over. */
  hasTimeLeft(): boolean;
  /** Ids, codes and counts only. */
  log(line: { readonly event: string; readonly [field: string]: string | number | undefined }): void;
}

/** What plans and counts. */
export interface Dispatcher extends Worker {
  readQuota(): Promise<SendQuota>;
  /** SQS SendMessageBatch. */
  release(messages: readonly ChunkMessage[]): Promise<void>;
  pause(milliseconds: number): Promise<void>;
}

/** What sends. */
export interface Sender extends Worker {
  readonly sendMail: SendJobMail;
  /** The stage's verified sender, without a display name. */
  readonly senderAddress: string;
  readonly publicUrl: string;
  /** How many of SES's events wait to be read: what it has not said then may still come. */
  countUnreadEvents(): Promise<number>;
  /** Lets this container's lane through so many times a second. */
  nextTurn(perSecond: number): Promise<void>;
}
