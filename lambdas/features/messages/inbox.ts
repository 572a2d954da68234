import type { RoleName } from '../../access/roles.ts';
import type { MessageId, OrganisationId, PersonId, ThreadId } from '../../http/ids.ts';
import type { PointerKey, Records } from '../../platform/records.ts';

/** More than so many are “so many or more”: nobody counts further. */
export const WAITING_MAX = 200;

export const inboxPointers = {
  /**
   * A conversation, or a notice to a group, that the person has not read to its end; taken away when they have.
   * Attributes: `at` (the newest that waits), `childId` (whom it is about, where it is about somebody), `readers` (for the
   * person as one of the staff, or of the families).
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
  /** In which sort of role it is theirs: whoever holds several is told in that one alone (FW-07). */
  readonly readers?: Readers;
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
    const { childId, readers } = attributes ?? {};
    return {
      // Written by this feature, and by nobody else.
      id: sk.slice(prefix.length) as ThreadId | MessageId,
      at: String(attributes?.['at']),
      ...(childId !== undefined && { childId: childId as PersonId }),
      ...(readers !== undefined && { readers: readers as Readers }),
    };
  });
  return inboxWith(waiting.sort((one, other) => (one.at < other.at ? 1 : -1)));
}

/**
 * What waits for the caller in that sort of role, without what is about children that are kept from them, or are none of
 * theirs any more. Pure.
 */
export const inboxAbout = (inbox: Inbox, as: Readers, maySee: (childId: PersonId) => boolean): Inbox =>
  inboxWith(
    inbox.items.filter(
      ({ childId, readers }) => (readers === undefined || readers === as) && (childId === undefined || maySee(childId)),
    ),
  );

export type Readers = 'families' | 'staff';
export const readersAs = (role: RoleName): Readers => (role === 'guardian' || role === 'member' ? 'families' : 'staff');

const inboxWith = (items: readonly Waiting[]): Inbox => ({
  waiting: items.length,
  items,
  ...(items[0] && { next: items[0] }),
});
