import { slotHandlers } from '../features/slots/handlers.ts';
import { slotRoutes } from '../features/slots/routes.ts';
import { slotStore } from '../features/slots/store.ts';
import { serve } from './serve.ts';

export const handler = serve(slotRoutes, slotHandlers(slotStore));
