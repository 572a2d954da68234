import { confirmEmail } from '../features/accounts/email-change.ts';
import { claimLinkPage } from '../features/claims/handlers.ts';
import { claimStore } from '../features/claims/store.ts';
import { dpoLinkPage, publicDpoHandlers } from '../features/data-protection-officer/handlers.ts';
import { publicDpoRoutes } from '../features/data-protection-officer/routes.ts';
import { confirmDpoMessage, dpoStore } from '../features/data-protection-officer/store.ts';
import { registrationHandlers } from '../features/invitations/handlers.ts';
import { registrationRoutes } from '../features/invitations/routes.ts';
import { invitationStore } from '../features/invitations/store.ts';
import { linkHandlers } from '../features/links/handlers.ts';
import { linkRoutes } from '../features/links/routes.ts';
import { linkedPreferenceHandlers, preferencesLinkPage } from '../features/notice-preferences/handlers.ts';
import { linkedPreferenceRoutes } from '../features/notice-preferences/routes.ts';
import { preferenceStore } from '../features/notice-preferences/store.ts';
import { declineNotices } from '../features/notices/preferences.ts';
import { resetTotpEffect } from '../features/recovery/reset-totp.ts';
import { statementVersionOf } from '../features/statements/published.ts';
import { env } from '../platform/env.ts';
import { cognitoUserPool } from '../platform/user-pool.ts';
import { serve } from './serve.ts';

const userPool = cognitoUserPool(env('USER_POOL_ID'));

/** What nobody signs in for: registering, and the links in our letters. */
export const handler = serve(
  { ...registrationRoutes, ...linkRoutes, ...linkedPreferenceRoutes, ...publicDpoRoutes },
  {
    ...registrationHandlers(invitationStore, userPool, statementVersionOf),
    ...linkHandlers(
      {
        'confirm-email': confirmEmail(userPool),
        'reset-totp': resetTotpEffect(userPool),
        'decline-notices': declineNotices,
        'confirm-dpo-message': confirmDpoMessage,
      },
      {
        'claim-answer': claimLinkPage(claimStore),
        'read-dpo-thread': dpoLinkPage(dpoStore),
        'notice-preferences': preferencesLinkPage(preferenceStore),
      },
    ),
    ...linkedPreferenceHandlers(preferenceStore),
    ...publicDpoHandlers(dpoStore),
  },
);
