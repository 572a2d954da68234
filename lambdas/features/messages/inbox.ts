import type { MessageId, OrganisationId, PersonId, ThreadId } from '../../http/ids.ts';
import type { PointerKey, Records } from '../../platform/records.ts';

/** More than so many are “so many or more”: nobody counts further. */
export const WAITING_MAX = 200;

export const inboxPointers = {
  /**
   * A conversation, or a notice to a group, that the person has not read to its end; taken away when they have.
   * Attributes: `at` (the newest that waits), `childId` (whom it is about, where it is about somebody).
   */
  waiting: (organisationId: OrganisationId, personId: PersonId, id: ThreadId | MessageId | '') =>
    ({ table: 'core', pk: `${organisationId}#${personId}`, sk: `INBOX#${id}` }) as const satisfies PointerKey,
};

export interface Waiting {
  readonly id: ThreadId | MessageId;
  /** When the newest of it came. */
  readonly at: string;
  /** Whom it is about: whoever may not see that child any more must not be told that something waits. */
  readonly childId?: PersonId;
}

export interface Inbox {
  /** At most {@link WAITING_MAX}. */
  readonly waiting: number;
  /** The newest. */
  readonly next?: Waiting;
  /** Newest first. */
  readonly items: readonly Waiting[];
}

/** What waits for a person: ids and instants, nothing of what is written. One wave. */
export async function inboxOf(records: Records, organisationId: OrganisationId, personId: PersonId): Promise<Inbox> {
  const { table, pk, sk: prefix } = inboxPointers.waiting(organisationId, personId, '');
  const { items } = await records.pointers(table, pk, { prefix, limit: WAITING_MAX });
  const waiting = items.map(({ sk, attributes }): Waiting => {
    const childId = attributes?.['childId'];
    return {
      // Written by this feature, and by nobody else.
      id: sk.slice(prefix.length) as ThreadId | MessageId,
      at: String(attributes?.['at']),
      ...(childId !== undefined && { childId: childId as PersonId }),
    };
  });
  return inboxWith(waiting.sort((one, other) => (one.at < other.at ? 1 : -1)));
}

/** Without what is about children that are kept from the caller, or are none of theirs any more. Pure. */
export const inboxAbout = (inbox: Inbox, maySee: (childId: PersonId) => boolean): Inbox =>
  inboxWith(inbox.items.filter(({ childId }) => childId === undefined || maySee(childId)));

const inboxWith = (items: readonly Waiting[]): Inbox => ({
  waiting: items.length,
  items,
  ...(items[0] && { next: items[0] }),
});
