import { calendarFeedHandlers } from '../features/calendar-feed/handlers.ts';
import { calendarFeedRoutes } from '../features/calendar-feed/routes.ts';
import { calendarFeedStore } from '../features/calendar-feed/store.ts';
import { weekHandlers } from '../features/week/handlers.ts';
import { weekRoutes } from '../features/week/routes.ts';
import { weekStore } from '../features/week/store.ts';
import { env } from '../platform/env.ts';
import { serve } from './serve.ts';

export const handler = serve(
  { ...weekRoutes, ...calendarFeedRoutes },
  { ...weekHandlers(weekStore, env('PUBLIC_URL')), ...calendarFeedHandlers(calendarFeedStore, env('PUBLIC_URL')) },
);
