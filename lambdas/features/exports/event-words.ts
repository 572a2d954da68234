import {
  calendarEventEntity,
  type EventCopy,
  eventAnswerEntity,
  personCalendarEventEntity,
} from '../calendar/event.ts';
import { type EntityWords, words, wordsOfView } from './field-words-type.ts';
import { fileFields, from, until } from './shared-words.ts';

const eventId = { nb: 'Hendelse (id)', en: 'Event (id)' } as const;
const title = { nb: 'Tittel', en: 'Title' } as const;
const description = { nb: 'Beskrivelse', en: 'Description', freeText: true } as const;
const place = { nb: 'Sted', en: 'Place' } as const;
const bring = { nb: 'Ta med', en: 'To bring' } as const;
const when = {
  nb: 'Når',
  en: 'When',
  fields: {
    kind: {
      nb: 'Slag',
      en: 'Kind',
      codes: {
        'all-day': { nb: 'hele dagen', en: 'all day' },
        timed: { nb: 'med klokkeslett', en: 'at a time of day' },
      },
    },
    from,
    until,
  },
} as const;

const fields = {
  id: { nb: 'Id', en: 'Id' },
  title,
  description,
  place,
  bring,
  when,
  rule: { nb: 'Gjentakelse (RRULE)', en: 'Recurrence (RRULE)' },
  invitation: {
    nb: 'Invitasjon',
    en: 'Invitation',
    fields: {
      asks: {
        nb: 'Hvem som svarer',
        en: 'Who answers',
        codes: { guardians: { nb: 'foresatte', en: 'guardians' }, members: { nb: 'medlemmer', en: 'members' } },
      },
      answersCloseDaysBefore: { nb: 'Svarfrist, dager før', en: 'Answers close, days before' },
    },
  },
  scope: {
    nb: 'Gjelder for',
    en: 'Applies to',
    fields: {
      kind: {
        nb: 'Omfang',
        en: 'Extent',
        codes: {
          organisation: { nb: 'hele virksomheten', en: 'the whole organisation' },
          department: { nb: 'avdeling', en: 'department' },
          group: { nb: 'gruppe', en: 'group' },
          person: { nb: 'person', en: 'person' },
        },
      },
      id: { nb: 'Id', en: 'Id' },
    },
  },
  timeZone: { nb: 'Tidssone', en: 'Time zone' },
  exceptions: { nb: 'Dager som er tatt ut', en: 'Days left out' },
  overrides: {
    nb: 'Ganger som er annerledes',
    en: 'Occurrences that are otherwise',
    fields: { of: { nb: 'Dag i serien', en: 'Day of the series' }, title, description, place, bring, when },
  },
  files: { nb: 'Vedlegg', en: 'Attachments', fields: fileFields },
  cancelled: { nb: 'Avlyst', en: 'Cancelled' },
  sequence: { nb: 'Antall endringer', en: 'Number of changes' },
  createdAt: { nb: 'Opprettet', en: 'Created' },
  updatedAt: { nb: 'Sist endret', en: 'Last changed' },
  follows: { nb: 'Fortsetter serien (id)', en: 'Goes on with the series (id)' },
} as const;

export const eventWords: readonly EntityWords[] = [
  wordsOfView<typeof EventCopy>()(
    calendarEventEntity,
    { nb: 'Hendelse i kalenderen', en: 'Event in the calendar' },
    fields,
  ),
  wordsOfView<typeof EventCopy>()(
    personCalendarEventEntity,
    { nb: 'Egen hendelse i kalenderen', en: 'Event of one’s own in the calendar' },
    fields,
  ),
  words(
    eventAnswerEntity,
    { nb: 'Svar på en invitasjon', en: 'Answer to an invitation' },
    {
      eventId,
      day: { nb: 'Dag', en: 'Day' },
      answer: {
        nb: 'Svar',
        en: 'Answer',
        codes: { yes: { nb: 'ja', en: 'yes' }, no: { nb: 'nei', en: 'no' }, maybe: { nb: 'kanskje', en: 'maybe' } },
      },
      by: { nb: 'Svart av', en: 'Answered by' },
      at: { nb: 'Svart', en: 'Answered' },
    },
  ),
];
