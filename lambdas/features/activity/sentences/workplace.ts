import type { EventSentences } from '../sentences.ts';

/** Hours, time sheets, qualifications and sites. */
export const workplaceSentences = {
  'work-hours.seen': { nb: '{who} så timene til {whom}.', en: '{who} looked at the hours of {whom}.' },
  'clock-positions.seen': {
    nb: '{who} så på stedene for stemplingene til {whom}.',
    en: '{who} looked at the places of clocking in and out of {whom}.',
  },
  'time-clock.stamped-in': { nb: '{who} stemplet inn for {whom}.', en: '{who} clocked in for {whom}.' },
  'time-clock.stamped-out': { nb: '{who} stemplet ut for {whom}.', en: '{who} clocked out for {whom}.' },
  'time-clock.break-begun': { nb: '{who} begynte en pause for {whom}.', en: '{who} began a break for {whom}.' },
  'time-clock.break-ended': { nb: '{who} avsluttet en pause for {whom}.', en: '{who} ended a break for {whom}.' },
  'time-clock.asked': {
    nb: '{who} spurte {whom} om en stempling mangler.',
    en: '{who} asked {whom} whether a stamp is missing.',
  },
  'time-clock.settings-changed': {
    nb: '{who} endret hvordan stemplingen brukes.',
    en: '{who} changed how the time clock is used.',
  },
  'hours.corrected': { nb: '{who} rettet timene til {whom}.', en: '{who} corrected the hours of {whom}.' },
  'timesheets.seen': { nb: '{who} så timelister for {whom}.', en: '{who} looked at time sheets of {whom}.' },
  'payroll.seen': {
    nb: '{who} hentet godkjente timer til lønnskjøringen.',
    en: '{who} took out approved hours for the payroll.',
  },
  'timesheet.approved': {
    nb: '{who} godkjente timelisten til {whom}.',
    en: '{who} approved the time sheet of {whom}.',
  },
  'timesheet.reopened': {
    nb: '{who} åpnet timelisten til {whom} igjen.',
    en: '{who} reopened the time sheet of {whom}.',
  },
  'timesheet.ended': {
    nb: '{who} lot en timeliste slettes, fordi tiden den skal tas vare på er over.',
    en: '{who} had a time sheet erased, because the time for keeping it is over.',
  },
  'working-time.seen': {
    nb: '{who} så avtalen om arbeidstiden til {whom}.',
    en: '{who} looked at the agreement on the working time of {whom}.',
  },
  'working-time.changed': {
    nb: '{who} endret avtalen om arbeidstiden til {whom}.',
    en: '{who} changed the agreement on the working time of {whom}.',
  },
  'qualifications.seen': {
    nb: '{who} så kurs og sertifikater til {whom}.',
    en: '{who} looked at courses and certificates of {whom}.',
  },
  'qualification.added': {
    nb: '{who} la inn et kurs eller sertifikat for {whom}.',
    en: '{who} added a course or certificate of {whom}.',
  },
  'qualification.changed': {
    nb: '{who} endret et kurs eller sertifikat for {whom}.',
    en: '{who} changed a course or certificate of {whom}.',
  },
  'qualification.removed': {
    nb: '{who} fjernet et kurs eller sertifikat for {whom}.',
    en: '{who} removed a course or certificate of {whom}.',
  },
  'qualification.reminded': {
    nb: '{who} minnet om et kurs eller sertifikat som går ut for {whom}.',
    en: '{who} reminded of a course or certificate of {whom} that expires.',
  },
  'site.created': { nb: '{who} opprettet en byggeplass.', en: '{who} registered a site.' },
  'site.changed': { nb: '{who} endret en byggeplass.', en: '{who} changed a site.' },
  'site.code-made': {
    nb: '{who} laget koden ved porten til en byggeplass.',
    en: '{who} made the code at the gate of a site.',
  },
  'site.ended': {
    nb: '{who} lot en byggeplass og oversiktslisten slettes, fordi tiden er over.',
    en: '{who} had a site and its list erased, because their time is over.',
  },
  'site-entry.came': {
    nb: '{who} registrerte at {whom} kom til en byggeplass.',
    en: '{who} registered that {whom} came to a site.',
  },
  'site-entry.left': {
    nb: '{who} registrerte at {whom} gikk fra en byggeplass.',
    en: '{who} registered that {whom} left a site.',
  },
  'site-list.somebody-came': {
    nb: '{who} registrerte at noen kom til en byggeplass.',
    en: '{who} registered that somebody came to a site.',
  },
  'site-list.somebody-left': {
    nb: '{who} registrerte at noen gikk fra en byggeplass.',
    en: '{who} registered that somebody left a site.',
  },
  'site-list.seen': { nb: '{who} så oversiktslisten for en byggeplass.', en: '{who} looked at the list of a site.' },
  'site-list.inspector-invited': {
    nb: '{who} laget en lenke for tilsyn med en byggeplass.',
    en: '{who} made a link for the inspection of a site.',
  },
  'site-list.inspected': {
    nb: '{who} åpnet oversiktslisten for en byggeplass med en lenke for tilsyn.',
    en: '{who} opened the list of a site by a link for an inspection.',
  },
} as const satisfies EventSentences;
