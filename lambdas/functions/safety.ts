import { geofenceHandlers } from '../features/geofences/handlers.ts';
import { geofenceRoutes } from '../features/geofences/routes.ts';
import { geofenceStore } from '../features/geofences/store.ts';
import { positionHandlers } from '../features/positions/handlers.ts';
import { positionRoutes } from '../features/positions/routes.ts';
import { positionStore } from '../features/positions/store.ts';
import { receiverHandlers } from '../features/receivers/handlers.ts';
import { receiverRoutes } from '../features/receivers/routes.ts';
import { receiverStore } from '../features/receivers/store.ts';
import { safetyDeviceHandlers } from '../features/safety-devices/handlers.ts';
import { safetyDeviceRoutes } from '../features/safety-devices/routes.ts';
import { safetyDeviceStore } from '../features/safety-devices/store.ts';
import { serve } from './serve.ts';

/** Safety devices, receivers, geofences, and where people are. */
export const handler = serve(
  { ...safetyDeviceRoutes, ...receiverRoutes, ...geofenceRoutes, ...positionRoutes },
  {
    ...safetyDeviceHandlers(safetyDeviceStore),
    ...receiverHandlers(receiverStore),
    ...geofenceHandlers(geofenceStore),
    ...positionHandlers(positionStore),
  },
);
