import { childLogHandlers } from '../features/child-log/handlers.ts';
import { childLogRoutes } from '../features/child-log/routes.ts';
import { childLogStore } from '../features/child-log/store.ts';
import { serve } from './serve.ts';

export const handler = serve(childLogRoutes, childLogHandlers(childLogStore));
