import { abuseReportHandlers } from '../features/abuse-reports/handlers.ts';
import { abuseReportRoutes } from '../features/abuse-reports/routes.ts';
import { abuseReportStore } from '../features/abuse-reports/store.ts';
import { announcementHandlers } from '../features/messages/announcement-handlers.ts';
import { announcementRoutes } from '../features/messages/announcement-routes.ts';
import { announcementStore } from '../features/messages/announcement-store.ts';
import { boxHandlers } from '../features/messages/box-handlers.ts';
import { boxRoutes } from '../features/messages/box-routes.ts';
import { boxStore } from '../features/messages/box-store.ts';
import { threadHandlers } from '../features/messages/handlers.ts';
import { threadRoutes } from '../features/messages/routes.ts';
import { messageStore } from '../features/messages/store.ts';
import { serve } from './serve.ts';

export const handler = serve(
  { ...threadRoutes, ...boxRoutes, ...announcementRoutes, ...abuseReportRoutes },
  {
    ...threadHandlers(messageStore),
    ...boxHandlers(boxStore),
    ...announcementHandlers(announcementStore),
    ...abuseReportHandlers(abuseReportStore),
  },
);
