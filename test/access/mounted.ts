import { generateKeyPairSync } from 'node:crypto';
import { abuseReportHandlers } from '../../lambdas/features/abuse-reports/handlers.ts';
import { abuseReportRoutes } from '../../lambdas/features/abuse-reports/routes.ts';
import { abuseReportStore } from '../../lambdas/features/abuse-reports/store.ts';
import { activityExportHandlers } from '../../lambdas/features/activity/export-handlers.ts';
import { activityExportRoutes } from '../../lambdas/features/activity/export-routes.ts';
import { activityExportStore } from '../../lambdas/features/activity/export-store.ts';
import { activityHandlers } from '../../lambdas/features/activity/handlers.ts';
import { activityRoutes } from '../../lambdas/features/activity/routes.ts';
import { activityStore } from '../../lambdas/features/activity/store.ts';
import { organisationExportHandlers } from '../../lambdas/features/agreement-end/export-handlers.ts';
import { organisationExportRoutes } from '../../lambdas/features/agreement-end/export-routes.ts';
import { organisationExportStore } from '../../lambdas/features/agreement-end/export-store.ts';
import { agreementEndHandlers } from '../../lambdas/features/agreement-end/handlers.ts';
import { agreementEndRoutes } from '../../lambdas/features/agreement-end/routes.ts';
import { agreementEndStore } from '../../lambdas/features/agreement-end/store.ts';
import { alarmHandlers } from '../../lambdas/features/alarms/handlers.ts';
import { alarmRoutes } from '../../lambdas/features/alarms/routes.ts';
import { alarmStore } from '../../lambdas/features/alarms/store.ts';
import { attendanceHandlers } from '../../lambdas/features/attendance/handlers.ts';
import { attendanceRoutes } from '../../lambdas/features/attendance/routes.ts';
import { attendanceStore } from '../../lambdas/features/attendance/store.ts';
import { backupHandlers } from '../../lambdas/features/backups/handlers.ts';
import { backupRoutes } from '../../lambdas/features/backups/routes.ts';
import { backupsStore } from '../../lambdas/features/backups/store.ts';
import { billingPlanHandlers } from '../../lambdas/features/billing/plan-handlers.ts';
import { billingPlanRoutes } from '../../lambdas/features/billing/plan-routes.ts';
import { billingPlanStore } from '../../lambdas/features/billing/plan-store.ts';
import { calendarHandlers } from '../../lambdas/features/calendar/handlers.ts';
import { calendarRoutes } from '../../lambdas/features/calendar/routes.ts';
import { calendarStore } from '../../lambdas/features/calendar/store.ts';
import { calendarImportHandlers } from '../../lambdas/features/calendar-import/handlers.ts';
import { calendarImportRoutes } from '../../lambdas/features/calendar-import/routes.ts';
import { calendarImportStore } from '../../lambdas/features/calendar-import/store.ts';
import { changeHandlers } from '../../lambdas/features/changes/handlers.ts';
import { changeRoutes } from '../../lambdas/features/changes/routes.ts';
import { changeStore } from '../../lambdas/features/changes/store.ts';
import { chatHandlers } from '../../lambdas/features/chats/handlers.ts';
import { chatRoutes } from '../../lambdas/features/chats/routes.ts';
import { chatStore } from '../../lambdas/features/chats/store.ts';
import { childLogHandlers } from '../../lambdas/features/child-log/handlers.ts';
import { childLogRoutes } from '../../lambdas/features/child-log/routes.ts';
import { childLogStore } from '../../lambdas/features/child-log/store.ts';
import { staffClaimHandlers } from '../../lambdas/features/claims/staff-handlers.ts';
import { staffClaimRoutes } from '../../lambdas/features/claims/staff-routes.ts';
import { staffClaimStore } from '../../lambdas/features/claims/staff-store.ts';
import { purposeHandlers } from '../../lambdas/features/consents/purpose-handlers.ts';
import { purposeRoutes } from '../../lambdas/features/consents/purpose-routes.ts';
import { purposeStore } from '../../lambdas/features/consents/purpose-store.ts';
import { correctionHandlers } from '../../lambdas/features/corrections/handlers.ts';
import { correctionRoutes } from '../../lambdas/features/corrections/routes.ts';
import { correctionStore } from '../../lambdas/features/corrections/store.ts';
import { custodyHandlers } from '../../lambdas/features/custody/handlers.ts';
import { custodyRoutes } from '../../lambdas/features/custody/routes.ts';
import { custodyStore } from '../../lambdas/features/custody/store.ts';
import { customerHandlers } from '../../lambdas/features/customers/handlers.ts';
import { customerRoutes } from '../../lambdas/features/customers/routes.ts';
import { customerStore } from '../../lambdas/features/customers/store.ts';
import { deliveryHandlers } from '../../lambdas/features/deliveries/handlers.ts';
import { deliveryRoutes } from '../../lambdas/features/deliveries/routes.ts';
import { deliveryStore } from '../../lambdas/features/deliveries/store.ts';
import { distributionHandlers } from '../../lambdas/features/distribution/handlers.ts';
import { distributionRoutes } from '../../lambdas/features/distribution/routes.ts';
import { distributionStore } from '../../lambdas/features/distribution/store.ts';
import { sharedDocumentHandlers } from '../../lambdas/features/documents/handlers.ts';
import { documentHome } from '../../lambdas/features/documents/home-store.ts';
import { sharedDocumentRoutes } from '../../lambdas/features/documents/routes.ts';
import { documentStore } from '../../lambdas/features/documents/store.ts';
import { enquiryHandlers } from '../../lambdas/features/enquiries/handlers.ts';
import { enquiryRoutes } from '../../lambdas/features/enquiries/routes.ts';
import { enquiryStore } from '../../lambdas/features/enquiries/store.ts';
import { exportHandlers } from '../../lambdas/features/exports/handlers.ts';
import { exportRoutes } from '../../lambdas/features/exports/routes.ts';
import { exportStore } from '../../lambdas/features/exports/store.ts';
import { fileHandlers } from '../../lambdas/features/files/handlers.ts';
import { fileRoutes } from '../../lambdas/features/files/routes.ts';
import { fileStore } from '../../lambdas/features/files/store.ts';
import { formSettingHandlers } from '../../lambdas/features/forms/handlers.ts';
import { formSettingRoutes } from '../../lambdas/features/forms/routes.ts';
import { formStore } from '../../lambdas/features/forms/store.ts';
import { geofenceHandlers } from '../../lambdas/features/geofences/handlers.ts';
import { geofenceRoutes } from '../../lambdas/features/geofences/routes.ts';
import { geofenceStore } from '../../lambdas/features/geofences/store.ts';
import { importHandlers } from '../../lambdas/features/imports/handlers.ts';
import { importRoutes } from '../../lambdas/features/imports/routes.ts';
import { importStore } from '../../lambdas/features/imports/store.ts';
import { invitationHandlers } from '../../lambdas/features/invitations/handlers.ts';
import { invitationRoutes } from '../../lambdas/features/invitations/routes.ts';
import { invitationStore } from '../../lambdas/features/invitations/store.ts';
import { invoiceHandlers } from '../../lambdas/features/invoices/handlers.ts';
import { invoiceRoutes, operatorInvoiceRoutes, receivedInvoiceRoutes } from '../../lambdas/features/invoices/routes.ts';
import { invoiceStore } from '../../lambdas/features/invoices/store.ts';
import { announcementHandlers } from '../../lambdas/features/messages/announcement-handlers.ts';
import { announcementRoutes } from '../../lambdas/features/messages/announcement-routes.ts';
import { announcementStore } from '../../lambdas/features/messages/announcement-store.ts';
import { boxHandlers } from '../../lambdas/features/messages/box-handlers.ts';
import { boxRoutes } from '../../lambdas/features/messages/box-routes.ts';
import { boxStore } from '../../lambdas/features/messages/box-store.ts';
import { messageFileHome } from '../../lambdas/features/messages/file-home-store.ts';
import { threadHandlers } from '../../lambdas/features/messages/handlers.ts';
import { threadRoutes } from '../../lambdas/features/messages/routes.ts';
import { messageStore } from '../../lambdas/features/messages/store.ts';
import { noticePreferenceHandlers } from '../../lambdas/features/notice-preferences/handlers.ts';
import { noticePreferenceRoutes } from '../../lambdas/features/notice-preferences/routes.ts';
import { preferenceStore } from '../../lambdas/features/notice-preferences/store.ts';
import { openEventHandlers } from '../../lambdas/features/open-events/handlers.ts';
import { openEventRoutes } from '../../lambdas/features/open-events/routes.ts';
import { openEventStore } from '../../lambdas/features/open-events/store.ts';
import { agreementHandlers } from '../../lambdas/features/organisations/agreement-handlers.ts';
import { agreementRoutes, documentRoutes } from '../../lambdas/features/organisations/agreement-routes.ts';
import { agreementStore } from '../../lambdas/features/organisations/agreement-store.ts';
import { documentHandlers } from '../../lambdas/features/organisations/document-handlers.ts';
import { organisationHandlers } from '../../lambdas/features/organisations/handlers.ts';
import { organisationRoutes } from '../../lambdas/features/organisations/routes.ts';
import { organisationStore } from '../../lambdas/features/organisations/store.ts';
import { structureHandlers } from '../../lambdas/features/organisations/structure-handlers.ts';
import { structureRoutes } from '../../lambdas/features/organisations/structure-routes.ts';
import { structureStore } from '../../lambdas/features/organisations/structure-store.ts';
import { personHandlers } from '../../lambdas/features/people/handlers.ts';
import { personRoutes } from '../../lambdas/features/people/routes.ts';
import { personStore } from '../../lambdas/features/people/store.ts';
import { photoHandlers } from '../../lambdas/features/photos/handlers.ts';
import { photoHome } from '../../lambdas/features/photos/home.ts';
import { photoRoutes } from '../../lambdas/features/photos/routes.ts';
import { photoStore } from '../../lambdas/features/photos/store.ts';
import { pictureHandlers } from '../../lambdas/features/pictures/handlers.ts';
import { pictureRoutes } from '../../lambdas/features/pictures/routes.ts';
import { pictureStore } from '../../lambdas/features/pictures/store.ts';
import { positionHandlers } from '../../lambdas/features/positions/handlers.ts';
import { positionRoutes } from '../../lambdas/features/positions/routes.ts';
import { positionStore } from '../../lambdas/features/positions/store.ts';
import { priceListHandlers } from '../../lambdas/features/price-lists/handlers.ts';
import { operatorPriceListRoutes, priceListRoutes } from '../../lambdas/features/price-lists/routes.ts';
import { priceListStore } from '../../lambdas/features/price-lists/store.ts';
import { qualificationHandlers } from '../../lambdas/features/qualifications/handlers.ts';
import { qualificationRoutes } from '../../lambdas/features/qualifications/routes.ts';
import { qualificationStore } from '../../lambdas/features/qualifications/store.ts';
import { receiverHandlers } from '../../lambdas/features/receivers/handlers.ts';
import { receiverRoutes } from '../../lambdas/features/receivers/routes.ts';
import { receiverStore } from '../../lambdas/features/receivers/store.ts';
import { recoveryHandlers } from '../../lambdas/features/recovery/handlers.ts';
import { recoveryRoutes } from '../../lambdas/features/recovery/routes.ts';
import { recoveryStore } from '../../lambdas/features/recovery/store.ts';
import { breachHandlers } from '../../lambdas/features/registers/breach-handlers.ts';
import { breachRoutes } from '../../lambdas/features/registers/breach-routes.ts';
import { breachStore } from '../../lambdas/features/registers/breach-store.ts';
import { disclosureHandlers } from '../../lambdas/features/registers/disclosure-handlers.ts';
import { disclosureRoutes } from '../../lambdas/features/registers/disclosure-routes.ts';
import { disclosureStore } from '../../lambdas/features/registers/disclosure-store.ts';
import { overviewHandlers } from '../../lambdas/features/registers/overview-handlers.ts';
import { overviewRoutes } from '../../lambdas/features/registers/overview-routes.ts';
import { overviewStore } from '../../lambdas/features/registers/overview-store.ts';
import { subProcessorHandlers } from '../../lambdas/features/registers/sub-processor-handlers.ts';
import { subProcessors } from '../../lambdas/features/registers/sub-processor-list.ts';
import { subProcessorRoutes } from '../../lambdas/features/registers/sub-processor-routes.ts';
import { subProcessorStore } from '../../lambdas/features/registers/sub-processor-store.ts';
import { organisationRequestHandlers } from '../../lambdas/features/requests/decision-handlers.ts';
import { organisationRequestRoutes } from '../../lambdas/features/requests/routes.ts';
import { requestStore } from '../../lambdas/features/requests/store.ts';
import { capacityHandlers } from '../../lambdas/features/reservations/capacity-handlers.ts';
import { capacityRoutes } from '../../lambdas/features/reservations/capacity-routes.ts';
import { capacityStore } from '../../lambdas/features/reservations/capacity-store.ts';
import { reservationHandlers } from '../../lambdas/features/reservations/handlers.ts';
import { openingHandlers } from '../../lambdas/features/reservations/opening-handlers.ts';
import { openingRoutes } from '../../lambdas/features/reservations/opening-routes.ts';
import { openingStore } from '../../lambdas/features/reservations/opening-store.ts';
import { reservationRoutes } from '../../lambdas/features/reservations/routes.ts';
import { reservationStore } from '../../lambdas/features/reservations/store.ts';
import { retentionHandlers } from '../../lambdas/features/retention/handlers.ts';
import { retentionRoutes } from '../../lambdas/features/retention/routes.ts';
import { retentionStore } from '../../lambdas/features/retention/store.ts';
import { accessGrantStore } from '../../lambdas/features/roles/access-grants.ts';
import { roleHandlers } from '../../lambdas/features/roles/handlers.ts';
import { roleRoutes } from '../../lambdas/features/roles/routes.ts';
import { roleStore } from '../../lambdas/features/roles/store.ts';
import { safetyDeviceHandlers } from '../../lambdas/features/safety-devices/handlers.ts';
import { safetyDeviceRoutes } from '../../lambdas/features/safety-devices/routes.ts';
import { safetyDeviceStore } from '../../lambdas/features/safety-devices/store.ts';
import { serviceClientHandlers } from '../../lambdas/features/service-clients/handlers.ts';
import { serviceClientRoutes } from '../../lambdas/features/service-clients/routes.ts';
import { serviceClientStore } from '../../lambdas/features/service-clients/store.ts';
import { siteHandlers } from '../../lambdas/features/sites/handlers.ts';
import { siteRoutes } from '../../lambdas/features/sites/routes.ts';
import { siteStore } from '../../lambdas/features/sites/store.ts';
import { slotHandlers } from '../../lambdas/features/slots/handlers.ts';
import { slotRoutes } from '../../lambdas/features/slots/routes.ts';
import { slotStore } from '../../lambdas/features/slots/store.ts';
import { statementPublicationHandlers } from '../../lambdas/features/statements/handlers.ts';
import { statementPublicationRoutes } from '../../lambdas/features/statements/routes.ts';
import { statementStore } from '../../lambdas/features/statements/store.ts';
import { statisticsHandlers } from '../../lambdas/features/statistics/handlers.ts';
import { statisticsRoutes } from '../../lambdas/features/statistics/routes.ts';
import { statisticsStore } from '../../lambdas/features/statistics/store.ts';
import { subscriberHandlers } from '../../lambdas/features/subscriptions/handlers.ts';
import { subscriberRoutes } from '../../lambdas/features/subscriptions/routes.ts';
import { subscriberStore } from '../../lambdas/features/subscriptions/store.ts';
import { surveyHandlers } from '../../lambdas/features/surveys/handlers.ts';
import { surveyRoutes } from '../../lambdas/features/surveys/routes.ts';
import { surveyStore } from '../../lambdas/features/surveys/store.ts';
import { ownTicketHandlers, ticketHandlers } from '../../lambdas/features/tickets/handlers.ts';
import { ownTicketRoutes, ticketRoutes } from '../../lambdas/features/tickets/routes.ts';
import { ticketStore } from '../../lambdas/features/tickets/store.ts';
import { timeClockHandlers } from '../../lambdas/features/time-clock/handlers.ts';
import { timeClockRoutes } from '../../lambdas/features/time-clock/routes.ts';
import { timeClockStore } from '../../lambdas/features/time-clock/store.ts';
import { timesheetHandlers } from '../../lambdas/features/timesheets/handlers.ts';
import { timesheetRoutes } from '../../lambdas/features/timesheets/routes.ts';
import { timesheetStore } from '../../lambdas/features/timesheets/store.ts';
import { transparencyLog } from '../../lambdas/features/transparency/log.ts';
import { usageHandlers } from '../../lambdas/features/usage/handlers.ts';
import { usageRoutes } from '../../lambdas/features/usage/routes.ts';
import { usageStore } from '../../lambdas/features/usage/store.ts';
import { viewHandlers } from '../../lambdas/features/views/handlers.ts';
import { viewRoutes } from '../../lambdas/features/views/routes.ts';
import { viewStore } from '../../lambdas/features/views/store.ts';
import { webhookHandlers } from '../../lambdas/features/webhooks/handlers.ts';
import { webhookRoutes } from '../../lambdas/features/webhooks/routes.ts';
import { webhookStore } from '../../lambdas/features/webhooks/store.ts';
import { workingTimeHandlers } from '../../lambdas/features/working-time/handlers.ts';
import { workingTimeRoutes } from '../../lambdas/features/working-time/routes.ts';
import { workingTimeStore } from '../../lambdas/features/working-time/store.ts';
import type { Call } from '../../lambdas/http/call.ts';
import type { HandlersFor, Routes } from '../../lambdas/http/route.ts';
import { newContentKey } from '../../lambdas/platform/file-sealing.ts';
import { logTable } from '../../lambdas/platform/log-table.ts';
import { aService } from '../support/service.ts';
import type { TestStore } from '../support/store.ts';

/** S3 and KMS as far as access is concerned: nothing lies there, and everything is taken. */
const emptyBucket = {
  put: async () => {},
  putOnce: async () => 'put' as const,
  get: async () => undefined,
  remove: async () => {},
  list: async () => [],
  linkTo: async () => ({ url: 'https://files.vern.test/x', expiresAt: '2026-11-23T07:01:00.000Z' }),
};
/** Cognito as far as programs go. */
const noMachines = { create: async () => crypto.randomUUID(), remove: async () => {} };
const uploads = {
  uploadForm: async () => ({ url: 'https://files.vern.test/', fields: {} }),
  read: async () => undefined,
  remove: async () => {},
};
const vault = {
  newKey: newContentKey,
  keep: async () => 'kept' as const,
  read: async () => Buffer.from('a file'),
  remove: async () => {},
};
const spki = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .publicKey.export({ type: 'spki', format: 'der' })
  .toString('base64');
const files = { sealed: emptyBucket, downloads: emptyBucket };
const signer = { publicKey: async () => ({ keyId: 'signing-key', spki }) };

/** Each feature's routes with the handlers that the deployed function gives them. */
export function mountedOn(store: TestStore): ReadonlyMap<string, Mounted> {
  const mounted = new Map<string, Mounted>();
  function mount<R extends Routes>(routes: R, handlers: HandlersFor<R, Call>) {
    const { send } = aService(store, routes, handlers);
    for (const id of Object.keys(routes)) mounted.set(id, send);
  }
  const log = transparencyLog(logTable(store), emptyBucket);
  mount(personRoutes, personHandlers(personStore));
  mount(pictureRoutes, pictureHandlers(pictureStore));
  mount(attendanceRoutes, attendanceHandlers(attendanceStore));
  mount(alarmRoutes, alarmHandlers(alarmStore));
  mount(custodyRoutes, custodyHandlers(custodyStore));
  mount(reservationRoutes, reservationHandlers(reservationStore));
  mount(openingRoutes, openingHandlers(openingStore));
  mount(capacityRoutes, capacityHandlers(capacityStore));
  mount(childLogRoutes, childLogHandlers(childLogStore));
  const homes = [messageFileHome, documentHome, photoHome];
  mount(fileRoutes, fileHandlers(fileStore, { uploads, vault, downloads: emptyBucket }, homes));
  mount(sharedDocumentRoutes, sharedDocumentHandlers(documentStore));
  mount(photoRoutes, photoHandlers(photoStore));
  mount(threadRoutes, threadHandlers(messageStore));
  mount(abuseReportRoutes, abuseReportHandlers(abuseReportStore));
  mount(statisticsRoutes, statisticsHandlers(statisticsStore));
  mount(usageRoutes, usageHandlers(usageStore));
  mount(boxRoutes, boxHandlers(boxStore));
  mount(customerRoutes, customerHandlers(customerStore));
  mount(ticketRoutes, ticketHandlers(ticketStore, 'inbound.vern.test'));
  mount(ownTicketRoutes, ownTicketHandlers(ticketStore));
  mount(
    chatRoutes,
    chatHandlers(chatStore, async () => undefined),
  );
  mount(
    correctionRoutes,
    correctionHandlers(correctionStore, async () => ({ failure: 'not-reached' })),
  );
  mount(formSettingRoutes, formSettingHandlers(formStore));
  mount(enquiryRoutes, enquiryHandlers(enquiryStore));
  mount(openEventRoutes, openEventHandlers(openEventStore));
  mount({ ...priceListRoutes, ...operatorPriceListRoutes }, priceListHandlers(priceListStore));
  mount(billingPlanRoutes, billingPlanHandlers(billingPlanStore));
  mount({ ...invoiceRoutes, ...operatorInvoiceRoutes, ...receivedInvoiceRoutes }, invoiceHandlers(invoiceStore));
  mount(subscriberRoutes, subscriberHandlers(subscriberStore));
  mount(noticePreferenceRoutes, noticePreferenceHandlers(preferenceStore));
  mount(distributionRoutes, distributionHandlers(distributionStore, 'https://vern.test'));
  mount(deliveryRoutes, deliveryHandlers(deliveryStore));
  mount(announcementRoutes, announcementHandlers(announcementStore));
  mount(calendarRoutes, calendarHandlers(calendarStore));
  mount(slotRoutes, slotHandlers(slotStore));
  mount(timeClockRoutes, timeClockHandlers(timeClockStore));
  mount(timesheetRoutes, timesheetHandlers(timesheetStore));
  mount(workingTimeRoutes, workingTimeHandlers(workingTimeStore));
  mount(qualificationRoutes, qualificationHandlers(qualificationStore));
  mount(siteRoutes, siteHandlers(siteStore, 'https://vern.test'));
  mount(safetyDeviceRoutes, safetyDeviceHandlers(safetyDeviceStore));
  mount(receiverRoutes, receiverHandlers(receiverStore));
  mount(geofenceRoutes, geofenceHandlers(geofenceStore));
  mount(positionRoutes, positionHandlers(positionStore));
  mount(surveyRoutes, surveyHandlers(surveyStore('https://vern.test')));
  mount(calendarImportRoutes, calendarImportHandlers(calendarImportStore));
  mount(serviceClientRoutes, serviceClientHandlers(serviceClientStore, noMachines));
  mount(
    webhookRoutes,
    webhookHandlers(webhookStore, () => true),
  );
  mount(changeRoutes, changeHandlers(changeStore));
  mount(viewRoutes, viewHandlers(viewStore));
  mount(invitationRoutes, invitationHandlers(invitationStore));
  mount(importRoutes, importHandlers(importStore, uploads));
  mount(organisationRoutes, organisationHandlers(organisationStore));
  mount(structureRoutes, structureHandlers(structureStore));
  mount(agreementRoutes, agreementHandlers(agreementStore));
  mount(documentRoutes, documentHandlers(agreementStore));
  mount(roleRoutes, roleHandlers(roleStore, accessGrantStore));
  mount(recoveryRoutes, recoveryHandlers(recoveryStore));
  mount(retentionRoutes, retentionHandlers(retentionStore));
  mount(agreementEndRoutes, agreementEndHandlers(agreementEndStore));
  mount(statementPublicationRoutes, statementPublicationHandlers(statementStore));
  mount(subProcessorRoutes, subProcessorHandlers(subProcessorStore, subProcessors));
  mount(breachRoutes, breachHandlers(breachStore));
  mount(disclosureRoutes, disclosureHandlers(disclosureStore));
  mount(overviewRoutes, overviewHandlers(overviewStore, { first: subProcessors, changes: subProcessorStore.changes }));
  mount(backupRoutes, backupHandlers(backupsStore));
  mount(activityRoutes, activityHandlers(activityStore, log));
  mount(activityExportRoutes, activityExportHandlers(activityExportStore(files)));
  mount(organisationExportRoutes, organisationExportHandlers(organisationExportStore(files)));
  mount(exportRoutes, exportHandlers(exportStore, files, signer));
  mount(purposeRoutes, purposeHandlers(purposeStore));
  mount(organisationRequestRoutes, organisationRequestHandlers(requestStore));
  mount(staffClaimRoutes, staffClaimHandlers(staffClaimStore));
  return mounted;
}
type Mounted = ReturnType<typeof aService>['send'];
