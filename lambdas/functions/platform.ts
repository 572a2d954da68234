import { platformHandlers } from '../features/platform-staff/handlers.ts';
import { platformRoutes } from '../features/platform-staff/routes.ts';
import { platformStore } from '../features/platform-staff/store.ts';
import { platformRecoveryHandlers } from '../features/recovery/handlers.ts';
import { platformRecoveryRoutes } from '../features/recovery/routes.ts';
import { recoveryStore } from '../features/recovery/store.ts';
import { accessGrantStore } from '../features/roles/access-grants.ts';
import { roleStore } from '../features/roles/store.ts';
import { env } from '../platform/env.ts';
import { cognitoUserPool } from '../platform/user-pool.ts';
import { serve } from './serve.ts';

/** What the operator's own staff do: customers, colleagues, grants. The only API function that makes organisations' keys. */
export const handler = serve(
  { ...platformRoutes, ...platformRecoveryRoutes },
  {
    ...platformHandlers(platformStore, roleStore, accessGrantStore, cognitoUserPool(env('USER_POOL_ID'))),
    ...platformRecoveryHandlers(recoveryStore),
  },
);
