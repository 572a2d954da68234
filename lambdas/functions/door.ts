import { confirmEmail } from '../features/accounts/email-change.ts';
import { statementVersions } from '../features/agreements/current-versions.ts';
import { registrationHandlers } from '../features/invitations/handlers.ts';
import { registrationRoutes } from '../features/invitations/routes.ts';
import { invitationStore } from '../features/invitations/store.ts';
import { linkHandlers } from '../features/links/handlers.ts';
import { linkRoutes } from '../features/links/routes.ts';
import { declineNotices } from '../features/notices/preferences.ts';
import { resetTotpEffect } from '../features/recovery/reset-totp.ts';
import { env } from '../platform/env.ts';
import { cognitoUserPool } from '../platform/user-pool.ts';
import { serve } from './serve.ts';

const userPool = cognitoUserPool(env('USER_POOL_ID'));

/** What nobody signs in for: registering, and the links in our letters. */
export const handler = serve(
  { ...registrationRoutes, ...linkRoutes },
  {
    ...registrationHandlers(invitationStore, userPool, (profile) => statementVersions[profile]),
    ...linkHandlers({
      'confirm-email': confirmEmail(userPool),
      'reset-totp': resetTotpEffect(userPool),
      'decline-notices': declineNotices,
    }),
  },
);
