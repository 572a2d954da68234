import { customerHandlers } from '../features/customers/handlers.ts';
import { customerRoutes } from '../features/customers/routes.ts';
import { customerStore } from '../features/customers/store.ts';
import { ownTicketHandlers, ticketHandlers } from '../features/tickets/handlers.ts';
import { ownTicketRoutes, ticketRoutes } from '../features/tickets/routes.ts';
import { ticketStore } from '../features/tickets/store.ts';
import { env } from '../platform/env.ts';
import { serve } from './serve.ts';

/** Customers, tickets, corrections: what an organisation does for those whom it serves by agreement. */
export const handler = serve(
  { ...customerRoutes, ...ticketRoutes, ...ownTicketRoutes },
  {
    ...customerHandlers(customerStore),
    ...ticketHandlers(ticketStore, env('INBOUND_MAIL_DOMAIN')),
    ...ownTicketHandlers(ticketStore),
  },
);
