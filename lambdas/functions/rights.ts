import { myRequestHandlers, organisationRequestHandlers } from '../features/requests/handlers.ts';
import { myRequestRoutes, organisationRequestRoutes } from '../features/requests/routes.ts';
import { requestStore } from '../features/requests/store.ts';
import { serve } from './serve.ts';

export const handler = serve(
  { ...myRequestRoutes, ...organisationRequestRoutes },
  { ...myRequestHandlers(requestStore), ...organisationRequestHandlers(requestStore) },
);
