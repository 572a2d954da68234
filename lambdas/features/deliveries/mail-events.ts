import type { NoticeId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Pointer, PointerKey, Records } from '../../platform/records.ts';

/**
 * What SES says of a mail (SES developer guide, "Contents of event data"): it took it, handed it over, has not got rid of
 * it yet, got it back, was told that it is unwanted, or would not send it after all.
 */
export const mailEventTypes = ['send', 'delivery', 'delay', 'bounce', 'complaint', 'reject'] as const;

export interface MailEvent {
  readonly type: (typeof mailEventTypes)[number];
  /** RFC 3339, as SES gives it. */
  readonly at: string;
  /** Of a bounce alone. SES's `Undetermined` counts as transient: it stops nothing. */
  readonly bounce?: 'permanent' | 'transient';
}

/** The events of one mail that are ever kept: SES gives up after 14 hours, and says seldom more than a dozen things. */
const EVENTS_MAX = 100;

/** Everything about one mail lies in one partition of Transient: ids, codes and instants, so nothing is sealed. */
const partitionOf = (noticeId: NoticeId) => `MAIL#${noticeId}`;

/**
 * Whose notice a tag of SES's names: whoever sends a notice writes it in the transaction that claims it, so that it is
 * there before the first event can be.
 */
export const mailPointer = (owner: Owner, noticeId: NoticeId, expiresAtEpochSeconds: number): Pointer => ({
  ...mailKey(noticeId),
  attributes: { ...owner },
  expiresAtEpochSeconds,
});

export const mailKey = (noticeId: NoticeId): PointerKey => ({
  table: 'transient',
  pk: partitionOf(noticeId),
  sk: 'MAIL',
});

/** All of an event stands in its key: the same event twice is one row, and no order is better than another. */
export const eventPointer = (noticeId: NoticeId, event: MailEvent, expiresAtEpochSeconds: number): Pointer => ({
  table: 'transient',
  pk: partitionOf(noticeId),
  sk: `EVENT#${event.type}${event.bounce ? `-${event.bounce}` : ''}#${event.at}`,
  expiresAtEpochSeconds,
});

/** One round trip: what SES has said of a notice's mail so far, of all tries together. Empty while it has said nothing. */
export async function eventsOf(records: Records, noticeId: NoticeId): Promise<readonly MailEvent[]> {
  const range = { prefix: 'EVENT#', limit: EVENTS_MAX };
  const { items } = await records.pointers('transient', partitionOf(noticeId), range);
  return items.flatMap(({ sk }) => eventIn(sk) ?? []);
}

function eventIn(sk: string): MailEvent | undefined {
  const [, type, bounce, at] = /^EVENT#([a-z]+)(?:-(permanent|transient))?#(.+)$/.exec(sk) ?? [];
  const known = mailEventTypes.find((one) => one === type);
  if (!known || at === undefined) return undefined;
  return { type: known, at, ...((bounce === 'permanent' || bounce === 'transient') && { bounce }) };
}

/** SES has the mail, or had it: a second try would be a second mail. What it rejected it would reject again. */
export const wasTaken = (events: readonly MailEvent[]): boolean => events.length > 0;
