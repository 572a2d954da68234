import { qualificationHandlers } from '../features/qualifications/handlers.ts';
import { qualificationRoutes } from '../features/qualifications/routes.ts';
import { qualificationStore } from '../features/qualifications/store.ts';
import { siteHandlers } from '../features/sites/handlers.ts';
import { siteRoutes } from '../features/sites/routes.ts';
import { siteStore } from '../features/sites/store.ts';
import { timeClockHandlers } from '../features/time-clock/handlers.ts';
import { timeClockRoutes } from '../features/time-clock/routes.ts';
import { timeClockStore } from '../features/time-clock/store.ts';
import { timesheetHandlers } from '../features/timesheets/handlers.ts';
import { timesheetRoutes } from '../features/timesheets/routes.ts';
import { timesheetStore } from '../features/timesheets/store.ts';
import { workingTimeHandlers } from '../features/working-time/handlers.ts';
import { workingTimeRoutes } from '../features/working-time/routes.ts';
import { workingTimeStore } from '../features/working-time/store.ts';
import { env } from '../platform/env.ts';
import { serve } from './serve.ts';

/** Hours, time sheets, qualifications, sites. */
export const handler = serve(
  { ...timeClockRoutes, ...timesheetRoutes, ...workingTimeRoutes, ...qualificationRoutes, ...siteRoutes },
  {
    ...timeClockHandlers(timeClockStore),
    ...timesheetHandlers(timesheetStore),
    ...workingTimeHandlers(workingTimeStore),
    ...qualificationHandlers(qualificationStore),
    ...siteHandlers(siteStore, env('PUBLIC_URL')),
  },
);
