import { TicketId } from '../../http/ids.ts';
import type { ControllerId, Owner, SubjectId } from '../../platform/entity.ts';
import type { Change, Pointer, PointerKey } from '../../platform/records.ts';
import { StaleVersion } from '../../platform/records.ts';
import { nextAt, type Ticket } from './ticket.ts';

/**
 * `<controller>#TICKETS` / `<tck>`: all tickets of a controller, in the order in which they were opened. Attributes:
 * `subject` (by which an erasure finds it), `number`, `state`, `priority`, `respondBy`, and `assigneeId` and `customerId`.
 */
export const ticketKey = (controller: ControllerId, id: TicketId | '') =>
  ({ table: 'core', pk: `${controller}#TICKETS`, sk: id }) as const satisfies PointerKey;

const ticketRow = ({ controller, subject }: Owner, ticket: Ticket): Pointer => {
  const { id, number, state, priority, respondBy, assigneeId, customerId } = ticket;
  return {
    ...ticketKey(controller, id),
    attributes: {
      subject,
      number,
      state,
      priority,
      respondBy,
      ...(assigneeId !== undefined && { assigneeId }),
      ...(customerId !== undefined && { customerId }),
    },
  };
};

/** `<controller>#TICKET-NUMBERS` / `<number>`: which ticket is called so. Attributes: `ticketId`, `subject`. */
export const numberKey = (controller: ControllerId, number: string) =>
  ({ table: 'core', pk: `${controller}#TICKET-NUMBERS`, sk: number }) as const satisfies PointerKey;

/** `<controller>#TICKETS-DUE` / `<instant>#<tck>`: when the clock looks at one. Attribute: `subject`. */
export const dueKey = (controller: ControllerId, at: string, id: TicketId | '') =>
  ({ table: 'core', pk: `${controller}#TICKETS-DUE`, sk: `${at}#${id}` }) as const satisfies PointerKey;

/** The rows that lead to a ticket, as it stands after the change; three writes at most. */
export function pointTo(change: Change, owner: Owner, before: Ticket | undefined, after: Ticket): void {
  const { controller, subject } = owner;
  change.point(ticketRow(owner, after));
  if (!before) {
    const attributes = { ticketId: after.id, subject };
    const taken = () => new StaleVersion('Another ticket is called so');
    change.point({ ...numberKey(controller, after.number), attributes }, { ifNew: taken });
  }
  const [was, is] = [before && nextAt(before), nextAt(after)];
  if (was === is) return;
  if (was !== undefined) change.unpoint(dueKey(controller, was, after.id));
  if (is !== undefined) change.point({ ...dueKey(controller, is, after.id), attributes: { subject } });
}

/** Everything that leads to a ticket, when it goes. */
export const rowsTo = ({ controller }: Owner, ticket: Ticket): PointerKey[] => {
  const at = nextAt(ticket);
  return [
    ticketKey(controller, ticket.id),
    numberKey(controller, ticket.number),
    ...(at === undefined ? [] : [dueKey(controller, at, ticket.id)]),
  ];
};

/** Whose ticket a row leads to. Written by {@link pointTo} alone. */
export const ownerIn = (controller: ControllerId, { attributes = {} }: Pick<Pointer, 'attributes'>): Owner => ({
  controller,
  subject: attributes['subject'] as SubjectId,
});
export const ticketIdIn = ({ sk }: Pick<Pointer, 'sk'>): TicketId => TicketId.parse(sk.slice(sk.lastIndexOf('#') + 1));
