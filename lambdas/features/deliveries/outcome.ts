import type { Notice, NoticeState } from '../notices/notice.ts';
import { accepted } from '../notices/progress.ts';
import type { MailEvent } from './mail-events.ts';
import type { Report } from './ses-event.ts';

/**
 * What is known of a mail by what SES has said of it, from the least to the most telling. A later word of less weight
 * takes nothing back: a transient bounce of what was delivered is an answer by machine (SES: `General`), and what was
 * delivered and still came back for good was not. A complaint comes from whoever has got the mail.
 */
const outcomes = [
  { of: ['send'], state: 'accepted' },
  { of: ['delay', 'bounce-transient'], state: 'temporary-failure' },
  { of: ['delivery', 'complaint'], state: 'delivered' },
  { of: ['reject', 'bounce-permanent'], state: 'permanent-failure' },
] as const satisfies readonly { readonly of: readonly string[]; readonly state: NoticeState }[];

/** Depends on the events as a set alone: neither their order nor their number matters. Pure; of no events undefined. */
export function outcomeOf(events: readonly MailEvent[]): (typeof outcomes)[number]['state'] | undefined {
  const weights = events.map((event) => outcomes.findIndex(({ of }) => of.some((name) => name === nameOf(event))));
  return outcomes[Math.max(-1, ...weights)]?.state;
}

const nameOf = ({ type, bounce }: MailEvent) => (type === 'bounce' ? `bounce-${bounce ?? 'transient'}` : type);

/** The address gets no more mail: it does not exist, or whoever reads there does not want it. */
export const stopsMail = ({ type, bounce }: MailEvent): boolean => type === 'complaint' || bounce === 'permanent';

/**
 * The notice after SES has spoken of its mail: done with, whatever we knew before; a try whose answer was lost is settled
 * so. Pure.
 */
export function settled(
  notice: Notice,
  events: readonly MailEvent[],
  said: Pick<Report, 'sentAt' | 'sesMessageId'>,
): Notice {
  const state = outcomeOf(events);
  if (state === undefined) return notice;
  const { reason: _, ...taken } = accepted(
    notice,
    notice.sentAt ?? said.sentAt,
    notice.sesMessageId ?? said.sesMessageId,
  );
  return { ...taken, state };
}
