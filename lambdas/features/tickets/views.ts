import { PersonId } from '../../http/ids.ts';
import { fileView } from '../files/file.ts';
import { isLate, type Ticket, type TicketEntry } from './ticket.ts';
import type { StoredTicket } from './ticketing.ts';

export function lineOf(ticket: Ticket, now: Date) {
  const { id, number, title, state, priority, openedAt, updatedAt, respondBy, assigneeId, customerId } = ticket;
  return {
    ...{ id, number, title, state, priority, openedAt, updatedAt, respondBy },
    isLate: isLate(ticket, now),
    ...(assigneeId !== undefined && { assigneeId }),
    ...(customerId !== undefined && { customerId }),
  };
}

export function ticketView({ ref, value, version }: StoredTicket, entries: readonly TicketEntry[], now: Date) {
  const requesterId = PersonId.safeParse(ref.owner.subject);
  const { channel, requesterName, dueAt } = value;
  return {
    ...lineOf(value, now),
    channel,
    ...(requesterId.success && { requesterId: requesterId.data }),
    ...(requesterName !== undefined && { requesterName }),
    ...(dueAt !== undefined && { dueAt }),
    entries: entries.map((entry) =>
      entry.kind === 'message' ? { ...entry, files: entry.files.map(fileView) } : entry,
    ),
    version,
  };
}

export const ownLineOf = ({ id, number, title, state, openedAt, updatedAt }: Ticket) => ({
  ...{ id, number, title, state, openedAt, updatedAt },
});

export const ownTicketView = (ticket: Ticket, entries: readonly TicketEntry[]) => ({
  ...ownLineOf(ticket),
  ...(ticket.dueAt !== undefined && { dueAt: ticket.dueAt }),
  messages: entries.flatMap((entry) =>
    entry.kind === 'message'
      ? [
          {
            id: entry.id,
            by: entry.by === 'staff' ? ('them' as const) : ('you' as const),
            text: entry.text,
            files: entry.files.map(fileView),
            at: entry.at,
          },
        ]
      : [],
  ),
});
