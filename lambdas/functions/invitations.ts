import { invitationHandlers } from '../features/invitations/handlers.ts';
import { invitationRoutes } from '../features/invitations/routes.ts';
import { invitationStore } from '../features/invitations/store.ts';
import { serve } from './serve.ts';

export const handler = serve(invitationRoutes, invitationHandlers(invitationStore));
