import { calendarHandlers } from '../features/calendar/handlers.ts';
import { calendarRoutes } from '../features/calendar/routes.ts';
import { calendarStore } from '../features/calendar/store.ts';
import { calendarImportHandlers } from '../features/calendar-import/handlers.ts';
import { calendarImportRoutes } from '../features/calendar-import/routes.ts';
import { calendarImportStore } from '../features/calendar-import/store.ts';
import { slotHandlers } from '../features/slots/handlers.ts';
import { slotRoutes } from '../features/slots/routes.ts';
import { slotStore } from '../features/slots/store.ts';
import { serve } from './serve.ts';

export const handler = serve(
  { ...calendarRoutes, ...slotRoutes, ...calendarImportRoutes },
  { ...calendarHandlers(calendarStore), ...slotHandlers(slotStore), ...calendarImportHandlers(calendarImportStore) },
);
