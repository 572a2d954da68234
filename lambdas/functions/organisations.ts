import { agreementEndHandlers } from '../features/agreement-end/handlers.ts';
import { agreementEndRoutes } from '../features/agreement-end/routes.ts';
import { agreementEndStore } from '../features/agreement-end/store.ts';
import { agreementHandlers } from '../features/organisations/agreement-handlers.ts';
import { agreementRoutes } from '../features/organisations/agreement-routes.ts';
import { agreementStore } from '../features/organisations/agreement-store.ts';
import { organisationHandlers } from '../features/organisations/handlers.ts';
import { organisationRoutes } from '../features/organisations/routes.ts';
import { organisationStore } from '../features/organisations/store.ts';
import { structureHandlers } from '../features/organisations/structure-handlers.ts';
import { structureRoutes } from '../features/organisations/structure-routes.ts';
import { structureStore } from '../features/organisations/structure-store.ts';
import { recoveryHandlers } from '../features/recovery/handlers.ts';
import { recoveryRoutes } from '../features/recovery/routes.ts';
import { recoveryStore } from '../features/recovery/store.ts';
import { retentionHandlers } from '../features/retention/handlers.ts';
import { retentionRoutes } from '../features/retention/routes.ts';
import { retentionStore } from '../features/retention/store.ts';
import { accessGrantStore } from '../features/roles/access-grants.ts';
import { roleHandlers } from '../features/roles/handlers.ts';
import { roleRoutes } from '../features/roles/routes.ts';
import { roleStore } from '../features/roles/store.ts';
import { serve } from './serve.ts';

/** An organisation's own settings, structure, agreement, terms and roles. */
export const handler = serve(
  {
    ...organisationRoutes,
    ...structureRoutes,
    ...agreementRoutes,
    ...roleRoutes,
    ...recoveryRoutes,
    ...retentionRoutes,
    ...agreementEndRoutes,
  },
  {
    ...organisationHandlers(organisationStore),
    ...structureHandlers(structureStore),
    ...agreementHandlers(agreementStore),
    ...roleHandlers(roleStore, accessGrantStore),
    ...recoveryHandlers(recoveryStore),
    ...retentionHandlers(retentionStore),
    ...agreementEndHandlers(agreementEndStore),
  },
);
