import { abuseReportRoutes } from '../features/abuse-reports/routes.ts';
import { accountRoutes } from '../features/accounts/routes.ts';
import { activityExportRoutes } from '../features/activity/export-routes.ts';
import { activityRoutes, myActivityRoutes } from '../features/activity/routes.ts';
import { organisationExportRoutes } from '../features/agreement-end/export-routes.ts';
import { agreementEndRoutes } from '../features/agreement-end/routes.ts';
import { alarmRoutes } from '../features/alarms/routes.ts';
import { attendanceRoutes } from '../features/attendance/routes.ts';
import { backupRoutes } from '../features/backups/routes.ts';
import { billingPlanRoutes } from '../features/billing/plan-routes.ts';
import { calendarRoutes } from '../features/calendar/routes.ts';
import { calendarFeedRoutes } from '../features/calendar-feed/routes.ts';
import { calendarImportRoutes } from '../features/calendar-import/routes.ts';
import { changeRoutes } from '../features/changes/routes.ts';
import { chatRoutes, visitorChatRoutes } from '../features/chats/routes.ts';
import { childLogRoutes } from '../features/child-log/routes.ts';
import { claimRoutes } from '../features/claims/routes.ts';
import { staffClaimRoutes } from '../features/claims/staff-routes.ts';
import { purposeRoutes } from '../features/consents/purpose-routes.ts';
import { myConsentRoutes } from '../features/consents/routes.ts';
import { contractRoutes } from '../features/contract/routes.ts';
import { correctionRoutes } from '../features/corrections/routes.ts';
import { custodyRoutes } from '../features/custody/routes.ts';
import { customerRoutes } from '../features/customers/routes.ts';
import { myDpoRoutes, officerRoutes, publicDpoRoutes } from '../features/data-protection-officer/routes.ts';
import { deliveryRoutes, myDeliveryRoutes, ownAddressRoutes } from '../features/deliveries/routes.ts';
import { deviceEventRoutes } from '../features/device-events/routes.ts';
import { deviceRoutes } from '../features/devices/routes.ts';
import { LANES } from '../features/distribution/quota.ts';
import { distributionRoutes } from '../features/distribution/routes.ts';
import { sharedDocumentRoutes } from '../features/documents/routes.ts';
import { enquiryRoutes } from '../features/enquiries/routes.ts';
import { exportRoutes } from '../features/exports/routes.ts';
import { fileRoutes } from '../features/files/routes.ts';
import { formSettingRoutes, ownFormRoutes, publicFormRoutes } from '../features/forms/routes.ts';
import { geofenceRoutes } from '../features/geofences/routes.ts';
import { importRoutes } from '../features/imports/routes.ts';
import { acceptanceRoutes, invitationRoutes, registrationRoutes } from '../features/invitations/routes.ts';
import { linkedInvoiceRoutes } from '../features/invoices/linked-routes.ts';
import { invoiceRoutes, operatorInvoiceRoutes, receivedInvoiceRoutes } from '../features/invoices/routes.ts';
import { linkRoutes } from '../features/links/routes.ts';
import { announcementRoutes } from '../features/messages/announcement-routes.ts';
import { boxRoutes } from '../features/messages/box-routes.ts';
import { threadRoutes } from '../features/messages/routes.ts';
import { linkedPreferenceRoutes, noticePreferenceRoutes } from '../features/notice-preferences/routes.ts';
import { openEventRoutes } from '../features/open-events/routes.ts';
import { agreementRoutes, documentRoutes } from '../features/organisations/agreement-routes.ts';
import { organisationRoutes } from '../features/organisations/routes.ts';
import { structureRoutes } from '../features/organisations/structure-routes.ts';
import { personRoutes } from '../features/people/routes.ts';
import { photoRoutes } from '../features/photos/routes.ts';
import { pictureRoutes } from '../features/pictures/routes.ts';
import { platformRoutes } from '../features/platform-staff/routes.ts';
import { positionRoutes } from '../features/positions/routes.ts';
import { operatorPriceListRoutes, priceListRoutes } from '../features/price-lists/routes.ts';
import { proofRoutes } from '../features/proofs/routes.ts';
import { qualificationRoutes } from '../features/qualifications/routes.ts';
import { receiverRoutes } from '../features/receivers/routes.ts';
import { platformRecoveryRoutes, recoveryRoutes } from '../features/recovery/routes.ts';
import { breachRoutes } from '../features/registers/breach-routes.ts';
import { disclosureRoutes } from '../features/registers/disclosure-routes.ts';
import { overviewRoutes } from '../features/registers/overview-routes.ts';
import { subProcessorRoutes } from '../features/registers/sub-processor-routes.ts';
import { myRequestRoutes, organisationRequestRoutes, platformRequestRoutes } from '../features/requests/routes.ts';
import { capacityRoutes } from '../features/reservations/capacity-routes.ts';
import { openingRoutes } from '../features/reservations/opening-routes.ts';
import { reservationRoutes } from '../features/reservations/routes.ts';
import { retentionRoutes } from '../features/retention/routes.ts';
import { roleRoutes } from '../features/roles/routes.ts';
import { enrolmentRoutes, safetyDeviceRoutes } from '../features/safety-devices/routes.ts';
import { serviceClientRoutes } from '../features/service-clients/routes.ts';
import { tokenRoutes } from '../features/service-clients/token-routes.ts';
import { inspectionRoutes, siteGateRoutes, siteRoutes } from '../features/sites/routes.ts';
import { slotRoutes } from '../features/slots/routes.ts';
import { acknowledgementRoutes, statementPublicationRoutes, statementRoutes } from '../features/statements/routes.ts';
import { statisticsRoutes } from '../features/statistics/routes.ts';
import { subscriberRoutes } from '../features/subscriptions/routes.ts';
import { surveyAnswerRoutes } from '../features/surveys/answer-routes.ts';
import { surveyRoutes } from '../features/surveys/routes.ts';
import { ticketPageRoutes } from '../features/tickets/page-routes.ts';
import { ownTicketRoutes, ticketRoutes } from '../features/tickets/routes.ts';
import { mySupportRoutes, platformSupportRoutes } from '../features/tickets/support-routes.ts';
import { timeClockRoutes } from '../features/time-clock/routes.ts';
import { timesheetRoutes } from '../features/timesheets/routes.ts';
import { usageRoutes } from '../features/usage/routes.ts';
import { viewRoutes } from '../features/views/routes.ts';
import { webhookRoutes } from '../features/webhooks/routes.ts';
import { weekRoutes } from '../features/week/routes.ts';
import { workingTimeRoutes } from '../features/working-time/routes.ts';
import type { Routes } from '../http/route.ts';
import { type Capability, changingRecords, orderingErasure } from '../platform/capabilities.ts';
import type { QueueName } from '../platform/queues.ts';
import type { TableName } from '../platform/tables.ts';

/**
 * Every deployed function, declared once: the stacks, the contract, the typed client and the tests that run for every
 * route are derived from here. A function is a permission group: what its routes and its own needs allow, no more.
 */
export interface ApiFunction {
  readonly entry: string;
  readonly routes: Routes;
  /** What every route of this function needs beside its own needs. */
  readonly needs: readonly Capability[];
  /** Ten unless said; the gateway gives up after 30 (HTTP API quotas, "Maximum integration timeout"). */
  readonly timeoutSeconds?: number;
}

/** Keys-only or new-image records of a table's stream whose partition key begins so. */
export interface StreamTrigger {
  readonly stream: TableName;
  readonly keyPrefix?: string;
  /** Beside inserts and changes; a removal has no image. */
  readonly removals?: true;
  /** How long records may be gathered before the function is called: fewer calls, later. */
  readonly gatheredSeconds?: number;
  /** Tried again until the stream itself forgets (24 hours), where others are set aside after a few tries. */
  readonly neverSetAside?: true;
  /** The alarm rings when the worker is so far behind; five minutes unless said. */
  readonly behindSecondsMax?: number;
}

/** Messages of a queue. Those that fail come again, a few times, and then wait among the queue's own dead letters. */
export interface QueueTrigger {
  readonly queue: QueueName;
  readonly batchSize: number;
  /** How long messages may be gathered before the function is called; more than ten in a batch take at least a second. */
  readonly gatheredSeconds?: number;
  /** At most so many batches at once, 2 at least (the function itself stays free to be called otherwise). */
  readonly concurrencyMax?: number;
}

/** Cognito itself calls, waits for the answer, and gives up after five seconds (developer guide, "Lambda triggers"). */
export interface UserPoolTrigger {
  readonly userPool: 'CustomMessage' | 'PreAuthentication' | 'PostAuthentication';
}

export type Trigger =
  | StreamTrigger
  | QueueTrigger
  | { readonly schedule: `rate(${string})` | `cron(${string})`; readonly timeZone?: 'Europe/Oslo' }
  /** Objects whose keys begin so: each worker's uploads lie in a folder of their own. */
  | { readonly objectsCreatedIn: 'quarantine'; readonly under: `${string}/` }
  | UserPoolTrigger
  /** Nothing but a call by an operator with the right to invoke it. */
  | { readonly operator: true };

export interface WorkerFunction {
  readonly entry: string;
  readonly needs: readonly Capability[];
  readonly triggers: readonly Trigger[];
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** Log lines that somebody must look at: `metric` in the line, and what the alarm says. */
  readonly alarms?: Readonly<Record<string, string>>;
  /** At most so many at once; for what must not run beside itself, a lease decides and not this. */
  readonly concurrencyMax?: number;
}

export const apiFunctions = {
  contract: { entry: 'lambdas/functions/contract.ts', routes: contractRoutes, needs: [] },
  /** What is the caller's own. */
  account: {
    entry: 'lambdas/functions/account.ts',
    routes: { ...accountRoutes, ...acceptanceRoutes, ...myDpoRoutes },
    needs: ['lookup:read'],
  },
  /** The caller's week and the calendars that follow it: as JSON, as a page, and as a feed by a secret address. */
  week: {
    entry: 'lambdas/functions/week.ts',
    routes: { ...weekRoutes, ...calendarFeedRoutes },
    // The first request of a sign-in is recorded, also when it only reads.
    needs: ['lookup:read', 'core:write', 'activity:append', 'transient:read', 'transient:write'],
  },
  /** What nobody signs in for: registering, and the links in letters. */
  door: {
    entry: 'lambdas/functions/door.ts',
    routes: {
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
    needs: ['lookup:read', 'user-pool:factors'],
  },
  invitations: { entry: 'lambdas/functions/invitations.ts', routes: invitationRoutes, needs: ['lookup:read'] },
  /** An organisation's own settings, structure, agreement and roles. */
  organisations: {
    entry: 'lambdas/functions/organisations.ts',
    routes: {
      ...organisationRoutes,
      ...structureRoutes,
      ...agreementRoutes,
      ...roleRoutes,
      ...recoveryRoutes,
      ...retentionRoutes,
      ...agreementEndRoutes,
    },
    needs: ['lookup:read'],
  },
  /** The agreement as a page and a PDF, and the statements: apart, because the PDF's library is half of the code. */
  documents: {
    entry: 'lambdas/functions/documents.ts',
    routes: { ...documentRoutes, ...statementRoutes, ...statementPublicationRoutes },
    // The first request of a sign-in is recorded, also when it only reads.
    needs: ['lookup:read', 'core:write', 'activity:append', 'transient:read', 'transient:write'],
  },
  /** The operator's own staff. The only API function that makes organisations' keys. */
  platform: {
    entry: 'lambdas/functions/platform.ts',
    routes: { ...platformRoutes, ...platformRecoveryRoutes },
    needs: ['lookup:read'],
  },
  /** Sub-processors, disclosures, breaches, processing activities, promises, backups. */
  registers: {
    entry: 'lambdas/functions/registers.ts',
    routes: { ...subProcessorRoutes, ...breachRoutes, ...disclosureRoutes, ...overviewRoutes, ...backupRoutes },
    needs: ['lookup:read'],
  },
  /** The only API function that may read the activity log: for the privacy officer, and for each person. */
  activity: {
    entry: 'lambdas/functions/activity.ts',
    routes: { ...activityRoutes, ...myActivityRoutes, ...viewRoutes, ...changeRoutes },
    // The first request of a sign-in is recorded, also when it only reads.
    needs: ['lookup:read', 'core:write', 'activity:append', 'transient:read', 'transient:write'],
  },
  people: {
    entry: 'lambdas/functions/people.ts',
    routes: { ...personRoutes, ...pictureRoutes },
    needs: ['lookup:read'],
  },
  imports: { entry: 'lambdas/functions/imports.ts', routes: importRoutes, needs: ['lookup:read'] },
  /** The six rights: whoever asks, and whoever answers. */
  rights: {
    entry: 'lambdas/functions/rights.ts',
    routes: {
      ...myConsentRoutes,
      ...purposeRoutes,
      ...acknowledgementRoutes,
      ...myRequestRoutes,
      ...organisationRequestRoutes,
      ...staffClaimRoutes,
      ...officerRoutes,
      ...platformRequestRoutes,
    },
    needs: ['lookup:read'],
  },
  /** Copies of what is held: fetching them, looking them through, and taking in what a person brings along. */
  exports: {
    entry: 'lambdas/functions/exports.ts',
    routes: { ...exportRoutes, ...claimRoutes, ...organisationExportRoutes, ...activityExportRoutes, ...proofRoutes },
    needs: ['lookup:read'],
  },
  /** Who is where, and when. */
  /** The alarms of service recipients: the board, the answers, and who is told of which. */
  alarms: { entry: 'lambdas/functions/alarms.ts', routes: alarmRoutes, needs: ['lookup:read'] },
  attendance: {
    entry: 'lambdas/functions/attendance.ts',
    routes: { ...attendanceRoutes, ...reservationRoutes, ...openingRoutes, ...capacityRoutes, ...custodyRoutes },
    needs: ['lookup:read'],
  },
  /** Events, answers, conversation hours. */
  calendar: {
    entry: 'lambdas/functions/calendar.ts',
    routes: { ...calendarRoutes, ...slotRoutes, ...calendarImportRoutes },
    needs: ['lookup:read'],
  },
  /** A child's day, entry by entry. */
  childLog: { entry: 'lambdas/functions/child-log.ts', routes: childLogRoutes, needs: ['lookup:read'] },
  /** Uploads, documents, photos: the only API function that opens files. */
  files: {
    entry: 'lambdas/functions/files.ts',
    routes: { ...fileRoutes, ...sharedDocumentRoutes, ...photoRoutes },
    needs: ['lookup:read'],
  },
  /** Threads, notices to groups. */
  messages: {
    entry: 'lambdas/functions/messages.ts',
    routes: { ...threadRoutes, ...boxRoutes, ...announcementRoutes, ...abuseReportRoutes },
    needs: ['lookup:read', 'core:write', 'activity:append', 'transient:read', 'transient:write'],
  },
  /** Notices: what became of them, what each person wants of them, jobs, surveys, enquiries. */
  notices: {
    entry: 'lambdas/functions/notices.ts',
    routes: {
      ...distributionRoutes,
      ...deliveryRoutes,
      ...myDeliveryRoutes,
      ...deviceRoutes,
      ...surveyRoutes,
      ...noticePreferenceRoutes,
      ...formSettingRoutes,
      ...enquiryRoutes,
      ...openEventRoutes,
      ...subscriberRoutes,
    },
    needs: ['lookup:read', 'core:write', 'activity:append', 'transient:read', 'transient:write'],
  },
  /** Prices, invoices, credit notes and payments: of organisations, and of the operator. */
  billing: {
    entry: 'lambdas/functions/billing.ts',
    routes: {
      ...priceListRoutes,
      ...operatorPriceListRoutes,
      ...billingPlanRoutes,
      ...invoiceRoutes,
      ...operatorInvoiceRoutes,
      ...receivedInvoiceRoutes,
    },
    needs: ['lookup:read'],
  },
  /** Which of the caller's addresses get no more mail. The only API function that may touch SES's list of them. */
  ownAddresses: { entry: 'lambdas/functions/own-addresses.ts', routes: ownAddressRoutes, needs: ['lookup:read'] },
  /** Chats: apart, because whoever waits for an answer holds the function up, as long as the gateway waits. */
  chat: {
    entry: 'lambdas/functions/chat.ts',
    routes: { ...visitorChatRoutes, ...chatRoutes },
    needs: ['lookup:read'],
    timeoutSeconds: 29,
  },
  /** Customers, tickets, corrections. */
  tickets: {
    entry: 'lambdas/functions/tickets.ts',
    routes: {
      ...customerRoutes,
      ...ticketRoutes,
      ...ownTicketRoutes,
      ...correctionRoutes,
      ...mySupportRoutes,
      ...platformSupportRoutes,
    },
    needs: ['lookup:read'],
  },
  /** Safety devices, receivers, geofences, and where people are. */
  safety: {
    entry: 'lambdas/functions/safety.ts',
    routes: { ...safetyDeviceRoutes, ...receiverRoutes, ...geofenceRoutes, ...positionRoutes },
    needs: ['lookup:read', 'core:write', 'activity:append', 'transient:read', 'transient:write'],
  },
  /** What the devices of a safety service send, each signed with its own key: nobody signs in here. */
  deviceEvents: {
    entry: 'lambdas/functions/device-events.ts',
    routes: { ...enrolmentRoutes, ...deviceEventRoutes },
    needs: [],
  },
  /** Programs of the organisation: the only API function that makes and signs in their users. */
  integrations: {
    entry: 'lambdas/functions/integrations.ts',
    routes: { ...serviceClientRoutes, ...tokenRoutes, ...webhookRoutes },
    needs: ['lookup:read'],
  },
  /** How the service is used: of everybody in numbers, and of one's own use at work. */
  usage: {
    entry: 'lambdas/functions/usage.ts',
    routes: { ...statisticsRoutes, ...usageRoutes },
    // The first request of a sign-in is recorded, also when it only reads.
    needs: ['lookup:read', 'core:write', 'activity:append', 'transient:read', 'transient:write'],
  },
  /** Pages and forms that an organisation has opened to anybody. */
  forms: {
    entry: 'lambdas/functions/forms.ts',
    routes: { ...publicFormRoutes, ...siteGateRoutes },
    needs: ['lookup:read'],
  },
  /** Hours, time sheets, qualifications, sites. */
  workplace: {
    entry: 'lambdas/functions/workplace.ts',
    routes: { ...timeClockRoutes, ...timesheetRoutes, ...workingTimeRoutes, ...qualificationRoutes, ...siteRoutes },
    needs: ['lookup:read'],
  },
} satisfies Record<string, ApiFunction>;

export const workers = {
  /** Sends what was queued, one notice at a time: mail, SMS, push. */
  outbox: {
    entry: 'lambdas/functions/outbox.ts',
    needs: [
      'transient:read',
      'transient:write',
      'core:read',
      // A device that takes nothing any more is taken out of its account.
      'core:write',
      // Reply addresses of people without an account.
      'rights:read',
      'keys:use',
      'organisation-key:open',
      'activity:append',
      'mail:send',
      'mail-events:behind',
      'sms:send',
      'push:send',
      'push:forget',
    ],
    triggers: [{ stream: 'transient', keyPrefix: 'OUTBOX#' }, { schedule: 'rate(1 minute)' }, { operator: true }],
    alarms: {
      'notice-failed': 'A notice could not be sent for a reason of ours: mend it, then send it anew (npm run ops)',
      'mail-maybe-twice': 'A mail was tried again although SES may have sent it: see whether its events come late',
    },
    // Shorter than a notice's lease (5 minutes): what a worker holds, it has let go of when the sweep comes.
    timeoutSeconds: 120,
    memoryMegabytes: 512,
  },
  /** What SES says became of a mail: delivered, delayed, bounced, complained about. */
  mailEvents: {
    entry: 'lambdas/functions/mail-events.ts',
    needs: ['transient:read', 'transient:write', 'core:read', 'keys:use', 'organisation-key:open', 'activity:append'],
    triggers: [{ queue: 'mailEvents', batchSize: 100, gatheredSeconds: 1, concurrencyMax: 4 }],
    timeoutSeconds: 60,
    memoryMegabytes: 512,
  },
  /** Mail to many: plans a job's chunks, and sends them at the pace that SES allows. */
  distributor: {
    entry: 'lambdas/functions/distributor.ts',
    needs: [
      'transient:read',
      'transient:write',
      'core:read',
      // That a subscription is still there is a condition of the write.
      'core:write',
      'rights:read',
      'keys:use',
      'organisation-key:open',
      'activity:append',
      'mail:send',
      'mail-events:behind',
    ],
    triggers: [{ queue: 'distribution', batchSize: 5, concurrencyMax: LANES }],
    alarms: {
      'mail-maybe-twice':
        'A mail to many was tried again although SES may have sent it: see whether its events come late',
    },
    timeoutSeconds: 120,
    memoryMegabytes: 1024,
  },
  /** Tells the organisations' own systems of changes. The only function that calls an address which a customer gave. */
  webhookSender: {
    entry: 'lambdas/functions/webhook-sender.ts',
    needs: [...changingRecords, 'activity:read', 'webhooks:send'],
    triggers: [{ queue: 'webhooks', batchSize: 5, concurrencyMax: 4 }, { schedule: 'rate(1 minute)' }],
    alarms: {
      'webhook-not-queued': 'Changes of an organisation do not become messages to its systems; it is tried again',
    },
    timeoutSeconds: 60,
    memoryMegabytes: 512,
  },
  /** Plans the chunks of notices to many, and counts how far each has come. */
  dispatcher: {
    entry: 'lambdas/functions/dispatcher.ts',
    needs: [
      'transient:read',
      'transient:write',
      'core:read',
      // That a subscription is still there is a condition of the write.
      'core:write',
      'keys:use',
      'organisation-key:open',
      'activity:append',
      'mail:quota',
      'distribution:send',
    ],
    triggers: [{ schedule: 'rate(1 minute)' }],
    timeoutSeconds: 120,
    memoryMegabytes: 512,
  },
  /** A copy of every key row under a key of its own, where a fence always wins. */
  mirror: {
    entry: 'lambdas/functions/mirror.ts',
    needs: ['mirror:write'],
    triggers: [{ stream: 'keys' }],
    alarms: { 'key-row-not-mirrored': 'A key row was written over another key: treat it as an incident' },
    timeoutSeconds: 60,
    memoryMegabytes: 256,
  },
  /** The only function that writes the log: every minute, what was recorded comes into it, and one head is signed. */
  sequencer: {
    entry: 'lambdas/functions/sequencer.ts',
    needs: [
      'activity:read',
      'activity:append',
      'activity:mark',
      'log-state:write',
      'log:append',
      'offline:put-activity',
      'proofs:sign',
    ],
    triggers: [{ schedule: 'rate(1 minute)' }],
    alarms: {
      'log-gap': 'A record of activity was changed or taken away before it was in the log: treat it as an incident',
      'log-split': 'The locked log and the table contradict each other: treat it as an incident',
      'log-append-failed': 'Records of an organisation do not come into its log; it is tried again',
    },
    // Shorter than its lease (90 seconds).
    timeoutSeconds: 60,
    memoryMegabytes: 512,
  },
  /** Every change of the rights ledger's table, where nobody can change it: within a minute. */
  rightsCopy: {
    entry: 'lambdas/functions/rights-copy.ts',
    needs: ['offline:put-rights'],
    triggers: [{ stream: 'rights', removals: true, gatheredSeconds: 10, neverSetAside: true, behindSecondsMax: 60 }],
    timeoutSeconds: 30,
    memoryMegabytes: 256,
  },
  /** The daily backup (FW-11): full exports of what belongs in one. It holds no right on keys. */
  backupExport: {
    entry: 'lambdas/functions/backup-export.ts',
    needs: ['backup:export', 'backup:write', 'backup:read', 'gate:read'],
    triggers: [{ schedule: 'cron(15 * * * ? *)', timeZone: 'Europe/Oslo' }],
    alarms: { 'backup-export-failed': 'DynamoDB could not make an export; it is begun again within the hour (FW-11)' },
    timeoutSeconds: 60,
    memoryMegabytes: 256,
  },
  /** The user pool in the daily backup: each user sealed under their account's own key. */
  backupUsers: {
    entry: 'lambdas/functions/backup-users.ts',
    needs: ['user-pool:list', 'lookup:read', 'keys:use', 'organisation-key:open', 'backup:write', 'backup:read'],
    triggers: [{ schedule: 'cron(25 * * * ? *)', timeZone: 'Europe/Oslo' }],
    timeoutSeconds: 900,
    memoryMegabytes: 512,
  },
  /** Sees that every day has a whole backup, keeps the locked copies, and ends what has become too old. */
  backupKeeper: {
    entry: 'lambdas/functions/backup-keeper.ts',
    needs: ['files:copy', 'backup:keep', 'offline:keep', 'copies:keep', 'core:read', 'core:write', 'activity:append'],
    triggers: [{ schedule: 'cron(45 * * * ? *)', timeZone: 'Europe/Oslo' }],
    alarms: {
      'backup-missing': 'A day has no whole backup, or no offline copy of it (FW-11)',
      'backup-damaged': 'An export is not as DynamoDB describes it: look before the recovery window is over (FW-11)',
      'backup-too-old': 'Something in a backup is older than 88 days and could not be removed (ALL-05)',
    },
    timeoutSeconds: 900,
    memoryMegabytes: 512,
  },
  /** Forgotten check-outs, and children that were expected and have not come. */
  /** Tells the receivers of alarms, one after the other, until somebody has answered. */
  alarmClock: {
    entry: 'lambdas/functions/alarm-clock.ts',
    needs: [...changingRecords, 'alarm-steps:send', 'schedules:make'],
    triggers: [
      { stream: 'transient', keyPrefix: 'ALARM-DUE#', behindSecondsMax: 60 },
      { queue: 'alarmSteps', batchSize: 10 },
      { schedule: 'rate(1 minute)' },
    ],
    alarms: {
      'alarm-step-failed': 'An alarm could not be moved on; it is tried again every minute (SM-03)',
      'alarm-unheard': 'An alarm has nobody who could be told of it: call the organisation (SM-03)',
    },
    timeoutSeconds: 60,
    memoryMegabytes: 1024,
  },
  attendanceClock: {
    entry: 'lambdas/functions/attendance-clock.ts',
    needs: ['core:read', 'core:write', 'keys:use', 'organisation-key:open', 'activity:append', 'transient:write'],
    triggers: [{ schedule: 'rate(15 minutes)' }],
    timeoutSeconds: 300,
    memoryMegabytes: 512,
  },
  /** What families are reminded of, told and summed up for; and calendar entries at their end. */
  familyClock: {
    entry: 'lambdas/functions/family-clock.ts',
    needs: changingRecords,
    triggers: [{ schedule: 'rate(15 minutes)' }],
    alarms: { 'family-clock-step-failed': 'A part of the clock of families fails; it is tried again' },
    timeoutSeconds: 300,
    memoryMegabytes: 1769,
  },
  /** Counts what is priced, makes drafts, gives numbers and documents to what is approved, reminds. Sends nothing itself. */
  biller: {
    entry: 'lambdas/functions/biller.ts',
    needs: changingRecords,
    triggers: [{ stream: 'transient', keyPrefix: 'BILLING-JOBS' }, { schedule: 'rate(1 hour)' }],
    alarms: { 'billing-job-failed': 'Invoices of a month could not be made, issued or reminded of; it is tried again' },
    timeoutSeconds: 900,
    memoryMegabytes: 512,
  },
  /** Looks at what was uploaded, seals it, and ends what nobody has claimed. */
  fileInspector: {
    entry: 'lambdas/functions/file-inspector.ts',
    needs: [...changingRecords, 'quarantine:read', 'files:write', 'files:read'],
    triggers: [{ objectsCreatedIn: 'quarantine', under: 'files/' }, { schedule: 'rate(1 hour)' }],
    timeoutSeconds: 120,
    memoryMegabytes: 1024,
    concurrencyMax: 4,
  },
  /** Mail that people send: into the ticket that it answers, or a new one once its sender has said that it is theirs. */
  inboundMail: {
    entry: 'lambdas/functions/inbound-mail.ts',
    needs: [...changingRecords, 'lookup:read', 'inbound-mail:read', 'files:write'],
    triggers: [{ objectsCreatedIn: 'quarantine', under: 'mail/' }],
    timeoutSeconds: 60,
    memoryMegabytes: 1024,
    concurrencyMax: 4,
  },
  /** Has what was kept to the end of its term erased, by the due-date index. */
  retention: {
    entry: 'lambdas/functions/retention.ts',
    needs: [
      'core:read',
      'core:write',
      'keys:use',
      'organisation-key:open',
      'activity:append',
      'activity:prune',
      'transient:write',
      ...orderingErasure,
    ],
    triggers: [{ schedule: 'cron(15 3 * * ? *)', timeZone: 'Europe/Oslo' }],
    timeoutSeconds: 900,
    memoryMegabytes: 512,
  },
  /** Deadlines, delays and endings of what people have asked for. */
  rightsClock: {
    entry: 'lambdas/functions/rights-clock.ts',
    needs: [...changingRecords, ...orderingErasure, 'log-state:read', 'log:read'],
    triggers: [{ schedule: 'rate(15 minutes)' }],
    timeoutSeconds: 300,
    memoryMegabytes: 512,
    alarms: {
      'request-overdue': 'A request of a person has not been answered in time (ALL-02)',
      'request-incomplete': 'A request of a person could not be carried out in full, and is tried again',
      'checkpoint-not-mailed': 'The checkpoint of a log could not be mailed to its witnesses; it is tried again',
      'rights-clock-step-failed': 'A part of the clock of rights fails',
      'breach-report-overdue': 'A breach has not been reported to Datatilsynet within 72 hours (AT-10)',
      'breach-tell-overdue': 'An organisation has not been told of a breach within 24 hours (ALL-08)',
    },
  },
  /** The only function that destroys keys: erasures, from the order to the certificate. */
  erasure: {
    entry: 'lambdas/functions/erasure.ts',
    needs: [
      ...changingRecords,
      'activity:read',
      'rights:read',
      'rights:append',
      'rights:erase',
      'keys:close',
      'keys:erase',
      'mirror:read',
      'mirror:write',
      'lookup:read',
      'lookup:write',
      'user-pool:erase',
      'suppression:erase',
      'push:forget',
      'exports:erase',
      'files:erase',
      'downloads:sweep',
      'keys-recovery:describe',
      'mirror-recovery:describe',
      'recovery:list',
      'proofs:sign',
    ],
    triggers: [
      { stream: 'transient', keyPrefix: 'ERASURE-JOB#' },
      { schedule: 'rate(5 minutes)' },
      // After a stop: `{ "resume": "org_…" }`.
      { operator: true },
    ],
    alarms: {
      'erasure-incomplete': 'An erasure could not be completed; it is tried again',
      'erasures-stopped':
        'More people of one organisation were erased in an hour than a bug may erase: look, then resume',
    },
    timeoutSeconds: 600,
    memoryMegabytes: 512,
  },
  /**
   * Restores the service from a backup, on an operator's word; once a month the drill of it. The only function that makes
   * and removes tables, and that writes the gate. It holds no right to destroy a key, to send mail or on the user pool.
   */
  restore: {
    entry: 'lambdas/functions/restore.ts',
    needs: [
      ...changingRecords,
      'activity:read',
      'activity:mark',
      'log-state:write',
      'rights:read',
      'rights:append',
      'rights:erase',
      'lookup:read',
      'lookup:write',
      'gate:read',
      'gate:write',
      'gate:describe',
      'generations:make',
      'generations:fill',
      'drill:use',
      'stream-mappings:make',
      'import-log:write',
      'backup:read',
      'offline:read',
      'log:read',
      'files:bring-back',
    ],
    triggers: [{ schedule: 'rate(1 minute)' }, { operator: true }],
    alarms: {
      'restore-refused': 'A restore has stopped and waits for somebody: the service stays closed',
      'restore-failing': 'A step of a restore keeps failing; it is tried again every minute',
      'gate-left-closed': 'The service is closed, and no restore is under way',
      'erasure-without-traces': 'An erasure no longer knows its user in Cognito: remove that by hand (SM-12)',
      'drill-failed': 'The monthly drill could not restore a backup: find out why before it is needed (FW-11)',
    },
    timeoutSeconds: 900,
    memoryMegabytes: 1024,
  },
  /** Finds second factors that were changed behind our back. */
  reconcile: {
    entry: 'lambdas/functions/reconcile.ts',
    needs: [
      'user-pool:list',
      'core:read',
      'core:write',
      'keys:use',
      'lookup:read',
      'organisation-key:open',
      'activity:append',
    ],
    triggers: [{ schedule: 'cron(45 3 * * ? *)', timeZone: 'Europe/Oslo' }],
    timeoutSeconds: 900,
    memoryMegabytes: 512,
  },
  /** Whether what the promises rest on (policies, locks, terms, recovery) is still as it was deployed. */
  guarantees: {
    entry: 'lambdas/functions/guarantees.ts',
    needs: ['tables:describe', 'buckets:describe', 'recovery:list', 'core:write', 'activity:append'],
    triggers: [{ schedule: 'cron(15 5 * * ? *)', timeZone: 'Europe/Oslo' }],
    alarms: { 'guarantee-broken': 'A setting that a promise rests on is not as it was deployed: the log names it' },
    timeoutSeconds: 120,
    memoryMegabytes: 256,
  },
  /** `npm run ops`: the first platform operator of a fresh deployment. */
  ops: {
    entry: 'lambdas/functions/ops.ts',
    needs: [
      'organisation-key:create',
      'organisation-key:open',
      'user-pool:invite',
      'lookup:read',
      'lookup:write',
      'core:read',
      'core:write',
      'keys:use',
      'activity:append',
    ],
    triggers: [{ operator: true }],
    timeoutSeconds: 30,
    memoryMegabytes: 256,
  },
  /** Around each password: counts attempts, holds up whoever guesses, and tells whose account it is. */
  signInTriggers: {
    entry: 'lambdas/functions/sign-in-triggers.ts',
    needs: [
      'core:read',
      'core:write',
      'keys:use',
      'lookup:read',
      'organisation-key:open',
      'activity:append',
      'transient:read',
      'transient:write',
    ],
    triggers: [{ userPool: 'PreAuthentication' }, { userPool: 'PostAuthentication' }],
    alarms: {
      'sign-in-not-counted': 'Attempts to sign in could not be counted: whoever guesses passwords is not held up',
    },
    timeoutSeconds: 5,
    memoryMegabytes: 512,
  },
  /** Puts together how the service was used on the days that are over, and throws away what told people apart. */
  usageClock: {
    entry: 'lambdas/functions/usage-clock.ts',
    needs: [
      'core:read',
      'core:write',
      'rights:read',
      'keys:use',
      'organisation-key:open',
      'activity:append',
      'transient:read',
      'transient:write',
    ],
    triggers: [{ schedule: 'rate(1 hour)' }],
    timeoutSeconds: 300,
    memoryMegabytes: 512,
  },
  customMessage: {
    entry: 'lambdas/functions/custom-message.ts',
    needs: [],
    triggers: [{ userPool: 'CustomMessage' }],
    timeoutSeconds: 5,
    memoryMegabytes: 256,
  },
  /** Makes the copies that people ask for, and ends them after seven days. */
  exporter: {
    entry: 'lambdas/functions/exporter.ts',
    needs: [
      'core:read',
      'core:write',
      'rights:read',
      'rights:append',
      'transient:read',
      'transient:write',
      'activity:read',
      'activity:append',
      'keys:use',
      'organisation-key:open',
      'files:read',
      'exports:write',
      'downloads:sweep',
      'log:read',
      'proofs:sign',
    ],
    triggers: [{ stream: 'transient', keyPrefix: 'EXPORT-JOB#' }, { schedule: 'rate(15 minutes)' }],
    timeoutSeconds: 900,
    memoryMegabytes: 1024,
    concurrencyMax: 2,
  },
  /** Reads uploaded registers, takes in those that have been approved, and goes on with what was left behind. */
  importer: {
    entry: 'lambdas/functions/import-worker.ts',
    needs: [
      'quarantine:read',
      'transient:read',
      'transient:write',
      'core:read',
      'core:write',
      'keys:use',
      'lookup:read',
      'lookup:write',
      'organisation-key:open',
      'activity:append',
    ],
    triggers: [
      { objectsCreatedIn: 'quarantine', under: 'imports/' },
      { stream: 'transient', keyPrefix: 'IMPORT-JOB#' },
      { schedule: 'rate(15 minutes)' },
    ],
    timeoutSeconds: 900,
    memoryMegabytes: 1024,
    concurrencyMax: 2,
  },
} satisfies Record<string, WorkerFunction>;
