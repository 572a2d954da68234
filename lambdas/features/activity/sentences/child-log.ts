import type { EventSentences } from '../sentences.ts';

/** A child's day, and the photos of it. */
export const childLogSentences = {
  'child-log.seen': { nb: '{who} så dagsloggen til {whom}.', en: '{who} looked at the log of {whom}.' },
  'child-log.written': { nb: '{who} skrev i dagsloggen til {whom}.', en: '{who} wrote in the log of {whom}.' },
  'child-log.changed': {
    nb: '{who} endret dagsloggen til {whom}.',
    en: '{who} changed the log of {whom}.',
  },
  'child-log.corrected': { nb: '{who} rettet dagsloggen til {whom}.', en: '{who} corrected the log of {whom}.' },
  'child-log.removed': {
    nb: '{who} fjernet noe fra dagsloggen til {whom}.',
    en: '{who} removed something from the log of {whom}.',
  },
  'child-log.confirmed': {
    nb: '{who} bekreftet noe i dagsloggen til {whom}.',
    en: '{who} confirmed something in the log of {whom}.',
  },
  'child-log.told': {
    nb: '{who} sendte foresatte dagen i tall for {whom}.',
    en: '{who} sent the guardians the day in numbers for {whom}.',
  },
  'staff-log.written': {
    nb: '{who} skrev noe for ansatte om {whom}.',
    en: '{who} wrote something for staff about {whom}.',
  },
  'staff-log.changed': {
    nb: '{who} endret noe som er skrevet for ansatte om {whom}.',
    en: '{who} changed something that is written for staff about {whom}.',
  },
  'staff-log.corrected': {
    nb: '{who} rettet noe som er skrevet for ansatte om {whom}.',
    en: '{who} corrected something that is written for staff about {whom}.',
  },
  'staff-log.removed': {
    nb: '{who} fjernet noe som er skrevet for ansatte om {whom}.',
    en: '{who} removed something that is written for staff about {whom}.',
  },
  'staff-log.confirmed': {
    nb: '{who} bekreftet noe som er skrevet for ansatte om {whom}.',
    en: '{who} confirmed something that is written for staff about {whom}.',
  },
  'child-log-settings.changed': {
    nb: '{who} endret innstillingene for dagsloggen.',
    en: '{who} changed the settings of the child log.',
  },
  'photos.seen': { nb: '{who} så bildene av {whom}.', en: '{who} looked at the photos of {whom}.' },
  'photo.added': { nb: '{who} la inn et bilde av {whom}.', en: '{who} added a photo of {whom}.' },
  'photo.changed': { nb: '{who} endret et bilde av {whom}.', en: '{who} changed a photo of {whom}.' },
  'photo.removed': { nb: '{who} fjernet et bilde av {whom}.', en: '{who} removed a photo of {whom}.' },
} as const satisfies EventSentences;
