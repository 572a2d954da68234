import type { EventSentences } from '../sentences.ts';

/** Alarms of service recipients, and who is told of them. */
export const alarmSentences = {
  'alarms.seen': { nb: '{who} så alarmene til {whom}.', en: '{who} looked at the alarms of {whom}.' },
  'alarm.raised': { nb: '{who} tok imot en alarm om {whom}.', en: '{who} took in an alarm about {whom}.' },
  'alarm.raised-again': {
    nb: '{who} tok imot alarmen om {whom} en gang til.',
    en: '{who} took in the alarm about {whom} once more.',
  },
  'alarm.told': {
    nb: '{who} varslet mottakere om en alarm om {whom}.',
    en: '{who} told receivers of an alarm about {whom}.',
  },
  'alarm.nobody-told': {
    nb: '{who} fant ingen å varsle om en alarm om {whom}.',
    en: '{who} found nobody to tell of an alarm about {whom}.',
  },
  'alarm.acknowledged': { nb: '{who} tok en alarm om {whom}.', en: '{who} took an alarm about {whom}.' },
  'alarm.reset': {
    nb: '{who} lot en alarm om {whom} ringe på nytt, fordi den var tatt og ikke avsluttet.',
    en: '{who} let an alarm about {whom} ring anew, because it was taken and not resolved.',
  },
  'alarm.found-again': {
    nb: '{who} fant igjen en alarm om {whom} som ingen lenger ble vekket for.',
    en: '{who} found an alarm about {whom} again that nobody was woken for any more.',
  },
  'alarm.resolved': { nb: '{who} avsluttet en alarm om {whom}.', en: '{who} resolved an alarm about {whom}.' },
  'alarm.dropped': {
    nb: '{who} la bort en alarm som er slettet med opplysningene om {whom}.',
    en: '{who} put away an alarm that was erased with the data about {whom}.',
  },
  'alarm-configuration.changed': {
    nb: '{who} endret hvem som varsles om alarmer.',
    en: '{who} changed who is told of alarms.',
  },
  'alarm-configuration.changed-for-person': {
    nb: '{who} endret hvem som varsles om alarmene til {whom}.',
    en: '{who} changed who is told of the alarms of {whom}.',
  },
} as const satisfies EventSentences;
