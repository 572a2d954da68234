import { statisticsHandlers } from '../features/statistics/handlers.ts';
import { statisticsRoutes } from '../features/statistics/routes.ts';
import { statisticsStore } from '../features/statistics/store.ts';
import { usageHandlers } from '../features/usage/handlers.ts';
import { usageRoutes } from '../features/usage/routes.ts';
import { usageStore } from '../features/usage/store.ts';
import { serve } from './serve.ts';

export const handler = serve(
  { ...statisticsRoutes, ...usageRoutes },
  { ...statisticsHandlers(statisticsStore), ...usageHandlers(usageStore) },
);
