import { publicFormHandlers } from '../features/forms/handlers.ts';
import { publicFormRoutes } from '../features/forms/routes.ts';
import { formStore } from '../features/forms/store.ts';
import { siteGateHandlers } from '../features/sites/gate-handlers.ts';
import { siteGateRoutes } from '../features/sites/routes.ts';
import { siteStore } from '../features/sites/store.ts';
import { serve } from './serve.ts';

/** Pages and forms that an organisation has opened to anybody. */
export const handler = serve(
  { ...publicFormRoutes, ...siteGateRoutes },
  { ...publicFormHandlers(formStore), ...siteGateHandlers(siteStore) },
);
