import type { Language } from '../../http/call.ts';
import { categoryOf, noticeKinds, type Template } from '../notices/notice.ts';

/** Why a notice cannot be declined. */
export const necessities = [
  'safety',
  'alarms',
  'security',
  'asked-for',
  'rights',
  'agreement',
  'plans',
  'answer-expected',
  'task',
  'gathered',
] as const;
export type Necessity = (typeof necessities)[number];

/** Every notice in no category, with the reason why it is in none; a test holds that none is missing. */
export const necessityOf: Readonly<Partial<Record<Template, Necessity>>> = {
  'not-arrived': 'safety',
  'alarm-waiting': 'alarms',
  'alarm-again': 'alarms',
  'alarm-taken': 'alarms',
  'alarm-over': 'alarms',
  'device-waiting': 'alarms',
  'email-change-confirm': 'security',
  'email-changed': 'security',
  'totp-reset': 'security',
  'sign-in-new': 'security',
  'sign-ins-failed': 'security',
  'invoice-ready': 'agreement',
  'invoice-reminder': 'agreement',
  'abuse-reported': 'task',
  'abuse-report-handled': 'asked-for',
  invitation: 'asked-for',
  'activity-export-ready': 'asked-for',
  'organisation-export-ready': 'asked-for',
  'export-ready': 'asked-for',
  'claim-answer': 'asked-for',
  'claim-certificate': 'asked-for',
  'claim-code': 'asked-for',
  'dpo-confirm': 'asked-for',
  'dpo-answer': 'asked-for',
  'dpo-answer-link': 'asked-for',
  'job-test': 'asked-for',
  'form-confirm': 'asked-for',
  'subscription-begun': 'asked-for',
  'enquiry-answered': 'asked-for',
  'ticket-answered': 'asked-for',
  'correction-answered': 'asked-for',
  'sign-up': 'asked-for',
  'erasure-done': 'rights',
  'breach-person': 'rights',
  'sub-processor-change': 'rights',
  'request-received': 'rights',
  'request-waiting': 'rights',
  'request-extended': 'rights',
  'request-refused': 'rights',
  'request-met': 'rights',
  'request-in-force': 'rights',
  'request-ending': 'rights',
  'request-incomplete': 'rights',
  'request-about-child': 'rights',
  'request-rectified': 'rights',
  'statement-changed': 'rights',
  'consent-asked-anew': 'rights',
  'consent-withdrawn': 'rights',
  'agreement-ends': 'agreement',
  'agreement-choice-reminder': 'agreement',
  'agreement-deletion': 'agreement',
  'agreement-data-gone': 'agreement',
  'event-invited': 'plans',
  'event-changed': 'plans',
  'event-cancelled': 'plans',
  'own-event-invited': 'plans',
  'own-event-changed': 'plans',
  'own-event-cancelled': 'plans',
  'slot-booked': 'plans',
  'slot-cancelled': 'plans',
  'slot-taken': 'plans',
  'slot-moved': 'plans',
  'slot-freed': 'plans',
  'document-about-child': 'answer-expected',
  'document-for-you': 'answer-expected',
  'dpo-message': 'task',
  'breach-told': 'task',
  'request-to-decide': 'task',
  'request-due': 'task',
  'request-overdue': 'task',
  'log-checkpoint': 'task',
  'addresses-unreachable': 'task',
  'enquiry-waiting': 'task',
  'ticket-waiting': 'task',
  'correction-waiting': 'task',
  digest: 'gathered',
};

/** What cannot be declined, by the reason why, in the order in which it is told. */
export const whatIsNecessary = (language: Language) =>
  necessities.map((because) => ({
    because,
    why: reasons[because][language],
    notices: everyTemplate.filter(
      (template) => categoryOf(template) === undefined && necessityOf[template] === because,
    ),
  }));

const everyTemplate = Object.keys(noticeKinds) as Template[];

export const reasons: Readonly<Record<Necessity, Readonly<Record<Language, string>>>> = {
  safety: { nb: 'Det gjelder sikkerheten til et barn.', en: 'It concerns the safety of a child.' },
  alarms: {
    nb: 'Du er mottaker av alarmer: en alarm kommer på de måtene som er bestemt for den.',
    en: 'You are a receiver of alarms: an alarm comes by the ways that have been chosen for it.',
  },
  security: { nb: 'Det gjelder sikkerheten til kontoen din.', en: 'It concerns the security of your account.' },
  'asked-for': { nb: 'Du, eller noen for deg, har bedt om det.', en: 'You, or somebody for you, asked for it.' },
  rights: {
    nb: 'Det gjelder rettighetene dine, og loven sier at du skal få vite det.',
    en: 'It concerns your rights, and the law says that you must be told.',
  },
  agreement: {
    nb: 'Det gjelder avtalen om Vern, og hva som skjer med opplysningene.',
    en: 'It concerns the agreement about Vern, and what becomes of the data.',
  },
  plans: {
    nb: 'Det gjelder en avtale med deg: den er ny, endret eller avlyst.',
    en: 'It concerns an appointment with you: it is new, changed or cancelled.',
  },
  'answer-expected': {
    nb: 'Noen venter på at du leser og svarer.',
    en: 'Somebody waits for you to read and answer.',
  },
  task: { nb: 'Det er en oppgave som følger med rollen din.', en: 'It is a task that comes with your role.' },
  gathered: { nb: 'Det er det du selv har valgt å få samlet.', en: 'It is what you chose to get gathered.' },
};
