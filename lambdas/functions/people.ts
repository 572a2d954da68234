import { personHandlers } from '../features/people/handlers.ts';
import { personRoutes } from '../features/people/routes.ts';
import { personStore } from '../features/people/store.ts';
import { serve } from './serve.ts';

export const handler = serve(personRoutes, personHandlers(personStore));
