import type { Call } from '../../http/call.ts';
import type { SendMail } from '../../platform/mail.ts';
import type { FurtherDoors } from './channels/channel.ts';

/** What one delivery works with; a fresh one for each notice. */
export interface DeliveryCall extends Call {
  /** The same through a restriction: whoever restricted their data still hears about their rights. */
  readonly throughRestriction: Call['records'];
}

export interface Post {
  readonly sendMail: SendMail;
  readonly further: FurtherDoors;
  /** How many of SES's events wait to be read; what cannot tell throws. */
  countUnreadEvents(): Promise<number>;
  /** The stage's verified sender, without a display name. */
  readonly senderAddress: string;
  readonly publicUrl: string;
  /** Under which mail is taken in; absent where none is. */
  readonly inboundDomain?: string;
}

export interface Outbox {
  readonly post: Post;
  /** A fresh one for each notice: what was read for one must not be trusted for the next. */
  openCall(): DeliveryCall;
  /** Whether another notice may be begun in this run. */
  hasTimeLeft(): boolean;
  /** One line for the log: ids and codes only. */
  log(line: OutboxLine): void;
}

export interface OutboxLine {
  readonly event: string;
  /** Named where an alarm counts it. */
  readonly metric?: string;
  readonly noticeId?: string;
  readonly error?: string;
}

/** A message may hold an address; a name never does. */
