import { safetyDeviceHandlers } from '../features/safety-devices/handlers.ts';
import { safetyDeviceRoutes } from '../features/safety-devices/routes.ts';
import { safetyDeviceStore } from '../features/safety-devices/store.ts';
import { serve } from './serve.ts';

/** Safety devices, receivers, geofences, and where people are. */
export const handler = serve({ ...safetyDeviceRoutes }, { ...safetyDeviceHandlers(safetyDeviceStore) });
