import { custodyEntity } from '../custody/custody.ts';
import { closureEntity } from '../reservations/closure.ts';
import { reservationRulesEntity } from '../reservations/rules.ts';
import { staffingEntity } from '../reservations/staffing.ts';
import { standingWeeksEntity } from '../reservations/standing-week.ts';
import { type EntityWords, words } from './field-words-type.ts';
import { from, until, weekdays } from './shared-words.ts';

const weekday = { nb: 'Ukedag', en: 'Weekday', codes: weekdays } as const;
const comes = { nb: 'Fra kl.', en: 'From' } as const;
const leaves = { nb: 'Til kl.', en: 'Until' } as const;
const homes = { first: { nb: 'det ene hjemmet', en: 'the one home' }, second: { nb: 'det andre', en: 'the other' } };
const day = { nb: 'Dag', en: 'Day' } as const;
const at = { nb: 'Klokkeslett', en: 'Time' } as const;
const periods = {
  nb: 'Perioder',
  en: 'Periods',
  fields: { from: comes, until: leaves, staff: { nb: 'Antall ansatte', en: 'Number of staff' } },
} as const;

/** Expected times, the two homes of a child, and when an organisation is open. */
export const reservationWords: readonly EntityWords[] = [
  words(
    standingWeeksEntity,
    { nb: 'Vanlig uke', en: 'Usual week' },
    {
      versions: {
        nb: 'Uker',
        en: 'Weeks',
        fields: {
          from,
          days: { nb: 'Dager', en: 'Days', fields: { weekday, from: comes, until: leaves } },
          by: { nb: 'Registrert av', en: 'Registered by' },
        },
      },
      filledUntil: { nb: 'Ført inn til og med', en: 'Entered up to' },
    },
  ),
  words(
    custodyEntity,
    { nb: 'To hjem', en: 'Two homes' },
    {
      homes: {
        nb: 'Hjem',
        en: 'Homes',
        fields: {
          first: { nb: 'Foresatte i det ene', en: 'Guardians in the one' },
          second: { nb: 'Foresatte i det andre', en: 'Guardians in the other' },
        },
      },
      from,
      until,
      weeks: {
        nb: 'Uker som gjentas',
        en: 'Weeks that come again',
        fields: { days: { nb: 'Hjem, fra mandag av', en: 'Home, from Monday on', codes: homes } },
      },
      exceptions: {
        nb: 'Unntak',
        en: 'Exceptions',
        fields: { from, until, home: { nb: 'Hjem', en: 'Home', codes: homes } },
      },
    },
  ),
  words(
    reservationRulesEntity,
    { nb: 'Åpningsdager og frister', en: 'Open days and deadlines' },
    {
      openWeekdays: { nb: 'Åpne ukedager', en: 'Open weekdays', codes: weekdays },
      closedOnPublicHolidays: { nb: 'Stengt på helligdager', en: 'Closed on public holidays' },
      closesAt: { nb: 'Stenger kl.', en: 'Closes at' },
      weekCutOff: {
        nb: 'Frist for en hel uke',
        en: 'Deadline for a whole week',
        fields: { weeksBefore: { nb: 'Uker før', en: 'Weeks before' }, weekday, at },
      },
      dayCutOff: {
        nb: 'Frist for hver dag',
        en: 'Deadline for each day',
        fields: { daysBefore: { nb: 'Dager før', en: 'Days before' }, at },
      },
      remindHoursBefore: { nb: 'Påminnelse, timer før fristen', en: 'Reminder, hours before the deadline' },
      fillWeeksAhead: { nb: 'Uker som fylles ut på forhånd', en: 'Weeks filled in ahead' },
    },
  ),
  words(
    closureEntity,
    { nb: 'Stengte og spesielle dager', en: 'Closed and special days' },
    {
      id: { nb: 'Id i tjenesten', en: 'Id in the service' },
      title: { nb: 'Navn', en: 'Name' },
      kind: {
        nb: 'Slag',
        en: 'Kind',
        codes: {
          closed: { nb: 'stengt', en: 'closed' },
          'must-answer': { nb: 'foresatte må svare', en: 'guardians must answer' },
          'reduced-staff': { nb: 'åpent med færre ansatte', en: 'open with fewer staff' },
        },
      },
      from,
      until,
      answerBefore: { nb: 'Svarfrist', en: 'To be answered before', fields: { day, at } },
    },
  ),
  words(
    staffingEntity,
    { nb: 'Planlagt bemanning', en: 'Planned staff' },
    {
      standing: { nb: 'Hver uke', en: 'Each week', fields: { weekday, periods } },
      exceptions: { nb: 'Unntak', en: 'Exceptions', fields: { day, periods } },
    },
  ),
];
