import type { Language } from '../../../http/call.ts';
import type { Owner } from '../../../platform/entity.ts';
import type { PushEndpoints, SendPush } from '../../../platform/push.ts';
import type { Records } from '../../../platform/records.ts';
import type { SendSms } from '../../../platform/sms.ts';
import type { SnsOutcome } from '../../../platform/sns.ts';
import type { Letter } from '../letter.ts';
import type { Channel } from '../notice.ts';

/** The ways beside e-mail. What they carry says little: it passes more hands than a mail does. */
export type FurtherChannel = Exclude<Channel, 'email'>;

/** The suppliers' doors. */
export interface FurtherDoors {
  readonly sendSms: SendSms;
  readonly sendPush: SendPush;
  /** Lets SNS forget a device that takes nothing any more. */
  readonly endpoints: Pick<PushEndpoints, 'remove'>;
}

/** What is to be sent: whom it is for, and the letter that the same notice is by e-mail. */
export interface ShortNotice {
  readonly to: Owner;
  readonly letter: Pick<Letter, 'language' | 'subject' | 'pushesSubject'>;
}

/** `no-address`: no number, no device. `undeliverable`: the only ones there are have been refused before. */
export type SentBy = SnsOutcome | 'no-address' | 'undeliverable';

export interface ChannelCall {
  readonly now: Date;
  readonly records: Records;
}

/** Sends a notice by one channel to wherever its recipient is reached by it, and remembers what can be reached no more. */
export type SendBy = (notice: ShortNotice, call: ChannelCall, doors: FurtherDoors) => Promise<SentBy>;

/** What may be said anywhere, of everything. */
export const somethingWaits: Readonly<Record<Language, string>> = {
  nb: 'Noe venter på deg i Vern.',
  en: 'Something is waiting for you in Vern.',
};
