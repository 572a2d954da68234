import { documentRoutes } from '../features/organisations/agreement-routes.ts';
import { agreementStore } from '../features/organisations/agreement-store.ts';
import { documentHandlers } from '../features/organisations/document-handlers.ts';
import { statementHandlers, statementPublicationHandlers } from '../features/statements/handlers.ts';
import { statementPublicationRoutes, statementRoutes } from '../features/statements/routes.ts';
import { statementStore } from '../features/statements/store.ts';
import { serve } from './serve.ts';

export const handler = serve(
  { ...documentRoutes, ...statementRoutes, ...statementPublicationRoutes },
  {
    ...documentHandlers(agreementStore),
    ...statementHandlers(statementStore),
    ...statementPublicationHandlers(statementStore),
  },
);
