import { accountHandlers } from '../features/accounts/handlers.ts';
import { accountRoutes } from '../features/accounts/routes.ts';
import { accountStore } from '../features/accounts/store.ts';
import { confidentialityUndertaking } from '../features/agreements/undertaking.ts';
import { myDpoHandlers } from '../features/data-protection-officer/handlers.ts';
import { myDpoRoutes } from '../features/data-protection-officer/routes.ts';
import { dpoStore } from '../features/data-protection-officer/store.ts';
import { acceptanceHandlers } from '../features/invitations/handlers.ts';
import { acceptanceRoutes } from '../features/invitations/routes.ts';
import { invitationStore } from '../features/invitations/store.ts';
import { statementVersionOf } from '../features/statements/published.ts';
import { env } from '../platform/env.ts';
import { cognitoUserPool } from '../platform/user-pool.ts';
import { serve } from './serve.ts';

export const handler = serve(
  { ...accountRoutes, ...acceptanceRoutes, ...myDpoRoutes },
  {
    ...accountHandlers(accountStore, cognitoUserPool(env('USER_POOL_ID')), confidentialityUndertaking),
    ...acceptanceHandlers(invitationStore, statementVersionOf),
    ...myDpoHandlers(dpoStore),
  },
);
