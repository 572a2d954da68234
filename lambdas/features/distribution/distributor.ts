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

/** What the distributor works with. */
export interface Distributor {
  readonly sendMail: SendJobMail;
  /** The stage's verified sender, without a display name. */
  readonly senderAddress: string;
  readonly publicUrl: string;
  /** A fresh one for each look: what was read for one chunk must not be trusted for the next. */
  openCall(): Call;
  readQuota(): Promise<SendQuota>;
  /** SQS SendMessageBatch. */
  release(messages: readonly ChunkMessage[]): Promise<void>;
  /** Whether what SES says is not all read yet: what it has not said then may still come. */
  areEventsBehind(): Promise<boolean>;
  /** Lets this container's lane through so many times a second. */
  nextTurn(perSecond: number): Promise<void>;
  pause(milliseconds: number): Promise<void>;
  /** False when the worker's time is nearly over. */
  hasTimeLeft(): boolean;
  /** Ids, codes and counts only. */
  log(line: { readonly event: string; readonly [field: string]: string | number | undefined }): void;
}
