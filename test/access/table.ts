import { type CallerName, callers } from './cast.ts';

/**
 * The one table of who gets what. A letter for each caller, in this order: administrator, privacy officer, leader, staff
 * of the child's group, staff of another | the child's parent with parental responsibility, one with a right to know
 * alone, a parent of another child of the group, a former guardian, a blocked parent, the child itself.
 *
 * `+` gets past every access; `-` 403, their role has no such right here; `.` 404, they must not learn that it is there.
 */
const rows: readonly (readonly [cells: string, why: string, routes: string])[] = [
  [
    '+++++ ++++++',
    'everybody inside',
    'getOrganisation getLogCheckpoint getLeafProof getReservationRules listClosures getChildLogSettings getTimeClockSettings',
  ],
  [
    '+---- ------',
    'the administrator alone',
    `listJoinRequests approveJoinRequest changeOrganisation getOrganisationCode renewOrganisationCode acceptAgreement
     giveRole changeRole endRole confirmRole resetSecondFactor changeRetention getAgreementEnd chooseAgreementEnd
     listAgreements agreeOnSpecialCategories withdrawSpecialCategories exportOrganisation listOrganisationExports
     putChildLogSettings downloadOrganisationExport listReceivedInvoices getReceivedInvoice fetchReceivedInvoice`,
  ],
  [
    '+-+-- ------',
    'whoever runs the place',
    `invitePerson inviteGuardians createDepartment changeDepartment createGroup changeGroup createPerson changePerson
     placePerson removePlacement linkGuardian changeGuardianLink unlinkGuardian listBlocks blockPerson liftBlock
     createImport listImports getImport listImportRows approveImport rejectImport putConsentedInformation
     createDistributionJob changeDistributionJob setDistributionState sendDistributionTest
     listUndeliverableAddresses createSurvey changeSurvey setSurveyState importPortable previewCalendarImport importCalendar setReservationRules addClosure withdrawClosure setCustody removeCustody`,
  ],
  [
    '+-+-- ------',
    'who runs the place, of what it charges',
    `publishPriceList listPriceLists getBillingPlan changeBillingPlan startInvoiceRun listInvoiceRuns approveInvoiceRun
     listInvoices getInvoice changeInvoiceState creditInvoice recordPayment fetchInvoice`,
  ],
  ['+++++ ------', 'everybody who works there', 'listDepartments listGroups listConsentPurposes'],
  [
    '+++-- ------',
    'who answers for the place',
    `getAgreement listRoles getRetention getAgreementPage getAgreementPdf listConsentsToPurpose registerRequest
     recordIdentity makeClaimCode listDistributionJobs getDistributionJob listUnreached makeDistributionLink listSurveys getSurvey getSurveyResults makeSurveyResultsPage`,
  ],
  [
    '++--- ------',
    'who answers for the rights',
    `listAccessGrants endAccessGrant previewRetention publishStatement objectToSubProcessor listSubProcessorObjections
     recordBreach listBreaches getBreach addBreachPhase getBreachNotification reportBreach tellOfBreach recordDisclosure
     listDisclosures changeDisclosureNotice getProcessingActivities getProcessingActivitiesPage
     getImpactAssessmentInput getAccessOverview getSpecialCategories listBackups declareConsentPurpose
     changeConsentPurpose retireConsentPurpose listRequests getRequest planErasure approveRequest refuseRequest
     extendRequest liftRequest putHold listHolds liftHold lookThroughExport releaseExport`,
  ],
  [
    '-+--- ------',
    'the privacy officer alone',
    'listActivity getActivityProof orderActivityExport listActivityExports downloadActivityExport',
  ],
  ['+-+++ ------', 'each in their own part of the house', 'listPeople'],
  ['+-++. ++...+', 'who may know of the child', 'getPerson listGuardians getPicture listConsentedInformation'],
  ['+-+.. +....+', 'who decides about the picture', 'putPicture removePicture'],
  ['++++. ------', 'who must know what was consented to', 'listPersonConsents'],
  [
    '--++. ------',
    'who has the child in their care',
    `checkIn checkOut correctStay enterStay getGroupList getCapacity getStaffing addLogEntries changeLogEntry
     removeLogEntry confirmMedicine`,
  ],
  [
    '--++. ++...+',
    'who has the child in their care, and its own',
    'listAttendance getAttendance getStandingWeeks getReservations',
  ],
  ['--++. ++...-', 'the same, without the child itself', 'listLog getLogSummary'],
  ['--++. .....-', 'what is about a whole group is for nobody’s guardian', 'getGroupLog'],
  [
    '--++. +....-',
    'who has the child in their care, and who decides for it',
    `expectArrival reportAbsence withdrawAbsence reportAbsences setStandingWeek enterStandingWeek getCustody
     setReservations copyWeek`,
  ],
  ['--+-- ------', 'the leader alone', 'setStaffing'],
  ['----- +++++-', 'any guardian: each child that is named is answered for by itself', 'setSiblingsReservations'],
  ['-+-.. +....+', 'who may know who has looked', 'listViews'],
  ['+++++ ++++++', 'everybody inside, each what concerns them', 'listCalendar'],
  [
    '+-++. ------',
    'who runs the group that the child is in',
    `createEvent changeEvent cancelEvent listAnswers
     createPersonDocument changeDocument addEdition publishDocument withdrawDocument removeDocument
     listDocumentReceipts announce`,
  ],
  ['+.++. ++...+', 'whom an event about the child concerns', 'getEvent'],
  ['+-++. ++...+', 'who may know of the child, its calendar and documents', 'getPersonCalendar listPersonDocuments'],
  ['---.. +....+', 'who decides for the child, and the child', 'answerEvent'],
  [
    '--++. ------',
    'who has the group in their care',
    'createSlotOffer listSlotOffers getSlotOffer withdrawSlotOffer changePhoto removePhoto',
  ],
  ['--.+. ------', 'who took the photo and uploaded it', 'addPhoto'],
  ['--+++ ------', 'each in their own part of the house', 'listOpenAlarms'],
  ['--++. .....+', 'who cares for them, and they themselves; a relative as a receiver alone', 'listAlarms getAlarm'],
  ['--++. .....-', 'who cares for them; a relative as a receiver alone', 'answerAlarm'],
  [
    '+-+-- ------',
    'whoever runs the place decides who is told',
    `getAlarmConfiguration putAlarmConfiguration getDepartmentAlarmConfiguration putDepartmentAlarmConfiguration
     getPersonAlarmConfiguration putPersonAlarmConfiguration`,
  ],
  [
    '+-++. ------',
    'who cares for them',
    `registerSafetyDevice changeSafetyDevice removeSafetyDevice makeEnrolmentCode drawGeofence redrawGeofence
     removeGeofence`,
  ],
  ['+-++. -----+', 'who cares for them, and they themselves', 'listSafetyDevices listGeofences'],
  ['+-++. ++...+', 'who cares for them, and they themselves; a relative their own entry', 'listReceivers'],
  ['----. --...+', 'receivers with the right alone, and they themselves', 'lookAtPositions'],
  [
    '+-+-- ------',
    'whoever runs the place',
    `addReceiver changeReceiver removeReceiver drawSharedGeofence redrawSharedGeofence removeSharedGeofence`,
  ],
  ['+-+++ ------', 'who works there', 'listSharedGeofences'],
  [
    '----- +....-',
    'who decides for the child',
    'listOfferedSlots bookSlot getSlotBooking moveSlotBooking cancelSlotBooking',
  ],
  [
    '+-++. ++....',
    'who works with a document for guardians, and the guardians',
    'getFileContent downloadFile getDocument confirmDocument',
  ],
  ['+-++- ------', 'whoever works there, for their own groups', 'createDocument'],
  [
    '+-+++ ++++++',
    'everybody in their own name, and the privacy officer in nobody’s',
    `listDocuments listThreads getInbox searchMessages createDraft listDrafts getOutOfOffice setOutOfOffice
     endOutOfOffice listAnnouncements markAnnouncementRead`,
  ],
  ['--++. ++...-', 'who may see the child', 'listPhotos'],
  ['--++. .....-', 'a group’s photos are for nobody’s guardian', 'listGroupPhotos'],
  ['--++. ++...+', 'who may talk about the child', 'showRecipients'],
  ['--++. ++....', 'the same; a child that is a member writes where it has guardians through them', 'beginThread'],
  [
    '--.+. +.....',
    'who takes part in the conversation, and nobody else',
    'getThread listMessages reply keepThread markRead',
  ],
  ['--.+. +.....', 'the same: who may read a message may report it', 'reportMessage'],
  [
    '+---- ------',
    'the administrator alone',
    `createServiceClient renewServiceClientSecret endServiceClient createWebhook changeWebhook renewWebhookSecret
     endWebhook replayWebhookMessages`,
  ],
  ['++--- ------', 'and who watches over privacy', 'listServiceClients listWebhooks getWebhook listWebhookMessages'],
  ['----- ------', 'programs alone', 'listChanges'],
  ['++--- ------', 'who sees to misuse', 'listAbuseReports getAbuseReport handleAbuseReport'],
  ['+++-- ------', 'who answers for the place', 'getStatistics getStatisticsPage getStatisticsChart'],
  ['++--- ------', 'who answers for the rights', 'getUsageSettings putUsageSettings'],
  ['..... -----+', 'oneself alone: no employer sees what an employee uses', 'listOwnUsage'],
  ['--.+. -.....', 'of those, the staff', 'addParticipant'],
  ['--.-. +.....', 'a guardian takes part until they leave by themselves', 'removeParticipant'],
  ['--.+. -.....', 'of those, the writer', 'editMessage takeBackMessage'],
  ['.-... +.....', 'whose draft it is', 'changeDraft removeDraft'],
  ['+++++ ++++++', 'everybody inside, of their own', 'getNoticePreferences putNoticePreferences'],
  ['--... -----+', 'whose hours they are, and nobody for them', 'stampTimeClock checkInOnSite'],
  [
    '--++. -----+',
    'whose hours and papers they are, and whoever leads them or keeps their papers',
    `listWorkDays listClockPositions correctHours getWorkingTime listQualifications addQualification
     changeQualification removeQualification`,
  ],
  [
    '+-++. -----+',
    'whose hours they are, and whoever leads them, keeps their papers or runs the place',
    'getTimesheet',
  ],
  ['+-+-- ------', 'who leads the work, and who runs the place', 'setTimesheetState'],
  ['--++. ------', 'who leads the work, and who keeps the papers', 'putWorkingTime'],
  [
    '+-+-- ------',
    'whoever runs the place',
    'listTimesheets exportPayroll putTimeClockSettings createSite changeSite makeSiteCode',
  ],
  ['+-+++ -----+', 'whoever may come to a site', 'listSites'],
  ['+-+++ ------', 'who answers for a site', 'registerOnSite registerDeparture getSiteList inviteInspector'],
  [
    '+-+-- ------',
    'who works for customers across the whole place',
    `createCustomer listCustomers getCustomer changeCustomer listCustomerContacts createTicket listTickets
     getTicket changeTicket addTicketEntry getTicketSettings listChats getChat answerChat endChat makeTicketOfChat
     listCorrections decideCorrection compareWithRegister`,
  ],
  ['+-+.. ------', 'the same, of a person', 'addCustomerContact removeCustomerContact'],
  ['+-+-- ------', 'who runs the place', 'setTicketSettings'],
  ['----- ++++++', 'who asks, of their own', 'openOwnTicket listOwnTickets getOwnTicket answerOwnTicket beginOwnChat'],
  ['----- -----+', 'who may speak for a customer', 'getOwnCustomer proposeCorrection listOwnCorrections'],
  [
    '+-+-- ------',
    'who runs the place, of what comes through its forms',
    `getPublicForms setPublicForms listEnquiries getEnquiry answerEnquiry closeEnquiry createOpenEvent listOpenEvents
     getOpenEvent changeOpenEvent listSignUps removeSignUp listSubscribers endSubscription`,
  ],
  ['+-+++ ------', 'who works there', 'listSentAnnouncements listNoticesAbout'],
  ['+-+.. .....+', 'who answers for the person, and the person', 'listPersonNotices'],
  ['+-+++ ++++++', 'everybody who may hand something in', 'beginUpload'],
  ['.-.+. ......', 'whoever uploaded it', 'getUpload'],
];

/** Routes whose object only the operator, a worker or another could make: who gets past access hears this, and nobody else does. */
export const notMade: Readonly<Record<string, string>> = {
  changeQualification: 'qualification-not-found',
  removeQualification: 'qualification-not-found',
  changeSite: 'site-not-found',
  makeSiteCode: 'site-not-found',
  registerOnSite: 'site-not-found',
  registerDeparture: 'site-entry-not-found',
  getSiteList: 'site-not-found',
  inviteInspector: 'site-not-found',
  checkInOnSite: 'site-not-found',
  changeSafetyDevice: 'safety-device-not-found',
  removeSafetyDevice: 'safety-device-not-found',
  makeEnrolmentCode: 'safety-device-not-found',
  redrawGeofence: 'geofence-not-found',
  removeGeofence: 'geofence-not-found',
  redrawSharedGeofence: 'geofence-not-found',
  removeSharedGeofence: 'geofence-not-found',
  changeReceiver: 'receiver-not-found',
  removeReceiver: 'receiver-not-found',
  renewServiceClientSecret: 'service-client-not-found',
  endServiceClient: 'service-client-not-found',
  getWebhook: 'webhook-not-found',
  changeWebhook: 'webhook-not-found',
  renewWebhookSecret: 'webhook-not-found',
  endWebhook: 'webhook-not-found',
  listWebhookMessages: 'webhook-not-found',
  replayWebhookMessages: 'webhook-not-found',
  getAbuseReport: 'abuse-report-not-found',
  handleAbuseReport: 'abuse-report-not-found',
  getAlarm: 'alarm-not-found',
  answerAlarm: 'alarm-not-found',
  objectToSubProcessor: 'sub-processor-change-not-found',
  tellOfBreach: 'person-not-found',
  lookThroughExport: 'export-not-found',
  releaseExport: 'export-not-found',
  downloadOrganisationExport: 'export-not-found',
  downloadActivityExport: 'export-not-found',
  createPersonDocument: 'file-not-found',
  createDocument: 'file-not-found',
  addEdition: 'file-not-found',
  markAnnouncementRead: 'announcement-not-found',
  listNoticesAbout: 'notices-not-found',
  getCustomer: 'customer-not-found',
  changeCustomer: 'customer-not-found',
  listCustomerContacts: 'customer-not-found',
  addCustomerContact: 'customer-not-found',
  removeCustomerContact: 'customer-not-found',
  createTicket: 'person-not-found',
  getTicket: 'ticket-not-found',
  changeTicket: 'ticket-not-found',
  addTicketEntry: 'ticket-not-found',
  getOwnTicket: 'ticket-not-found',
  answerOwnTicket: 'ticket-not-found',
  beginOwnChat: 'chat-not-found',
  getChat: 'chat-not-found',
  answerChat: 'chat-not-found',
  endChat: 'chat-not-found',
  makeTicketOfChat: 'chat-not-found',
  getOwnCustomer: 'customer-not-found',
  proposeCorrection: 'customer-not-found',
  decideCorrection: 'correction-not-found',
  compareWithRegister: 'customer-not-found',
  getBillingPlan: 'customer-not-found',
  changeBillingPlan: 'customer-not-found',
  getInvoice: 'invoice-not-found',
  changeInvoiceState: 'invoice-not-found',
  creditInvoice: 'invoice-not-found',
  recordPayment: 'invoice-not-found',
  fetchInvoice: 'invoice-not-found',
  getReceivedInvoice: 'invoice-not-found',
  fetchReceivedInvoice: 'invoice-not-found',
  getEnquiry: 'enquiry-not-found',
  answerEnquiry: 'enquiry-not-found',
  closeEnquiry: 'enquiry-not-found',
  getOpenEvent: 'open-event-not-found',
  changeOpenEvent: 'open-event-not-found',
  listSignUps: 'open-event-not-found',
  removeSignUp: 'open-event-not-found',
  endSubscription: 'subscription-not-found',
};

/** Whatever the route: another organisation's, one whose person was erased, one whose account was. */
const everywhere: Partial<Record<CallerName, Expected>> = { outsider: 404, erased: 404, gone: 401 };

export type Expected = 'allowed' | 401 | 403 | 404;
const meaning: Readonly<Record<string, Expected>> = { '+': 'allowed', '-': 403, '.': 404 };

export const expectedOf: ReadonlyMap<string, Readonly<Record<CallerName, Expected>>> = new Map(
  rows.flatMap(([cells, , routes]) =>
    routes.split(/\s+/).map((id) => {
      const letters = cells.replace(' ', '');
      const row = callers.map((name, i) => [name, everywhere[name] ?? meaning[letters[i] ?? '']] as const);
      return [id, Object.fromEntries(row) as Record<CallerName, Expected>] as const;
    }),
  ),
);

/** Routes named twice would say two things. */
export const namedRoutes: readonly string[] = rows.flatMap(([, , routes]) => routes.split(/\s+/));
