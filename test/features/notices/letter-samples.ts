import type { Facts } from '../../../lambdas/features/notices/letters/phrases.ts';
import type { NoticeContent, Template } from '../../../lambdas/features/notices/notice.ts';
import { anId } from '../../support/store.ts';

const token = 'k'.repeat(32);
const at = '2026-10-25T00:30:00.000Z';
const childId = anId('per');
const aboutRequest = {
  requestId: anId('req'),
  dueAt: at,
  timeZone: 'Europe/Oslo',
  hasAccount: true,
  extendedFor: 'complexity' as const,
  endsAt: at,
};
const aboutAlarm = { alarmId: anId('alm'), recipientId: childId, at };
const aboutChild = { requestId: anId('req'), childIds: [childId] };
const words = {
  jobId: anId('job'),
  subject: 'Sommerfest 20. juni',
  text: 'Vi griller i hagen fra klokken 16.\n\nTa gjerne med noe å sitte på.',
};
/** One of every notice there is: a new template does not compile without one, and a test names what is missing. */
export const samples: { readonly [T in Template]: Extract<NoticeContent, { template: T }> } = {
  'checked-in': { template: 'checked-in', parameters: { childId, at } },
  'not-arrived': { template: 'not-arrived', parameters: { childId, expectedAt: at } },
  'alarm-waiting': { template: 'alarm-waiting', parameters: { ...aboutAlarm, token } },
  'alarm-again': { template: 'alarm-again', parameters: { ...aboutAlarm, token } },
  'device-waiting': { template: 'device-waiting', parameters: { ...aboutAlarm, token } },
  'alarm-taken': { template: 'alarm-taken', parameters: aboutAlarm },
  'alarm-over': { template: 'alarm-over', parameters: aboutAlarm },
  'message-waiting': { template: 'message-waiting', parameters: { childId, from: 'leader', isSensitive: false } },
  'message-waiting-for-you': {
    template: 'message-waiting-for-you',
    parameters: { from: 'guardian', isSensitive: true },
  },
  'announcement-waiting': { template: 'announcement-waiting', parameters: { from: 'leader' } },
  'ticket-answered': {
    template: 'ticket-answered',
    parameters: { number: '261122-7KQ4', token, expiresAt: at, mailToken: '0'.repeat(40) },
  },
  'ticket-waiting': { template: 'ticket-waiting', parameters: { number: '261122-7KQ4', at } },
  'correction-waiting': { template: 'correction-waiting', parameters: { at } },
  'correction-answered': { template: 'correction-answered', parameters: { at } },
  'addresses-unreachable': { template: 'addresses-unreachable', parameters: {} },
  'slot-booked': { template: 'slot-booked', parameters: { childId, at } },
  'slot-cancelled': { template: 'slot-cancelled', parameters: { childId, at } },
  'slot-taken': { template: 'slot-taken', parameters: { at } },
  'slot-moved': { template: 'slot-moved', parameters: { from: at, at } },
  'slot-freed': { template: 'slot-freed', parameters: { at } },
  invitation: {
    template: 'invitation',
    parameters: { token, expiresAt: at, role: 'guardian', childIds: [childId] },
  },
  'email-change-confirm': { template: 'email-change-confirm', parameters: { token, expiresAt: at } },
  'email-changed': { template: 'email-changed', parameters: { at } },
  'service-client-created': { template: 'service-client-created', parameters: { name: 'Adgangskontroll' } },
  'service-client-ended': { template: 'service-client-ended', parameters: { name: 'Adgangskontroll' } },
  'webhook-disabled': { template: 'webhook-disabled', parameters: { host: 'hooks.example.no' } },
  'sign-in-new': {
    template: 'sign-in-new',
    parameters: { at, novelty: 'browser-and-network', browser: 'Firefox' },
  },
  'sign-ins-failed': { template: 'sign-ins-failed', parameters: { at } },
  'abuse-reported': { template: 'abuse-reported', parameters: {} },
  'abuse-report-handled': { template: 'abuse-report-handled', parameters: {} },
  'statement-changed': {
    template: 'statement-changed',
    parameters: { version: '2026-11-21.2e5e95e7aab9505a', token, expiresAt: at },
  },
  'consent-asked-anew': {
    template: 'consent-asked-anew',
    parameters: { because: 'age', answerBefore: '2026-11-24', childIds: [childId] },
  },
  'consent-withdrawn': { template: 'consent-withdrawn', parameters: { at, childIds: [childId] } },
  'sub-processor-change': {
    template: 'sub-processor-change',
    parameters: { kind: 'add', supplier: 'Melding AS', effectiveOn: '2026-12-23', objectBefore: '2026-12-22' },
  },
  'breach-told': {
    template: 'breach-told',
    parameters: { breachId: anId('brc'), phase: 1, knownAt: at, reportDueAt: at },
  },
  'breach-person': {
    template: 'breach-person',
    parameters: {
      nb: { whatHappened: 'Feil liste.', consequences: 'Lite.', measures: 'Slettet.', contact: 'Ring oss.' },
      en: { whatHappened: 'Wrong list.', consequences: 'Little.', measures: 'Deleted.', contact: 'Call us.' },
    },
  },
  'daily-summary': {
    template: 'daily-summary',
    parameters: { childId, sleeps: 1, meals: 3, nappies: 2, notes: 0, expiresAt: at },
  },
  'job-news': { template: 'job-news', parameters: words },
  'job-newsletter': { template: 'job-newsletter', parameters: words },
  'job-survey': { template: 'job-survey', parameters: { ...words, token } },
  'job-test': { template: 'job-test', parameters: { ...words, kind: 'news' } },
  digest: {
    template: 'digest',
    parameters: { items: [{ id: anId('ntc'), template: 'event-tomorrow', parameters: {} }] },
  },
  'document-about-child': { template: 'document-about-child', parameters: { childId, asked: 'confirmation' } },
  'document-for-you': { template: 'document-for-you', parameters: { asked: 'opening' } },
  'event-invited': { template: 'event-invited', parameters: { childId, expiresAt: at, day: '2026-12-04' } },
  'event-changed': { template: 'event-changed', parameters: { childId, expiresAt: at, day: '2026-12-04' } },
  'event-cancelled': { template: 'event-cancelled', parameters: { childId, expiresAt: at, day: '2026-12-04' } },
  'event-tomorrow': { template: 'event-tomorrow', parameters: { childId, expiresAt: at, day: '2026-12-04' } },
  'event-unanswered': { template: 'event-unanswered', parameters: { childId, expiresAt: at, day: '2026-12-04' } },
  'own-event-invited': { template: 'own-event-invited', parameters: { expiresAt: at, day: '2026-12-04' } },
  'own-event-changed': { template: 'own-event-changed', parameters: { expiresAt: at, day: '2026-12-04' } },
  'own-event-cancelled': { template: 'own-event-cancelled', parameters: { expiresAt: at, day: '2026-12-04' } },
  'own-event-tomorrow': { template: 'own-event-tomorrow', parameters: { expiresAt: at, day: '2026-12-04' } },
  'own-event-unanswered': { template: 'own-event-unanswered', parameters: { expiresAt: at, day: '2026-12-04' } },
  'own-certificate-expires': { template: 'own-certificate-expires', parameters: { expiresAt: at, day: '2026-12-04' } },
  'certificate-expires': { template: 'certificate-expires', parameters: { expiresAt: at, day: '2026-12-04' } },
  'still-clocked-in': { template: 'still-clocked-in', parameters: { expiresAt: at, since: at } },
  'times-due': {
    template: 'times-due',
    parameters: { childId, expiresAt: at, from: '2026-11-30', until: '2026-12-04' },
  },
  'holiday-answer-due': {
    template: 'holiday-answer-due',
    parameters: { childId, expiresAt: at, from: '2026-12-21', until: '2026-12-21' },
  },
  'claim-answer': { template: 'claim-answer', parameters: { token, expiresAt: at } },
  'export-ready': { template: 'export-ready', parameters: { expiresAt: at, childIds: [childId] } },
  'erasure-done': { template: 'erasure-done', parameters: { what: 'person', at } },
  'claim-certificate': { template: 'claim-certificate', parameters: { token, expiresAt: at } },
  'claim-code': { template: 'claim-code', parameters: { code: '123456', expiresAt: at } },
  'dpo-confirm': { template: 'dpo-confirm', parameters: { token, expiresAt: at } },
  'dpo-answer': { template: 'dpo-answer', parameters: { at } },
  'form-confirm': { template: 'form-confirm', parameters: { form: 'newsletter', token, expiresAt: at } },
  'subscription-begun': { template: 'subscription-begun', parameters: { token, expiresAt: at } },
  'enquiry-answered': { template: 'enquiry-answered', parameters: { token, expiresAt: at } },
  'invoice-ready': { template: 'invoice-ready', parameters: { token, expiresAt: at, kind: 'invoice' } },
  'invoice-reminder': { template: 'invoice-reminder', parameters: { token, expiresAt: at, kind: 'invoice' } },
  'enquiry-waiting': { template: 'enquiry-waiting', parameters: { at } },
  'sign-up': { template: 'sign-up', parameters: { what: 'waiting', token, expiresAt: at } },
  'dpo-answer-link': { template: 'dpo-answer-link', parameters: { token, expiresAt: at } },
  'dpo-message': { template: 'dpo-message', parameters: { at } },
  'agreement-ends': {
    template: 'agreement-ends',
    parameters: { endsOn: '2026-12-31', deletedOn: '2027-04-01', agreementErasedOn: '2027-02-01' },
  },
  'agreement-choice-reminder': {
    template: 'agreement-choice-reminder',
    parameters: { endsOn: '2026-12-31', deletedOn: '2027-04-01' },
  },
  'agreement-deletion': {
    template: 'agreement-deletion',
    parameters: { endsOn: '2026-12-31', deletedOn: '2027-04-01' },
  },
  'activity-export-ready': { template: 'activity-export-ready', parameters: { expiresAt: at } },
  'organisation-export-ready': { template: 'organisation-export-ready', parameters: { expiresAt: at } },
  'agreement-data-gone': { template: 'agreement-data-gone', parameters: { at } },
  'request-received': { template: 'request-received', parameters: aboutRequest },
  'request-waiting': { template: 'request-waiting', parameters: aboutRequest },
  'request-extended': { template: 'request-extended', parameters: aboutRequest },
  'request-refused': { template: 'request-refused', parameters: aboutRequest },
  'request-met': { template: 'request-met', parameters: aboutRequest },
  'request-in-force': { template: 'request-in-force', parameters: aboutRequest },
  'request-ending': { template: 'request-ending', parameters: aboutRequest },
  'request-incomplete': { template: 'request-incomplete', parameters: aboutRequest },
  'request-to-decide': { template: 'request-to-decide', parameters: aboutRequest },
  'request-due': { template: 'request-due', parameters: aboutRequest },
  'request-overdue': { template: 'request-overdue', parameters: aboutRequest },
  'request-about-child': { template: 'request-about-child', parameters: aboutChild },
  'request-rectified': { template: 'request-rectified', parameters: aboutChild },
  'log-checkpoint': {
    template: 'log-checkpoint',
    parameters: {
      events: 12,
      signedAt: at,
      text: 'vern/dev/log/org\n12\n',
      keysUrl: 'https://api.vern.example/v1/proofs/keys',
    },
  },
  'totp-reset': { template: 'totp-reset', parameters: { token, expiresAt: at } },
};
/** What a letter to a guardian in Oslo may say; `but` changes it. */
export const factsBut = (but: Partial<Facts> = {}): Facts => ({
  language: 'nb',
  organisation: { name: 'Solbakken barnehage', profile: 'kindergarten', timeZone: 'Europe/Oslo' },
  isProtected: false,
  childFirstName: 'Åse',
  linkUrl: (secret) => `https://api.vern.example/l/${secret}`,
  declineUrl: 'https://api.vern.example/l/decline',
  preferencesUrl: 'https://api.vern.example/l/preferences',
  lines: [
    { text: 'Åse skal ha med noe', paragraphs: ['Det er noe å ta med fredag 4. desember.'] },
    { text: 'Et dokument venter på deg (2)', paragraphs: [], url: 'https://api.vern.example/d' },
  ],
  ...but,
});
