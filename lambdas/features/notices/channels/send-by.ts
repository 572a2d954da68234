import type { FurtherChannel, SendBy } from './channel.ts';
import { sendByPush } from './push.ts';
import { sendBySms } from './sms.ts';

export const sendBy: Readonly<Record<FurtherChannel, SendBy>> = { sms: sendBySms, push: sendByPush };

/**
 * Whether a try of which nothing is known may be followed by another. Neither channel has events that would tell. A
 * second push takes the first one's place on the screen; a second SMS is one too many, and the mail is there beside it.
 */
export const mayFollowUnknown: Readonly<Record<FurtherChannel, boolean>> = { sms: false, push: true };
