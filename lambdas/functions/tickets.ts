import { correctionHandlers } from '../features/corrections/handlers.ts';
import { correctionRoutes } from '../features/corrections/routes.ts';
import { correctionStore } from '../features/corrections/store.ts';
import { customerHandlers } from '../features/customers/handlers.ts';
import { customerRoutes } from '../features/customers/routes.ts';
import { customerStore } from '../features/customers/store.ts';
import { ownTicketHandlers, ticketHandlers } from '../features/tickets/handlers.ts';
import { ownTicketRoutes, ticketRoutes } from '../features/tickets/routes.ts';
import { ticketStore } from '../features/tickets/store.ts';
import { mySupportHandlers, platformSupportHandlers } from '../features/tickets/support-handlers.ts';
import { mySupportRoutes, platformSupportRoutes } from '../features/tickets/support-routes.ts';
import { env } from '../platform/env.ts';
import { askOpenRegister } from '../platform/open-register.ts';
import { serve } from './serve.ts';

/** Customers, tickets, corrections: what an organisation does for those whom it serves by agreement; and support. */
export const handler = serve(
  {
    ...customerRoutes,
    ...ticketRoutes,
    ...ownTicketRoutes,
    ...correctionRoutes,
    ...mySupportRoutes,
    ...platformSupportRoutes,
  },
  {
    ...customerHandlers(customerStore),
    ...ticketHandlers(ticketStore, env('INBOUND_MAIL_DOMAIN')),
    ...ownTicketHandlers(ticketStore),
    ...correctionHandlers(correctionStore, askOpenRegister()),
    ...mySupportHandlers(ticketStore),
    ...platformSupportHandlers(ticketStore),
  },
);
