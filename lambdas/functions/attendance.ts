import { attendanceHandlers } from '../features/attendance/handlers.ts';
import { attendanceRoutes } from '../features/attendance/routes.ts';
import { attendanceStore } from '../features/attendance/store.ts';
import { custodyHandlers } from '../features/custody/handlers.ts';
import { custodyRoutes } from '../features/custody/routes.ts';
import { custodyStore } from '../features/custody/store.ts';
import { capacityHandlers } from '../features/reservations/capacity-handlers.ts';
import { capacityRoutes } from '../features/reservations/capacity-routes.ts';
import { capacityStore } from '../features/reservations/capacity-store.ts';
import { reservationHandlers } from '../features/reservations/handlers.ts';
import { openingHandlers } from '../features/reservations/opening-handlers.ts';
import { openingRoutes } from '../features/reservations/opening-routes.ts';
import { openingStore } from '../features/reservations/opening-store.ts';
import { reservationRoutes } from '../features/reservations/routes.ts';
import { reservationStore } from '../features/reservations/store.ts';
import { serve } from './serve.ts';

export const handler = serve(
  { ...attendanceRoutes, ...reservationRoutes, ...openingRoutes, ...capacityRoutes, ...custodyRoutes },
  {
    ...attendanceHandlers(attendanceStore),
    ...reservationHandlers(reservationStore),
    ...openingHandlers(openingStore),
    ...capacityHandlers(capacityStore),
    ...custodyHandlers(custodyStore),
  },
);
