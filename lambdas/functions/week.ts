import { weekHandlers } from '../features/week/handlers.ts';
import { weekRoutes } from '../features/week/routes.ts';
import { weekStore } from '../features/week/store.ts';
import { serve } from './serve.ts';

export const handler = serve(weekRoutes, weekHandlers(weekStore));
