import { confirmEmail } from '../features/accounts/email-change.ts';
import { alarmLinkPage } from '../features/alarms/link-page.ts';
import { claimLinkPage } from '../features/claims/handlers.ts';
import { claimStore } from '../features/claims/store.ts';
import { dpoLinkPage, publicDpoHandlers } from '../features/data-protection-officer/handlers.ts';
import { publicDpoRoutes } from '../features/data-protection-officer/routes.ts';
import { confirmDpoMessage, dpoStore } from '../features/data-protection-officer/store.ts';
import { confirmEnquiry } from '../features/enquiries/store.ts';
import { ownFormHandlers, ownFormPage } from '../features/forms/own-handlers.ts';
import { ownFormStore } from '../features/forms/own-store.ts';
import { ownFormRoutes } from '../features/forms/routes.ts';
import { registrationHandlers } from '../features/invitations/handlers.ts';
import { registrationRoutes } from '../features/invitations/routes.ts';
import { invitationStore } from '../features/invitations/store.ts';
import { invoiceLinkPage, linkedInvoiceHandlers } from '../features/invoices/link-page.ts';
import { linkedInvoiceRoutes } from '../features/invoices/linked-routes.ts';
import { linkHandlers } from '../features/links/handlers.ts';
import { linkRoutes } from '../features/links/routes.ts';
import { linkedPreferenceHandlers, preferencesLinkPage } from '../features/notice-preferences/handlers.ts';
import { linkedPreferenceRoutes } from '../features/notice-preferences/routes.ts';
import { preferenceStore } from '../features/notice-preferences/store.ts';
import { declineNotices } from '../features/notices/preferences.ts';
import { confirmSignUp } from '../features/open-events/store.ts';
import { resetTotpEffect } from '../features/recovery/reset-totp.ts';
import { inspectionHandlers, inspectionPage } from '../features/sites/inspection.ts';
import { inspectionRoutes } from '../features/sites/routes.ts';
import { inspectionStore } from '../features/sites/store.ts';
import { statementLinkPage } from '../features/statements/link-page.ts';
import { statementVersionOf } from '../features/statements/published.ts';
import { confirmSubscription, unsubscribe } from '../features/subscriptions/subscribing.ts';
import { answerSurveyPage, surveyAnswerHandlers, surveyResultsPage } from '../features/surveys/answer-handlers.ts';
import { surveyAnswerRoutes } from '../features/surveys/answer-routes.ts';
import { surveyAnswerStore } from '../features/surveys/answer-store.ts';
import { confirmTicket, endOutsidersTicket } from '../features/tickets/outsiders.ts';
import { ticketLinkPage, ticketPageHandlers } from '../features/tickets/page-handlers.ts';
import { ticketPageRoutes } from '../features/tickets/page-routes.ts';
import { ticketStore } from '../features/tickets/store.ts';
import { env } from '../platform/env.ts';
import { cognitoUserPool } from '../platform/user-pool.ts';
import { serve } from './serve.ts';

const userPool = cognitoUserPool(env('USER_POOL_ID'));

/** What nobody signs in for: registering, and the links in our letters. */
export const handler = serve(
  {
    ...registrationRoutes,
    ...linkRoutes,
    ...linkedPreferenceRoutes,
    ...surveyAnswerRoutes,
    ...ownFormRoutes,
    ...publicDpoRoutes,
    ...linkedInvoiceRoutes,
    ...inspectionRoutes,
    ...ticketPageRoutes,
  },
  {
    ...registrationHandlers(invitationStore, userPool, statementVersionOf),
    ...linkHandlers(
      {
        'confirm-email': confirmEmail(userPool),
        'reset-totp': resetTotpEffect(userPool),
        'decline-notices': declineNotices,
        'confirm-dpo-message': confirmDpoMessage,
        'confirm-subscription': confirmSubscription,
        'confirm-enquiry': confirmEnquiry,
        'confirm-sign-up': confirmSignUp,
        'confirm-ticket': confirmTicket,
        unsubscribe,
      },
      {
        'acknowledge-alarm': alarmLinkPage,
        'claim-answer': claimLinkPage(claimStore),
        'read-dpo-thread': dpoLinkPage(dpoStore),
        'notice-preferences': preferencesLinkPage(preferenceStore),
        'own-form': ownFormPage(ownFormStore),
        'answer-ticket': ticketLinkPage(ticketStore),
        'answer-survey': answerSurveyPage(surveyAnswerStore),
        'read-survey-results': surveyResultsPage(surveyAnswerStore),
        'read-invoice': invoiceLinkPage,
        'read-statement': statementLinkPage,
        'inspect-site': inspectionPage(inspectionStore),
      },
    ),
    ...linkedPreferenceHandlers(preferenceStore),
    ...surveyAnswerHandlers(surveyAnswerStore),
    ...ownFormHandlers(ownFormStore),
    ...publicDpoHandlers(dpoStore),
    ...linkedInvoiceHandlers,
    ...inspectionHandlers(inspectionStore),
    ...ticketPageHandlers(ticketStore, (stored, call) => endOutsidersTicket(stored, 'unsubscribed', call)),
  },
);
