import { enrolmentHandlers } from '../features/safety-devices/handlers.ts';
import { enrolmentRoutes } from '../features/safety-devices/routes.ts';
import { safetyDeviceStore } from '../features/safety-devices/store.ts';
import { serve } from './serve.ts';

/** What the devices send. */
export const handler = serve({ ...enrolmentRoutes }, { ...enrolmentHandlers(safetyDeviceStore) });
