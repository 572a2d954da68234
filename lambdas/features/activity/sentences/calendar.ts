import type { EventSentences } from '../sentences.ts';

/** Events in the calendar, and the answers to them. */
export const calendarSentences = {
  'calendar.seen': { nb: '{who} så kalenderen til {whom}.', en: '{who} looked at the calendar of {whom}.' },
  'calendar.reminders-planned': {
    nb: '{who} satte opp dagens påminnelser fra kalenderen.',
    en: '{who} planned the day’s reminders from the calendar.',
  },
  'calendar-event.created': { nb: '{who} la noe inn i kalenderen.', en: '{who} added something to the calendar.' },
  'calendar-event.changed': { nb: '{who} endret noe i kalenderen.', en: '{who} changed something in the calendar.' },
  'calendar-event.cancelled': {
    nb: '{who} avlyste noe i kalenderen.',
    en: '{who} cancelled something in the calendar.',
  },
  'calendar-event.removed': {
    nb: '{who} slettet en hendelse som var over for mer enn et år siden.',
    en: '{who} removed an event that ended more than a year ago.',
  },
  'calendar-event.row-dropped': {
    nb: '{who} ryddet i kalenderen etter en hendelse som var borte.',
    en: '{who} tidied up after an event that was gone from the calendar.',
  },
  'calendar-event.people-told': {
    nb: '{who} ga beskjed om noe i kalenderen til {whom}.',
    en: '{who} gave word of something in the calendar of {whom}.',
  },
  'calendar-event.told': {
    nb: '{who} ble ferdig med å gi beskjed om en hendelse.',
    en: '{who} finished telling people about an event.',
  },
  'event-answer.given': {
    nb: '{who} svarte på en invitasjon for {whom}.',
    en: '{who} answered an invitation for {whom}.',
  },
} as const satisfies EventSentences;
