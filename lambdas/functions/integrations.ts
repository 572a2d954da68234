import { serviceClientHandlers } from '../features/service-clients/handlers.ts';
import { serviceClientRoutes } from '../features/service-clients/routes.ts';
import { serviceClientStore } from '../features/service-clients/store.ts';
import { tokenHandlers } from '../features/service-clients/token-handlers.ts';
import { tokenRoutes } from '../features/service-clients/token-routes.ts';
import { webhookHandlers } from '../features/webhooks/handlers.ts';
import { webhookRoutes } from '../features/webhooks/routes.ts';
import { webhookStore } from '../features/webhooks/store.ts';
import { env } from '../platform/env.ts';
import { machineUsers } from '../platform/machine-users.ts';
import { isAllowed } from '../platform/outbound.ts';
import { serve } from './serve.ts';

const users = machineUsers(env('USER_POOL_ID'), env('USER_POOL_INTEGRATIONS_CLIENT_ID'));

export const handler = serve(
  { ...serviceClientRoutes, ...tokenRoutes, ...webhookRoutes },
  {
    ...serviceClientHandlers(serviceClientStore, users),
    ...tokenHandlers(serviceClientStore, users),
    ...webhookHandlers(webhookStore, isAllowed),
  },
);
