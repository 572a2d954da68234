import type { Language } from '../../http/call.ts';
import type { Category } from '../notices/notice.ts';
import type { EmailWish, weekdays } from '../notices/preferences.ts';

interface Words {
  readonly outcome: Readonly<
    Record<
      'asked' | 'saved' | 'stale-version' | 'messages-must-reach',
      { readonly title: string; readonly paragraphs: readonly string[] }
    >
  >;
  readonly explained: readonly string[];
  readonly categories: Readonly<Record<Category, string>>;
  readonly wishes: Readonly<Record<EmailWish, string>>;
  readonly quietFrom: string;
  readonly quietUntil: string;
  readonly noQuietHours: string;
  readonly digestHour: string;
  readonly digestWeekday: string;
  readonly weekdays: Readonly<Record<(typeof weekdays)[number], string>>;
  readonly mailsPerDayMax: string;
  readonly save: string;
  readonly necessary: string;
}

export const texts: Readonly<Record<Language, Words>> = {
  nb: {
    outcome: {
      asked: {
        title: 'Velg hva du vil ha på e-post',
        paragraphs: ['Her velger du hvilke e-poster du får, og når de kommer.'],
      },
      saved: { title: 'Valgene er lagret', paragraphs: ['De gjelder fra nå av. Du kan lukke siden.'] },
      'stale-version': {
        title: 'Valgene er endret et annet sted',
        paragraphs: ['Ingenting ble lagret nå. Nedenfor står det som gjelder. Se over, og lagre på nytt.'],
      },
      'messages-must-reach': {
        title: 'Meldinger må nå deg på en måte',
        paragraphs: [
          'Ingenting ble lagret. Skal du slippe e-post om meldinger, må du først slå på SMS eller varsler i appen.',
        ],
      },
    },
    explained: ['Det som er samlet, kommer i én e-post. I stilletiden kommer bare det som haster.'],
    categories: {
      arrivals: 'Når barnet er krysset inn',
      'daily-summary': 'Oppsummering av barnets dag',
      reminders: 'Påminnelser',
      messages: 'Meldinger og oppslag',
      'organisation-news': 'Nytt fra virksomheten',
      newsletter: 'Nyhetsbrev',
      surveys: 'Spørreundersøkelser',
    },
    wishes: {
      'at-once': 'Med en gang',
      daily: 'Samlet én gang om dagen',
      weekly: 'Samlet én gang i uken',
      off: 'Ikke send',
    },
    quietFrom: 'Stille fra klokken',
    quietUntil: 'Stille til klokken',
    noQuietHours: 'Ingen stilletid',
    digestHour: 'Klokkeslett for det som er samlet',
    digestWeekday: 'Ukedag for det som kommer én gang i uken',
    weekdays: {
      monday: 'Mandag',
      tuesday: 'Tirsdag',
      wednesday: 'Onsdag',
      thursday: 'Torsdag',
      friday: 'Fredag',
      saturday: 'Lørdag',
      sunday: 'Søndag',
    },
    mailsPerDayMax: 'Så mange e-poster om dagen, resten samlet',
    save: 'Lagre valgene',
    necessary: 'Noe kan ikke slås av. Da er grunnen en av disse:',
  },
  en: {
    outcome: {
      asked: {
        title: 'Choose what you get by e-mail',
        paragraphs: ['Here you choose which e-mails you get, and when they come.'],
      },
      saved: { title: 'Your choices are saved', paragraphs: ['They apply from now on. You can close this page.'] },
      'stale-version': {
        title: 'Your choices were changed elsewhere',
        paragraphs: ['Nothing was saved now. What applies stands below. Look it over, and save again.'],
      },
      'messages-must-reach': {
        title: 'Messages must reach you in some way',
        paragraphs: [
          'Nothing was saved. To get no e-mail about messages, first turn on SMS or notifications in the app.',
        ],
      },
    },
    explained: ['What is gathered comes in one e-mail. During quiet hours only what is urgent comes.'],
    categories: {
      arrivals: 'When the child is checked in',
      'daily-summary': 'Summary of the child’s day',
      reminders: 'Reminders',
      messages: 'Messages and announcements',
      'organisation-news': 'News from the organisation',
      newsletter: 'Newsletter',
      surveys: 'Surveys',
    },
    wishes: { 'at-once': 'At once', daily: 'Gathered once a day', weekly: 'Gathered once a week', off: 'Do not send' },
    quietFrom: 'Quiet from',
    quietUntil: 'Quiet until',
    noQuietHours: 'No quiet hours',
    digestHour: 'Time of day for what is gathered',
    digestWeekday: 'Weekday for what comes once a week',
    weekdays: {
      monday: 'Monday',
      tuesday: 'Tuesday',
      wednesday: 'Wednesday',
      thursday: 'Thursday',
      friday: 'Friday',
      saturday: 'Saturday',
      sunday: 'Sunday',
    },
    mailsPerDayMax: 'At most so many e-mails a day, the rest gathered',
    save: 'Save my choices',
    necessary: 'Some e-mails cannot be turned off. The reason is then one of these:',
  },
};
