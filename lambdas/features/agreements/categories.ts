import type { Profile } from '../../access/roles.ts';
import type { EntityDeclaration } from '../../platform/entity.ts';
import { abuseReportEntity } from '../abuse-reports/abuse-report.ts';
import { idempotentAnswerEntity } from '../access/idempotent-answer.ts';
import { accessGrantEntity, roleEntity, roleSessionEntity, undertakingEntity } from '../access/role.ts';
import { accountEntity, accountLinkEntity, lastSignInEntity, signInEntity } from '../accounts/account.ts';
import { emailChangeEntity } from '../accounts/email-change.ts';
import { activityExportEntity } from '../activity/export.ts';
import { agreementEndEntity } from '../agreement-end/end.ts';
import { organisationExportEntity } from '../agreement-end/organisation-export.ts';
import { alarmEntity } from '../alarms/alarm.ts';
import { alarmConfigurationEntity, personalAlarmConfigurationEntity } from '../alarms/configuration.ts';
import { attendanceDayEntity } from '../attendance/attendance-day.ts';
import { billingPlanEntity } from '../billing/plan.ts';
import { calendarEventEntity, eventAnswerEntity, personCalendarEventEntity } from '../calendar/event.ts';
import { calendarFeedEntity } from '../calendar-feed/feed.ts';
import { chatEntity } from '../chats/chat.ts';
import { healthEntryEntity, logEntryEntity } from '../child-log/entry.ts';
import { childLogSettingsEntity } from '../child-log/settings.ts';
import { claimEntity } from '../claims/claim.ts';
import { consentEventEntity } from '../consents/consent.ts';
import { consentedInformationEntity, consentedPictureEntity } from '../consents/consented-information.ts';
import { purposeEntity, purposeVersionEntity } from '../consents/purpose.ts';
import { correctionEntity, registerCorrectionEntity } from '../corrections/correction.ts';
import { custodyEntity } from '../custody/custody.ts';
import { customerContactEntity, customerEntity } from '../customers/customer.ts';
import { messageEntity, threadEntity, unconfirmedMessageEntity } from '../data-protection-officer/thread.ts';
import { deviceEventEntity } from '../device-events/device-event.ts';
import { deviceEntity } from '../devices/device.ts';
import { distributionJobEntity } from '../distribution/job.ts';
import { documentReceiptEntity, personDocumentEntity, sharedDocumentEntity } from '../documents/document.ts';
import { enquiryEntity } from '../enquiries/enquiry.ts';
import { erasureEntity } from '../erasure/erasure.ts';
import { erasureTracesEntity } from '../erasure/traces.ts';
import { usageCountsEntity } from '../erasure/usage.ts';
import { carriedDaysEntity } from '../exports/carried-days.ts';
import { exportEntity } from '../exports/export.ts';
import { originEntity } from '../exports/origin.ts';
import { uploadedFileEntity } from '../files/file.ts';
import { publicFormsEntity, submissionEntity } from '../forms/form.ts';
import { geofenceEntity, sharedGeofenceEntity } from '../geofences/geofence.ts';
import { importDecisionsEntity, importEntity, importRowsEntity } from '../imports/import.ts';
import { invitationEntity, joinRequestEntity, registrationEvidenceEntity } from '../invitations/invitation.ts';
import {
  invoiceDocumentEntity,
  invoiceEntity,
  operatorInvoiceDocumentEntity,
  operatorInvoiceEntity,
} from '../invoices/invoice.ts';
import { announcementEntity } from '../messages/announcement.ts';
import { draftEntity } from '../messages/draft.ts';
import { outOfOfficeEntity } from '../messages/out-of-office.ts';
import { messageThreadEntity, threadMessageEntity } from '../messages/thread.ts';
import { undeliverableNumberEntity } from '../notices/channels/undeliverable-number.ts';
import { noticeEntity } from '../notices/notice.ts';
import { declinedNoticesEntity, noticePreferencesEntity } from '../notices/preferences.ts';
import { undeliverableAddressEntity } from '../notices/undeliverable.ts';
import { openEventEntity, signUpEntity } from '../open-events/open-event.ts';
import { agreementAcceptanceEntity } from '../organisations/agreement-acceptance.ts';
import { departmentEntity, groupEntity, organisationEntity } from '../organisations/organisation.ts';
import { blockEntity, guardianLinkEntity, personEntity } from '../people/person.ts';
import { photoEntity } from '../photos/photo.ts';
import { pictureEntity } from '../pictures/picture.ts';
import { customerAgreementEntity } from '../platform-staff/customer-agreement.ts';
import { whereaboutsEntity } from '../positions/whereabouts.ts';
import { priceListEntity } from '../price-lists/price-list.ts';
import { qualificationEntity } from '../qualifications/qualification.ts';
import { receiverEntity } from '../receivers/receiver.ts';
import { secondFactorResetEntity } from '../recovery/second-factor-reset.ts';
import { breachEntity, incidentEntity } from '../registers/breach.ts';
import {
  accountDisclosureEntity,
  disclosureEntity,
  operatorDisclosureEntity,
  personDisclosureEntity,
} from '../registers/disclosure.ts';
import { specialCategoryAgreementEntity } from '../registers/special-category.ts';
import { subProcessorObjectionEntity } from '../registers/sub-processor-objection.ts';
import { legalHoldEntity } from '../requests/hold.ts';
import { accountRectificationEntity, rectificationEntity } from '../requests/rectified-values.ts';
import { replyAddressEntity, requestEntity, requestTextEntity } from '../requests/request.ts';
import { closureEntity } from '../reservations/closure.ts';
import { reservationRulesEntity } from '../reservations/rules.ts';
import { staffingEntity } from '../reservations/staffing.ts';
import { standingWeeksEntity } from '../reservations/standing-week.ts';
import { retentionAdjustmentsEntity } from '../retention/adjustments.ts';
import type { Kept } from '../retention/terms.ts';
import { safetyDeviceEntity } from '../safety-devices/safety-device.ts';
import { serviceClientEntity } from '../service-clients/service-client.ts';
import { siteEntity, siteEntryEntity } from '../sites/site.ts';
import { slotBookingEntity } from '../slots/booking.ts';
import { slotOfferEntity } from '../slots/slot-offer.ts';
import { acknowledgementEntity } from '../statements/acknowledgement.ts';
import { statementMailingEntity } from '../statements/mailing.ts';
import { statementEntity } from '../statements/published.ts';
import { subscriptionConsentEntity, subscriptionEntity } from '../subscriptions/subscription.ts';
import { answerEntity } from '../surveys/answer.ts';
import { surveyEntity } from '../surveys/survey.ts';
import { ticketSettingsEntity } from '../tickets/settings.ts';
import { supportTicketEntity, supportTicketEntryEntity, ticketEntity, ticketEntryEntity } from '../tickets/ticket.ts';
import { clockPositionEntity } from '../time-clock/clock-position.ts';
import { timeClockSettingsEntity } from '../time-clock/settings.ts';
import { workDayEntity } from '../time-clock/work-day.ts';
import { timesheetEntity } from '../timesheets/timesheet.ts';
import { usageDayEntity } from '../usage/usage-day.ts';
import { usageCategoriesEntity, usageEventEntity, usageSettingsEntity } from '../usage/usage-event.ts';
import { webhookEntity, webhookMessageEntity } from '../webhooks/webhook.ts';
import { workingTimeEntity } from '../working-time/arrangement.ts';
import type { Bilingual } from './document.ts';

/**
 * What the declared entities are called towards people. The legal facts (our role, basis, Article 9, term) are read from
 * the declarations themselves, which must agree within a category; a test finds an entity that stands in none.
 */
export interface Category {
  readonly entities: readonly [EntityDeclaration, ...EntityDeclaration[]];
  /** Absent: under every profile. */
  readonly profiles?: readonly Profile[];
  readonly what: Bilingual;
  readonly purpose: Bilingual;
  readonly subjects: Subjects;
  /** Where a row expires before the term of its key: by which term of the policy. */
  readonly keptAtMost?: Kept;
}
/** Everyone the organisation has registered, those who sign in, those who work there, or anyone outside it. */
export type Subjects = 'registered' | 'dependants' | 'users' | 'staff' | 'outsiders';

export const categories: readonly Category[] = [
  {
    entities: [personEntity],
    subjects: 'registered',
    what: {
      nb: 'Navn, e-post, telefon, adresse, fødselsdato, stilling, språk, skjult adresse, merknad, opphold i gruppe',
      en: 'Name, e-mail, phone, address, birth date, position, language, protected address, note, placements in groups',
    },
    purpose: {
      nb: 'å vite hvem virksomheten har ansvar for, og hvem som arbeider der',
      en: 'to know who the organisation serves and who works there',
    },
  },
  {
    entities: [originEntity],
    subjects: 'registered',
    what: {
      nb: 'Hvor opplysninger kommer fra når noen tar dem med fra en annen virksomhet',
      en: 'Where data comes from when a person brings it from another organisation',
    },
    purpose: {
      nb: 'å vite hvem virksomheten har ansvar for, og hvem som arbeider der',
      en: 'to know who the organisation serves and who works there',
    },
  },
  {
    entities: [exportEntity, organisationExportEntity, activityExportEntity],
    subjects: 'registered',
    what: {
      nb: 'Kopier som noen har bedt om: når, hvilken tilstand, hva som ble utelatt og hvorfor',
      en: 'Copies that people asked for: when, their state, what was left out and why',
    },
    purpose: {
      nb: 'å gi den enkelte en kopi av det som er registrert',
      en: 'to hand a person a copy of what is held about them',
    },
  },
  {
    entities: [pictureEntity],
    profiles: ['family', 'kindergarten'],
    subjects: 'registered',
    what: {
      nb: 'Bilde av personen, uten opplysninger om sted eller kamera',
      en: 'Picture of the person, without anything about place or camera',
    },
    purpose: { nb: 'å kjenne igjen hvem som er hvem', en: 'to recognise who is who' },
  },
  {
    entities: [guardianLinkEntity],
    profiles: ['family', 'kindergarten', 'safety'],
    subjects: 'dependants',
    what: {
      nb: 'Hvem som er foresatt eller pårørende, og hva de har rett til',
      en: 'Who is a guardian or relative, and what they may do',
    },
    purpose: {
      nb: 'å vite hvem som kan bestemme, få beskjed og hente',
      en: 'to know who may decide, be told and pick up',
    },
  },
  {
    entities: [blockEntity],
    profiles: ['family', 'kindergarten', 'safety'],
    subjects: 'dependants',
    what: { nb: 'Sperre mellom et barn og en voksen', en: 'A block between a child and a grown-up' },
    purpose: { nb: 'å holde en voksen borte fra et barn', en: 'to keep a grown-up from a child' },
  },
  {
    entities: [attendanceDayEntity, carriedDaysEntity],
    profiles: ['family', 'kindergarten'],
    subjects: 'dependants',
    what: {
      nb: 'Oppmøte: ventet, krysset inn og ut, fravær, rettelser, og hvem som registrerte det',
      en: 'Attendance: expected, checked in and out, absence, corrections, and who registered it',
    },
    purpose: {
      nb: 'å vite hvem som er ventet, hvem som er til stede, og siden når',
      en: 'to know who is expected, who is there and since when',
    },
  },
  {
    entities: [logEntryEntity],
    profiles: ['family', 'kindergarten'],
    subjects: 'dependants',
    what: {
      nb: 'Dagslogg: søvn, måltider, bleieskift og notater uten helseopplysninger, rettelser, og hvem som skrev',
      en: 'Child log: sleep, meals, nappy changes and notes without health data, corrections, and who wrote them',
    },
    purpose: {
      nb: 'å fortelle foresatte og ansatte hvordan dagen til barnet har vært',
      en: 'to tell guardians and staff how a child’s day was',
    },
  },
  {
    entities: [healthEntryEntity],
    profiles: ['family', 'kindergarten'],
    subjects: 'dependants',
    what: {
      nb: 'Dagslogg om helse: medisin, mengde, hvem som ga den og hvem som bekreftet, hendelser, notater om helse',
      en: 'Child log on health: medicine, dose, who gave and who confirmed it, incidents, notes on health',
    },
    purpose: {
      nb: 'å ta vare på et barn som trenger medisin eller har slått seg, og si fra til de foresatte',
      en: 'to look after a child that needs medicine or was hurt, and to tell its guardians',
    },
  },
  {
    entities: [photoEntity],
    profiles: ['family', 'kindergarten'],
    subjects: 'dependants',
    what: {
      nb: 'Bilder av dagen: bildet, når og i hvilken gruppe det er tatt, hvem som er med, tekst',
      en: 'Photos of the day: the photo, when and in which group it was taken, who is shown, caption',
    },
    purpose: {
      nb: 'å vise foresatte bilder fra dagen til barnet',
      en: 'to show guardians pictures of their child’s day',
    },
  },
  {
    entities: [safetyDeviceEntity],
    profiles: ['safety'],
    subjects: 'registered',
    what: {
      nb: 'Trygghetsenheter: slag, navn, hvor ofte de skal melde seg, og når de ble tatt i bruk',
      en: 'Safety devices: kind, name, how often they must report, and since when they are in service',
    },
    purpose: {
      nb: 'å vite med hvilke enheter noen kaller på hjelp',
      en: 'to know by which devices somebody calls for help',
    },
  },
  {
    entities: [receiverEntity],
    profiles: ['safety'],
    subjects: 'registered',
    what: {
      nb: 'Hvem som mottar alarmer og kan se posisjonen, når, og på hvilke måter',
      en: 'Who receives alarms and may see positions, when, and in which ways',
    },
    purpose: {
      nb: 'å vite hvem som varsles når noen trenger hjelp, og hvem som kan se hvor de er',
      en: 'to know who is told when somebody needs help, and who may see where they are',
    },
  },
  {
    entities: [geofenceEntity],
    profiles: ['safety'],
    subjects: 'registered',
    what: {
      nb: 'Områder på kartet, når de gjelder, og om det varsles når noen kommer eller går',
      en: 'Areas on the map, when they count, and whether coming or going is told',
    },
    purpose: {
      nb: 'å merke når noen kommer eller går der det betyr noe for sikkerheten',
      en: 'to notice when somebody comes or goes where that matters for their safety',
    },
  },
  {
    entities: [sharedGeofenceEntity],
    profiles: ['safety'],
    subjects: 'staff',
    what: {
      nb: 'Felles områder på kartet, når de gjelder, og hvem som tegnet dem',
      en: 'Areas on the map for many, when they count, and who drew them',
    },
    purpose: {
      nb: 'å merke når noen kommer eller går der det betyr noe for sikkerheten til mange',
      en: 'to notice when somebody comes or goes where that matters for the safety of many',
    },
  },
  {
    entities: [deviceEventEntity, whereaboutsEntity],
    profiles: ['safety'],
    subjects: 'registered',
    what: {
      nb: 'Det trygghetsenhetene sender: posisjoner, alarmer, fall, strøm og egenkontroll',
      en: 'What safety devices send: positions, alarms, falls, power and self-checks',
    },
    purpose: {
      nb: 'å finne og hjelpe den som kaller, faller eller er borte',
      en: 'to find and help whoever calls, falls or is lost',
    },
  },
  {
    entities: [alarmEntity],
    profiles: ['safety'],
    subjects: 'registered',
    what: {
      nb: 'Alarmer: når, hva slags, hvem som ble varslet, hvem som tok den, og utfallet',
      en: 'Alarms: when, of what kind, who was told, who took it, and the outcome',
    },
    purpose: {
      nb: 'å få hjelp fram til den som trenger det, og vite at den kom',
      en: 'to bring help to whoever needs it, and to know that it came',
    },
  },
  {
    entities: [personalAlarmConfigurationEntity],
    profiles: ['safety'],
    subjects: 'registered',
    what: {
      nb: 'Hvem som varsles om alarmene til én person, på hvilke måter og når',
      en: 'Who is told of one person’s alarms, by which ways and when',
    },
    purpose: {
      nb: 'å varsle de rette i rett rekkefølge',
      en: 'to tell the right ones in the right order',
    },
  },
  {
    entities: [alarmConfigurationEntity],
    profiles: ['safety'],
    subjects: 'staff',
    what: {
      nb: 'Hvem som varsles om alarmer i virksomheten og avdelingene, på hvilke måter og når',
      en: 'Who is told of alarms in the organisation and its departments, by which ways and when',
    },
    purpose: {
      nb: 'å varsle de rette i rett rekkefølge',
      en: 'to tell the right ones in the right order',
    },
  },
  {
    entities: [standingWeeksEntity],
    profiles: ['family', 'kindergarten'],
    subjects: 'dependants',
    what: { nb: 'Når barnet vanligvis kommer og går', en: 'When the child usually comes and leaves' },
    purpose: {
      nb: 'å vite hvem som er ventet, uten å spørre hver uke',
      en: 'to know who is expected, without asking every week',
    },
  },
  {
    entities: [custodyEntity],
    profiles: ['family', 'kindergarten'],
    subjects: 'dependants',
    what: {
      nb: 'Hvilket av to hjem barnet er i på hvilke dager, uten adresser',
      en: 'In which of two homes the child is on which days, without addresses',
    },
    purpose: {
      nb: 'å minne den forelderen som har barnet, og ikke den andre',
      en: 'to remind the guardian who has the child, and not the other',
    },
  },
  {
    entities: [reservationRulesEntity, closureEntity, staffingEntity],
    profiles: ['family', 'kindergarten'],
    subjects: 'staff',
    what: {
      nb: 'Åpningsdager, frister, stengte dager, og antall ansatte som er planlagt',
      en: 'Open days, deadlines, closed days, and how many of the staff are planned',
    },
    purpose: {
      nb: 'å planlegge dagene og ha nok ansatte',
      en: 'to plan the days and have enough staff',
    },
  },
  {
    entities: [importEntity, importRowsEntity, importDecisionsEntity],
    subjects: 'registered',
    what: {
      nb: 'Registre som virksomheten leser inn: radene, og hva som ble besluttet om dem',
      en: 'Registers that the organisation takes in: their rows, and what was decided about them',
    },
    purpose: {
      nb: 'å ta inn virksomhetens eget register når de ansatte har godkjent endringene',
      en: 'to take in the organisation’s own register once its staff have approved the changes',
    },
  },
  {
    entities: [roleEntity, accountLinkEntity, invitationEntity],
    subjects: 'users',
    what: { nb: 'Roller, kobling til konto, invitasjoner', en: 'Roles, link to an account, invitations' },
    purpose: { nb: 'å avgjøre hvem som kan se og gjøre hva', en: 'to decide who may see and do what' },
  },
  {
    entities: [joinRequestEntity],
    subjects: 'users',
    what: { nb: 'Forespørsler om å bli med: e-post og navn', en: 'Requests to join: e-mail and name' },
    purpose: {
      nb: 'å la en administrator avgjøre hvem som hører til',
      en: 'to let an administrator decide who belongs to the organisation',
    },
    keptAtMost: 'join-request',
  },
  {
    entities: [
      undertakingEntity,
      registrationEvidenceEntity,
      consentEventEntity,
      subscriptionConsentEntity,
      acknowledgementEntity,
    ],
    subjects: 'users',
    what: {
      nb: 'Taushetserklæringer, bekreftelser og samtykker: hvilken tekst, når og på hvilket språk',
      en: 'Undertakings of confidentiality, acknowledgements and consents: which text, when and in which language',
    },
    purpose: {
      nb: 'å kunne vise hva den enkelte har fått se, bekreftet og samtykket til',
      en: 'to prove what a person was shown, acknowledged and consented to',
    },
  },
  {
    entities: [personDocumentEntity],
    subjects: 'registered',
    what: {
      nb: 'Dokumenter om én person: avtaler, planer, rapporter og skjemaer, med alle utgaver',
      en: 'Documents about one person: agreements, plans, reports and forms, with all their editions',
    },
    purpose: {
      nb: 'å gi avtaler, planer og rapporter til dem de gjelder',
      en: 'to hand agreements, plans and reports to those whom they concern',
    },
  },
  {
    entities: [sharedDocumentEntity],
    subjects: 'staff',
    what: {
      nb: 'Dokumenter som virksomheten deler med en gruppe, en avdeling eller alle',
      en: 'Documents that the organisation shares with a group, a department or everybody',
    },
    purpose: {
      nb: 'å gi avtaler, planer og rapporter til dem de gjelder',
      en: 'to hand agreements, plans and reports to those whom they concern',
    },
  },
  {
    entities: [documentReceiptEntity],
    subjects: 'users',
    what: {
      nb: 'Hvilke dokumenter den enkelte har åpnet og bekreftet, og når',
      en: 'Which documents a person has opened and confirmed, and when',
    },
    purpose: {
      nb: 'å vite hvem som har lest det de er bedt om å lese',
      en: 'to know who has read what they were asked to read',
    },
  },
  {
    entities: [uploadedFileEntity],
    subjects: 'users',
    what: {
      nb: 'Filer som er lastet opp og ikke tatt i bruk: navn, type og størrelse',
      en: 'Files that were uploaded and not taken into use: name, type and size',
    },
    purpose: { nb: 'å kontrollere en fil før noen åpner den', en: 'to check a file before anybody opens it' },
  },
  {
    entities: [messageThreadEntity, threadMessageEntity],
    subjects: 'dependants',
    what: {
      nb: 'Samtaler: emne, tekst, vedlegg, hvem som fikk dem, og hva som er lest når',
      en: 'Conversations: subject, text, attachments, who got them, and what was read when',
    },
    purpose: {
      nb: 'å la de ansatte og dem de hjelper, skrive til hverandre uten at andre leser med',
      en: 'to let staff and those whom they serve write to each other, and nobody else read along',
    },
  },
  {
    entities: [draftEntity, outOfOfficeEntity],
    subjects: 'users',
    what: {
      nb: 'Utkast til meldinger; når en ansatt er borte, og hva den som skriver skal få vite',
      en: 'Drafts of messages; when a member of staff is away, and what whoever writes is told',
    },
    purpose: {
      nb: 'å ta vare på det noen har begynt å skrive, og å si fra at en ansatt er borte',
      en: 'to keep what somebody has begun to write, and to say that a member of staff is away',
    },
  },
  {
    entities: [announcementEntity],
    subjects: 'staff',
    what: {
      nb: 'Oppslag til grupper, avdelinger eller alle: tekst, hvem som skrev, og hvor mange som fikk det',
      en: 'Notices to groups, departments or everybody: text, who wrote it, and how many got it',
    },
    purpose: {
      nb: 'å si det samme til en gruppe, en avdeling eller alle',
      en: 'to tell a group, a department or everybody the same thing',
    },
  },
  {
    entities: [declinedNoticesEntity, noticePreferencesEntity],
    subjects: 'users',
    what: {
      nb: 'Hvilke meldinger den enkelte vil ha, hvordan og når, og hvilke den har slått av',
      en: 'Which messages a person wishes, how and when, and which they have turned off',
    },
    purpose: {
      nb: 'å skrive til den enkelte slik den ønsker',
      en: 'to write to each person as they wish',
    },
  },
  {
    entities: [serviceClientEntity, webhookEntity],
    subjects: 'staff',
    what: {
      nb: 'Programmer som virksomheten har gitt tilgang, hva de kan gjøre, og systemer som får beskjed om endringer',
      en: 'Programs that the organisation has given access, what they may do, and systems that are told of changes',
    },
    purpose: {
      nb: 'å slippe inn virksomhetens egne programmer med ikke mer enn de trenger',
      en: "to let the organisation's own programs in with no more than they need",
    },
  },
  {
    entities: [webhookMessageEntity],
    subjects: 'registered',
    what: {
      nb: 'Beskjeder til virksomhetens egne systemer om at noe er endret: bare id-er, og om de kom fram',
      en: "Word to the organisation's own systems that something has changed: ids alone, and whether it arrived",
    },
    purpose: {
      nb: 'å holde virksomhetens egne systemer oppdatert',
      en: "to keep the organisation's own systems in step",
    },
    keptAtMost: 'webhook-message',
  },
  {
    entities: [noticeEntity, undeliverableAddressEntity, undeliverableNumberEntity],
    subjects: 'users',
    what: {
      nb: 'Hvilke meldinger som er sendt, når og med hvilket utfall; adresser og numre som ikke tar imot',
      en: 'Which messages were sent, when and with what outcome; addresses that refuse mail',
    },
    purpose: {
      nb: 'å gi beskjed, og å kunne vise at det ble gitt beskjed',
      en: 'to tell people what they need to know, and to show that they were told',
    },
  },
  {
    entities: [
      organisationEntity,
      publicFormsEntity,
      openEventEntity,
      departmentEntity,
      groupEntity,
      accessGrantEntity,
      retentionAdjustmentsEntity,
      specialCategoryAgreementEntity,
      childLogSettingsEntity,
      timeClockSettingsEntity,
      agreementEndEntity,
    ],
    subjects: 'staff',
    what: {
      nb: 'Virksomhetens innstillinger, avdelinger og grupper; tillatelser gitt til driftens ansatte',
      en: 'The organisation’s settings, departments and groups; grants given to the operator’s staff',
    },
    purpose: { nb: 'å drive tjenesten for virksomheten', en: 'to run the service for the organisation' },
  },
  {
    entities: [personDisclosureEntity],
    subjects: 'registered',
    what: {
      nb: 'Utleveringer om deg som loven eller en myndighet har pålagt: til hvem, med hvilken hjemmel og hva',
      en: 'Disclosures about you that the law or an authority ordered: to whom, by which right, and what',
    },
    purpose: { nb: 'å vise hva som er utlevert om deg', en: 'to show what has been disclosed about you' },
  },
  {
    entities: [disclosureEntity],
    subjects: 'registered',
    what: { nb: 'Register over utleveringer etter pålegg', en: 'Register of disclosures on lawful order' },
    purpose: {
      nb: 'å dokumentere hver utlevering som loven eller en myndighet har pålagt',
      en: 'to record each disclosure that the law or an authority ordered',
    },
  },
  {
    entities: [breachEntity],
    subjects: 'staff',
    what: {
      nb: 'Register over sikkerhetsbrudd: hva som har skjedd, tiltak, kontaktperson, og hvem som besluttet hva',
      en: 'Register of breaches: what happened, measures, contact, and who decided what',
    },
    purpose: {
      nb: 'å dokumentere brudd, melde dem i tide og varsle dem som er berørt',
      en: 'to document breaches, report them in time and tell those affected',
    },
  },
  {
    entities: [accountEntity, lastSignInEntity],
    subjects: 'users',
    what: {
      nb: 'Konto: e-post, navn, telefon, språk, innstillinger, siste pålogging',
      en: 'Account: e-mail, name, phone, language, settings, last sign-in',
    },
    purpose: {
      nb: 'å la deg logge på og beholde innstillingene dine',
      en: 'to let you sign in and keep your settings',
    },
  },
  {
    entities: [invoiceEntity, invoiceDocumentEntity],
    subjects: 'outsiders',
    what: {
      nb: 'Fakturaer og kreditnotaer til virksomhetens kunder: firma, linjer, beløp, betaling, påminnelser, dokumentene',
      en: 'Invoices and credit notes to the organisation’s customers: company, lines, amounts, payment, reminders, documents',
    },
    purpose: {
      nb: 'å få betalt, og føre det regnskapet loven krever',
      en: 'to be paid, and to keep the accounts that the law demands',
    },
  },
  {
    entities: [operatorInvoiceEntity, operatorInvoiceDocumentEntity],
    subjects: 'outsiders',
    what: {
      nb: 'Fakturaer og kreditnotaer fra Vern til virksomheten: firma, linjer, beløp, betaling, påminnelser, dokumentene',
      en: 'Invoices and credit notes from Vern to the organisation: company, lines, amounts, payment, reminders, documents',
    },
    purpose: {
      nb: 'å få betalt, og føre det regnskapet loven krever',
      en: 'to be paid, and to keep the accounts that the law demands',
    },
  },
  {
    entities: [priceListEntity, billingPlanEntity],
    subjects: 'outsiders',
    what: {
      nb: 'Prislister, og hva hver kunde betaler hver måned',
      en: 'Price lists, and what each customer pays every month',
    },
    purpose: { nb: 'å fakturere det som er avtalt', en: 'to invoice what was agreed' },
  },
  {
    entities: [customerAgreementEntity],
    subjects: 'staff',
    what: {
      nb: 'Kundeavtalen: virksomhetens navn og adresse, lederens navn, e-post og telefon',
      en: 'The customer agreement: the organisation’s name and address, its manager’s name, e-mail and phone',
    },
    purpose: { nb: 'å gi kunden tilgang og å fakturere', en: 'to give the customer access and to invoice it' },
  },
  {
    entities: [agreementAcceptanceEntity],
    subjects: 'staff',
    what: {
      nb: 'Hvem som godtok databehandleravtalen, når og hvilken versjon',
      en: 'Who accepted the data-processing agreement, when and which version',
    },
    purpose: {
      nb: 'å kunne vise hvem som har godtatt hvilken avtale',
      en: 'to prove who accepted which agreement',
    },
  },
  {
    entities: [emailChangeEntity],
    subjects: 'users',
    what: { nb: 'Ny e-postadresse som venter på bekreftelse', en: 'A new e-mail address that waits to be confirmed' },
    purpose: {
      nb: 'å bytte adresse bare når eieren bekrefter den',
      en: 'to change an address only when its owner confirms it',
    },
  },
  {
    entities: [slotBookingEntity],
    profiles: ['family', 'kindergarten', 'safety'],
    subjects: 'dependants',
    what: {
      nb: 'Bestilte timer hos ansatte: når, hos hvem, og hvem som bestilte',
      en: 'Booked times with staff: when, with whom, and who booked them',
    },
    purpose: {
      nb: 'å la foresatte velge en time for en samtale med ansatte',
      en: 'to let guardians choose a time for a conversation with staff',
    },
    keptAtMost: 'slot',
  },
  {
    entities: [calendarEventEntity],
    subjects: 'staff',
    what: {
      nb: 'Kalender for virksomheten, avdelinger og grupper: hva som skjer når, hva en skal ha med, og vedlegg',
      en: 'Calendar of the organisation, its departments and groups: what happens when, what to bring, and attachments',
    },
    purpose: {
      nb: 'å planlegge dagene sammen og fortelle hva som skjer',
      en: 'to plan days together and to tell people what happens when',
    },
    keptAtMost: 'past-event',
  },
  {
    entities: [personCalendarEventEntity, eventAnswerEntity],
    subjects: 'users',
    what: {
      nb: 'Egne hendelser i kalenderen, og svar på invitasjoner',
      en: 'Events of a person’s own in the calendar, and answers to invitations',
    },
    purpose: {
      nb: 'å avtale det som gjelder den enkelte, og vite hvem som kommer',
      en: 'to arrange what concerns one person, and to know who comes',
    },
  },
  {
    entities: [slotOfferEntity],
    profiles: ['family', 'kindergarten', 'safety'],
    subjects: 'staff',
    what: {
      nb: 'Timer som kan bestilles: når, hos hvem, for hvilken gruppe eller hvilke barn',
      en: 'Times that can be booked: when, with whom, for which group or children',
    },
    purpose: {
      nb: 'å la foresatte velge en time for en samtale med ansatte',
      en: 'to let guardians choose a time for a conversation with staff',
    },
    keptAtMost: 'slot',
  },
  {
    entities: [distributionJobEntity],
    subjects: 'staff',
    what: {
      nb: 'Utsendinger til mange: tekst, hvem de er til, hvem som skrev og startet dem, og hvor langt de er kommet',
      en: 'Notices to many: text, whom they are for, who wrote and started them, and how far they have come',
    },
    purpose: {
      nb: 'å sende det samme til mange, og vise hvem som gjorde det',
      en: 'to send the same to many, and to show who did',
    },
  },
  {
    entities: [surveyEntity, answerEntity],
    subjects: 'users',
    what: {
      nb: 'Undersøkelser, og svar på dem som ingen kan knytte til en person',
      en: 'Surveys, and answers to them that nobody can tie to a person',
    },
    purpose: {
      nb: 'å spørre dem som vil bli spurt, uten å vite hvem som svarer hva',
      en: 'to ask those who want to be asked, without knowing who answers what',
    },
    keptAtMost: 'survey',
  },
  {
    entities: [workDayEntity],
    profiles: ['workplace'],
    subjects: 'users',
    what: {
      nb: 'Timer: når noen stemplet inn, ut og tok pause, for hvilken kunde, og rettelser',
      en: 'Hours: when somebody clocked in, out and for a break, for which customer, and corrections',
    },
    purpose: {
      nb: 'å vite hvem som har arbeidet når, og å lønne det',
      en: 'to know who worked when, and to pay for it',
    },
  },
  {
    entities: [clockPositionEntity],
    profiles: ['workplace'],
    subjects: 'users',
    what: {
      nb: 'Hvor noen stemplet inn og ut, og hos hvilken kunde, der det er slått på',
      en: 'Where somebody clocked in and out, and at which customer, where that is turned on',
    },
    purpose: {
      nb: 'å vise at arbeidet ble gjort hos kunden',
      en: 'to show that work was done at the customer',
    },
  },
  {
    entities: [timesheetEntity],
    profiles: ['workplace'],
    subjects: 'users',
    what: {
      nb: 'Godkjente timelister: minutter per dag og kunde, hvem som godkjente, og hvem de gjelder (som kode)',
      en: 'Approved time sheets: minutes by day and customer, who approved them, and whose they are (as a code)',
    },
    purpose: {
      nb: 'å betale lønn, og å kunne vise hva den er betalt etter',
      en: 'to pay wages, and to show what they were paid by',
    },
  },
  {
    entities: [workingTimeEntity],
    profiles: ['workplace'],
    subjects: 'users',
    what: {
      nb: 'Avtale om arbeidstid og ansattnummer',
      en: 'Agreement on working time and employee number',
    },
    purpose: { nb: 'å vite hva som er avtalt', en: 'to know what was agreed' },
  },
  {
    entities: [qualificationEntity],
    profiles: ['workplace'],
    subjects: 'users',
    what: { nb: 'Kurs, sertifikater og utdanning', en: 'Courses, certificates and education' },
    purpose: {
      nb: 'å vite hvem som kan gjøre hva, og hva som må fornyes',
      en: 'to know who may do what, and what has to be renewed',
    },
  },
  {
    entities: [siteEntity],
    profiles: ['workplace'],
    subjects: 'users',
    what: {
      nb: 'Byggeplasser: navn, adresse, byggherre, arbeidsgiver, og når arbeidet varer',
      en: 'Sites: name, address, client, employer, and when the works last',
    },
    purpose: {
      nb: 'å vite hvor det arbeides, og hvor lenge',
      en: 'to know where works go on, and for how long',
    },
  },
  {
    entities: [siteEntryEntity],
    profiles: ['workplace'],
    subjects: 'users',
    what: {
      nb: 'Oversiktslisten på byggeplassen: navn, fødselsdato, arbeidsgiver, organisasjonsnummer, HMS-kort, når noen kom og gikk',
      en: 'The list of a site: name, date of birth, employer, organisation number, HSE card, when somebody came and left',
    },
    purpose: {
      nb: 'å ha den listen over hvem som er på plassen som loven krever',
      en: 'to have the list of who is on the site that the law demands',
    },
  },
  {
    entities: [deviceEntity],
    subjects: 'users',
    what: {
      nb: 'Telefoner og nettbrett som varsles: hvilken plattform, adressen hos Amazon SNS, når de ble lagt til og sist sett',
      en: 'Phones and tablets that are told: which platform, the address at Amazon SNS, when they were added and last seen',
    },
    purpose: {
      nb: 'å si fra på egne enheter om at noe venter',
      en: 'to tell people on their own devices that something waits',
    },
  },
  {
    entities: [calendarFeedEntity],
    subjects: 'users',
    what: {
      nb: 'Kalenderadresser: navn, hva de forteller, når de ble laget og sist lest, og en kontrollsum',
      en: 'Calendar addresses: name, what they tell, when they were made and last read, and a digest',
    },
    purpose: {
      nb: 'å la en person følge kalenderen i sin egen app',
      en: 'to let a person follow their calendar in an app of their own',
    },
    keptAtMost: 'calendar-feed',
  },
  {
    entities: [signInEntity],
    subjects: 'users',
    what: {
      nb: 'Pålogginger: når, fra hvilket nett og med hvilken nettleser',
      en: 'Sign-ins: when, from which network and with which browser',
    },
    purpose: { nb: 'å vise deg påloggingene dine og avdekke misbruk', en: 'to show you your sign-ins and find misuse' },
  },
  {
    entities: [accountDisclosureEntity],
    subjects: 'users',
    what: {
      nb: 'Utleveringer om kontoen din som loven eller en myndighet har pålagt',
      en: 'Disclosures about your account that the law or an authority ordered',
    },
    purpose: { nb: 'å vise hva som er utlevert om deg', en: 'to show what has been disclosed about you' },
  },
  {
    entities: [operatorDisclosureEntity],
    subjects: 'users',
    what: {
      nb: 'Register over utleveringer om kontoer etter pålegg',
      en: 'Register of disclosures about accounts on lawful order',
    },
    purpose: {
      nb: 'å dokumentere hver utlevering som loven eller en myndighet har pålagt',
      en: 'to record each disclosure that the law or an authority ordered',
    },
  },
  {
    entities: [incidentEntity],
    subjects: 'staff',
    what: {
      nb: 'Leverandørens register over egne sikkerhetsbrudd',
      en: 'The supplier’s register of its own breaches',
    },
    purpose: {
      nb: 'å dokumentere brudd, melde dem i tide og varsle dem som er berørt',
      en: 'to document breaches, report them in time and tell those affected',
    },
  },
  {
    entities: [subProcessorObjectionEntity],
    subjects: 'staff',
    what: {
      nb: 'Innvendinger mot nye underleverandører, og hvem som meldte dem',
      en: 'Objections to new sub-processors, and who made them',
    },
    purpose: {
      nb: 'å vite hvem som har innvendinger mot en endring, og hvorfor',
      en: 'to know who objects to a change, and why',
    },
  },
  {
    entities: [requestEntity, legalHoldEntity],
    subjects: 'registered',
    what: {
      nb: 'Henvendelser om rettigheter: hva, når, frist og utfall; lovpålagt bevaring',
      en: 'Requests about rights: what, when, deadline and outcome; legal holds',
    },
    purpose: {
      nb: 'å svare i tide, og å kunne vise at det ble svart',
      en: 'to answer in time, and to show that it was answered',
    },
  },
  {
    entities: [requestTextEntity, replyAddressEntity, claimEntity],
    subjects: 'registered',
    what: {
      nb: 'Det som ble skrevet i en henvendelse, og adressen svaret skal til',
      en: 'What was written in a request, and the address that the answer goes to',
    },
    purpose: { nb: 'å forstå og besvare henvendelsen', en: 'to understand and answer the request' },
  },
  {
    entities: [enquiryEntity, submissionEntity],
    subjects: 'outsiders',
    what: {
      nb: 'Henvendelser fra et skjema: navn, e-post, telefon, hva det gjelder, og svarene; skjemaer som ikke er bekreftet',
      en: 'Enquiries from a form: name, e-mail, phone, what they are about, and the answers; forms not yet confirmed',
    },
    purpose: { nb: 'å svare den som spør virksomheten om noe', en: 'to answer who asks the organisation something' },
    keptAtMost: 'enquiry',
  },
  {
    entities: [ticketEntity, ticketEntryEntity, correctionEntity],
    subjects: 'registered',
    what: {
      nb: 'Saker: hva noen ber om hjelp til, svar, merknader, tid og vedlegg; rettelser som er foreslått',
      en: 'Tickets: what people ask help with, answers, notes, time and attachments; corrections proposed',
    },
    purpose: {
      nb: 'å hjelpe den som ber om hjelp, og følge det opp',
      en: 'to help who asks for help, and to follow it up',
    },
  },
  {
    entities: [supportTicketEntity, supportTicketEntryEntity],
    subjects: 'users',
    what: {
      nb: 'Saker hos leverandøren: hva noen spør om tjenesten, og svarene',
      en: 'Tickets at the operator: what people ask about the service, and the answers',
    },
    purpose: {
      nb: 'å hjelpe den som bruker tjenesten, og følge det opp',
      en: 'to help who uses the service, and to follow it up',
    },
  },
  {
    entities: [chatEntity],
    subjects: 'outsiders',
    what: {
      nb: 'Chat: meldinger, IP-adresse, enhet, og navn og sted hvis det er oppgitt, fra chatten begynte',
      en: 'Chats: messages, IP address, device, and name and place if stated, from when the chat began',
    },
    purpose: {
      nb: 'å svare den som spør i en chat, og oppdage misbruk',
      en: 'to answer who asks in a chat, and to find misuse',
    },
  },
  {
    entities: [customerContactEntity],
    subjects: 'registered',
    what: { nb: 'Hvilken kunde noen er kontakt for', en: 'Which customer somebody is a contact of' },
    purpose: { nb: 'å vite hvem som kan spørre for en kunde', en: 'to know who may ask for a customer' },
  },
  {
    entities: [customerEntity, ticketSettingsEntity, registerCorrectionEntity],
    subjects: 'staff',
    what: {
      nb: 'Kunder: navn, organisasjonsnummer, adresse, avtalt svartid, med kilde; rettelser fra åpne registre',
      en: 'Customers: name, organisation number, address, agreed time to an answer, with their source; corrections from open registers',
    },
    purpose: {
      nb: 'å vite hvem virksomheten har avtale med',
      en: 'to know whom the organisation has agreements with',
    },
  },
  {
    entities: [signUpEntity],
    subjects: 'outsiders',
    what: {
      nb: 'Påmeldinger til åpne arrangementer: navn, e-post, antall, og telefon og adresse der det trengs',
      en: 'Sign-ups for open events: name, e-mail, how many, and phone and address where needed',
    },
    purpose: { nb: 'å vite hvem som kommer til et åpent arrangement', en: 'to know who comes to an open event' },
    keptAtMost: 'sign-up',
  },
  {
    entities: [subscriptionEntity],
    subjects: 'outsiders',
    what: { nb: 'Abonnement på nyhetsbrevet: e-post, språk', en: 'Subscriptions to the newsletter: e-mail, language' },
    purpose: {
      nb: 'å sende nyhetsbrevet til dem som har bedt om det',
      en: 'to send the newsletter to those who asked for it',
    },
    keptAtMost: 'subscription',
  },
  {
    entities: [threadEntity, messageEntity, unconfirmedMessageEntity],
    subjects: 'users',
    what: {
      nb: 'Meldinger til personvernombudet og svarene på dem; bare ombudet kan lese dem',
      en: 'Messages to the data-protection officer and the answers to them; the officer alone can read them',
    },
    purpose: {
      nb: 'å la alle snakke med personvernombudet i fortrolighet',
      en: 'to let anyone talk to the data-protection officer in confidence',
    },
    keptAtMost: 'officer-thread',
  },
  {
    entities: [rectificationEntity],
    subjects: 'registered',
    what: { nb: 'Det som er rettet: de riktige verdiene', en: 'What was put right: the values that are right' },
    purpose: {
      nb: 'å beholde rettelsen, også når systemet gjenopprettes',
      en: 'to keep what was put right, also after a restore',
    },
  },
  {
    entities: [accountRectificationEntity],
    subjects: 'users',
    what: { nb: 'Det som er rettet på kontoen', en: 'What was put right on the account' },
    purpose: {
      nb: 'å beholde rettelsen, også når systemet gjenopprettes',
      en: 'to keep what was put right, also after a restore',
    },
  },
  {
    entities: [erasureEntity],
    subjects: 'registered',
    what: {
      nb: 'Slettinger: hvem (som kode), når, hvorfor, kontrollen og den signerte bekreftelsen',
      en: 'Erasures: of whom (as a code), when, why, the check and the signed certificate',
    },
    purpose: { nb: 'å kunne vise at det ble slettet', en: 'to prove that it was erased' },
  },
  {
    entities: [erasureTracesEntity],
    subjects: 'registered',
    what: {
      nb: 'Adresser og koder som trengs for å slette alt, mens slettingen pågår',
      en: 'Addresses and codes that are needed to erase everything, while the erasure runs',
    },
    purpose: {
      nb: 'å finne alt som skal bort, også utenfor databasen',
      en: 'to find everything that has to go, outside the database too',
    },
  },
  {
    entities: [usageDayEntity],
    subjects: 'staff',
    what: {
      nb: 'Hvor mye hver del av tjenesten brukes per dag, og med hvilke nettlesere, uten hvem',
      en: 'How much each part of the service is used a day, and with which browsers, without who',
    },
    purpose: {
      nb: 'å vite hvordan tjenesten brukes, uten å vite av hvem',
      en: 'to know how the service is used, without knowing by whom',
    },
  },
  {
    entities: [usageEventEntity],
    profiles: ['workplace'],
    subjects: 'users',
    what: {
      nb: 'Bruk av tjenesten: når, hvilken funksjon, hvilke opplysninger (som koder), hva slags enhet og nettleser',
      en: 'Use of the service: when, which function, which data (as codes), what kind of device and browser',
    },
    purpose: {
      nb: 'å vise deg hvordan du bruker tjenesten, og avdekke misbruk; ingen andre leser det',
      en: 'to show you how you use the service, and to find misuse; nobody else reads it',
    },
  },
  {
    entities: [usageCategoriesEntity],
    profiles: ['workplace'],
    subjects: 'users',
    what: {
      nb: 'Automatisk inndeling etter bruk: hvilke deler av tjenesten du bruker ofte, av og til eller sjelden',
      en: 'Automatic categories by use: which parts of the service you use frequently, occasionally or rarely',
    },
    purpose: {
      nb: 'å vise deg det du bruker mest, først; bare du ser det, og du kan protestere',
      en: 'to show you first what you use most; only you see it, and you can object',
    },
  },
  {
    entities: [usageSettingsEntity],
    profiles: ['workplace'],
    subjects: 'staff',
    what: {
      nb: 'Om ansatte deles inn etter bruk',
      en: 'Whether employees are categorised by use',
    },
    purpose: {
      nb: 'å huske hva virksomheten har bestemt',
      en: 'to keep what the organisation has decided',
    },
  },
  {
    entities: [abuseReportEntity],
    subjects: 'users',
    what: {
      nb: 'Rapporter om misbruk: meldingen, hvem som skrev og rapporterte den, hvorfor, og hva som ble gjort',
      en: 'Reports of misuse: the message, who wrote and who reported it, why, and what was done',
    },
    purpose: { nb: 'å stoppe misbruk av meldinger', en: 'to stop misuse of messages' },
  },
  {
    entities: [usageCountsEntity],
    subjects: 'staff',
    what: {
      nb: 'Antall hendelser per måned fra slettede brukere, uten hvem',
      en: 'Counts of events per month of erased users, without who',
    },
    purpose: {
      nb: 'å vite hvordan tjenesten brukes, uten å vite av hvem',
      en: 'to know how the service is used, without knowing by whom',
    },
  },
  {
    entities: [consentedInformationEntity],
    subjects: 'registered',
    what: {
      nb: 'Opplysninger som bygger på samtykke: for eksempel fødselsdato, stilling eller adresse',
      en: 'What rests on consent: a date of birth, a position or an address, for example',
    },
    purpose: {
      nb: 'å ta vare på det den enkelte har samtykket til å dele, ut over det tjenesten trenger',
      en: 'to keep what a person has agreed to share beyond what the service needs',
    },
  },
  {
    entities: [consentedPictureEntity],
    subjects: 'registered',
    what: { nb: 'Bilde som bygger på samtykke', en: 'A picture that rests on consent' },
    purpose: {
      nb: 'å vise et bilde av den som har samtykket til det',
      en: 'to show a picture of whoever has consented to it',
    },
  },
  {
    entities: [purposeEntity, purposeVersionEntity, statementEntity, statementMailingEntity],
    subjects: 'staff',
    what: {
      nb: 'Personvernerklæringer, og det folk blir bedt om å samtykke til: tekstene, og hvem som ga dem ut',
      en: 'Privacy statements, and what people are asked to consent to: the texts, and who published them',
    },
    purpose: {
      nb: 'å si hva opplysningene brukes til, og å kunne vise hva som er sagt',
      en: 'to say what the data is used for, and to prove what was said',
    },
  },
  {
    entities: [roleSessionEntity, idempotentAnswerEntity, secondFactorResetEntity],
    subjects: 'users',
    what: {
      nb: 'Åpne roller, svar på gjentatte forespørsler, nullstilling av totrinnsbekreftelse som er i gang',
      en: 'Open roles, answers to repeated requests, a reset of the second factor that is under way',
    },
    purpose: {
      nb: 'å holde en rolle åpen i en halv time, å utføre en gjentatt forespørsel én gang, og å slippe inn igjen den som har mistet totrinnsbekreftelsen',
      en: 'to keep a role open for half an hour, to carry out a repeated request once, and to let in again whoever lost their second factor',
    },
  },
];

export const isUnder = (profile: Profile) => (category: Category) => category.profiles?.includes(profile) ?? true;
