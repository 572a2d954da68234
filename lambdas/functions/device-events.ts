import { deviceEventHandlers } from '../features/device-events/handlers.ts';
import { deviceEventRoutes } from '../features/device-events/routes.ts';
import { deviceEventStore } from '../features/device-events/store.ts';
import { enrolmentHandlers } from '../features/safety-devices/handlers.ts';
import { enrolmentRoutes } from '../features/safety-devices/routes.ts';
import { safetyDeviceStore } from '../features/safety-devices/store.ts';
import { serve } from './serve.ts';

/** What the devices send. */
export const handler = serve(
  { ...enrolmentRoutes, ...deviceEventRoutes },
  { ...enrolmentHandlers(safetyDeviceStore), ...deviceEventHandlers(deviceEventStore) },
);
