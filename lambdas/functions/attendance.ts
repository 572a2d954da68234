import { attendanceHandlers } from '../features/attendance/handlers.ts';
import { attendanceRoutes } from '../features/attendance/routes.ts';
import { attendanceStore } from '../features/attendance/store.ts';
import { serve } from './serve.ts';

export const handler = serve(attendanceRoutes, attendanceHandlers(attendanceStore));
