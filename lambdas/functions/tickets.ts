import { customerHandlers } from '../features/customers/handlers.ts';
import { customerRoutes } from '../features/customers/routes.ts';
import { customerStore } from '../features/customers/store.ts';
import { serve } from './serve.ts';

/** Customers, tickets, corrections: what an organisation does for those whom it serves by agreement. */
export const handler = serve({ ...customerRoutes }, { ...customerHandlers(customerStore) });
