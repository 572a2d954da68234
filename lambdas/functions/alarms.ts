import { alarmHandlers } from '../features/alarms/handlers.ts';
import { alarmRoutes } from '../features/alarms/routes.ts';
import { alarmStore } from '../features/alarms/store.ts';
import { serve } from './serve.ts';

export const handler = serve(alarmRoutes, alarmHandlers(alarmStore));
