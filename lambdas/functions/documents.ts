import { documentRoutes } from '../features/organisations/agreement-routes.ts';
import { agreementStore } from '../features/organisations/agreement-store.ts';
import { documentHandlers } from '../features/organisations/document-handlers.ts';
import { serve } from './serve.ts';

export const handler = serve(documentRoutes, documentHandlers(agreementStore));
