import { staffClaimHandlers } from '../features/claims/staff-handlers.ts';
import { staffClaimRoutes } from '../features/claims/staff-routes.ts';
import { staffClaimStore } from '../features/claims/staff-store.ts';
import { myConsentHandlers } from '../features/consents/handlers.ts';
import { purposeHandlers } from '../features/consents/purpose-handlers.ts';
import { purposeRoutes } from '../features/consents/purpose-routes.ts';
import { purposeStore } from '../features/consents/purpose-store.ts';
import { myConsentRoutes } from '../features/consents/routes.ts';
import { myConsentStore } from '../features/consents/store.ts';
import { officerHandlers } from '../features/data-protection-officer/handlers.ts';
import { officerRoutes } from '../features/data-protection-officer/routes.ts';
import { dpoStore } from '../features/data-protection-officer/store.ts';
import { organisationRequestHandlers, platformRequestHandlers } from '../features/requests/decision-handlers.ts';
import { myRequestHandlers } from '../features/requests/handlers.ts';
import { myRequestRoutes, organisationRequestRoutes, platformRequestRoutes } from '../features/requests/routes.ts';
import { requestStore } from '../features/requests/store.ts';
import { acknowledgementHandlers } from '../features/statements/acknowledgement-handlers.ts';
import { acknowledgementStore } from '../features/statements/acknowledgement-store.ts';
import { acknowledgementRoutes } from '../features/statements/routes.ts';
import { env } from '../platform/env.ts';
import { serve } from './serve.ts';

export const handler = serve(
  {
    ...myConsentRoutes,
    ...purposeRoutes,
    ...acknowledgementRoutes,
    ...myRequestRoutes,
    ...organisationRequestRoutes,
    ...staffClaimRoutes,
    ...officerRoutes,
    ...platformRequestRoutes,
  },
  {
    ...myConsentHandlers(myConsentStore, env('PUBLIC_URL')),
    ...purposeHandlers(purposeStore),
    ...acknowledgementHandlers(acknowledgementStore),
    ...myRequestHandlers(requestStore),
    ...organisationRequestHandlers(requestStore),
    ...staffClaimHandlers(staffClaimStore),
    ...officerHandlers(dpoStore),
    ...platformRequestHandlers(requestStore),
  },
);
