import type { Bilingual } from '../agreements/document.ts';
import type { After, Kept, Length, Term } from './terms.ts';

/** A term as it is said to people. */
export function wordsOf({ length, after }: Term): Bilingual {
  if (!length) return withoutLength[after] ?? withoutLength.none!;
  const { nb, en } = lengthWords(length);
  const event = afterWords[after];
  return event ? { nb: `${nb} etter ${event.nb}`, en: `${en} after ${event.en}` } : { nb, en };
}

export function lengthWords(length: Length): Bilingual {
  if ('days' in length) {
    if (length.days === 1) return { nb: '24 timer', en: '24 hours' };
    return counted(length.days, { nb: ['dag', 'dager'], en: ['day', 'days'] });
  }
  if ('years' in length) return counted(length.years, { nb: ['år', 'år'], en: ['year', 'years'] });
  if (length.months === 42) return { nb: 'tre og et halvt år', en: 'three and a half years' };
  return counted(length.months, { nb: ['måned', 'måneder'], en: ['month', 'months'] });
}

function counted(count: number, unit: Readonly<Record<'nb' | 'en', readonly [one: string, more: string]>>): Bilingual {
  const form = count === 1 ? 0 : 1;
  return { nb: `${count} ${unit.nb[form]}`, en: `${count} ${unit.en[form]}` };
}

/** Absent: what was created is simply kept so long. */
const afterWords: Readonly<Partial<Record<After, Bilingual>>> = {
  'placement-or-role-ended': {
    nb: 'at oppholdet eller rollen er slutt',
    en: 'the placement or role ended',
  },
  answered: { nb: 'det endelige svaret', en: 'the final answer' },
  'import-ended': { nb: 'at importen er ferdig', en: 'the import ended' },
  closed: { nb: 'at saken er lukket', en: 'it was closed' },
  'works-ended': { nb: 'at arbeidet er ferdig', en: 'the works ended' },
  'last-mattered': { nb: 'at det sist hadde betydning', en: 'it last mattered' },
  'agreement-ended': { nb: 'at avtalen er slutt', en: 'the agreement’s end' },
  over: { nb: 'at det er over', en: 'it is over' },
  'accounting-year-ended': { nb: 'regnskapsårets slutt', en: 'the end of the accounting year' },
};

const withoutLength: Readonly<Partial<Record<After, Bilingual>>> = {
  none: { nb: 'så lenge kontoen finnes', en: 'while the account exists' },
  withdrawn: { nb: 'til samtykket trekkes', en: 'until the consent is withdrawn' },
};

/** What is kept, as it is called towards people. */
export const keptWords: Readonly<Record<Kept, Bilingual>> = {
  account: { nb: 'kontoen', en: 'the account' },
  'sign-in': { nb: 'pålogginger', en: 'sign-ins' },
  person: { nb: 'opplysninger om personer', en: 'information about people' },
  membership: { nb: 'roller, koblinger og invitasjoner', en: 'roles, links and invitations' },
  photo: { nb: 'bilder', en: 'pictures' },
  attendance: { nb: 'oppmøte', en: 'attendance' },
  consented: { nb: 'det som bygger på samtykke', en: 'what rests on consent' },
  export: { nb: 'utleverte kopier', en: 'copies handed out' },
  request: { nb: 'teksten og svaradressen i en henvendelse', en: 'the text and reply address of a request' },
  consent: {
    nb: 'samtykker, krav om rettigheter, rettighetsloggen og bekreftelser',
    en: 'consents, requests, the rights ledger and certificates',
  },
  agreement: { nb: 'avtalen med virksomheten', en: 'the agreement with the organisation' },
  organisation: { nb: 'virksomhetens innstillinger og struktur', en: 'the organisation’s settings and structure' },
  import: { nb: 'innleste registre', en: 'imported registers' },
  notice: { nb: 'meldinger som er sendt', en: 'messages that were sent' },
  transient: { nb: 'svar på gjentatte forespørsler', en: 'answers to repeated requests' },
  'join-request': { nb: 'forespørsler om å bli med', en: 'requests to join' },
  'officer-thread': { nb: 'meldinger til personvernombudet', en: 'messages to the data-protection officer' },
  slot: { nb: 'timer som kan bestilles', en: 'times that can be booked' },
  'past-event': { nb: 'felles kalender', en: 'the shared calendar' },
  'calendar-feed': { nb: 'kalenderadresser', en: 'calendar addresses' },
  'web-log': { nb: 'nettloggen med IP-adresser', en: 'the web log with IP addresses' },
  'identified-usage': { nb: 'bruk av tjenesten, per person', en: 'use of the service, by person' },
  position: { nb: 'posisjoner', en: 'positions' },
  activity: { nb: 'aktivitetsloggen', en: 'the activity log' },
  chat: { nb: 'chat', en: 'chat' },
  enquiry: { nb: 'henvendelser', en: 'enquiries' },
  'closed-enquiry': { nb: 'henvendelser som er avsluttet', en: 'enquiries that are closed' },
  'sign-up': { nb: 'påmeldinger til åpne arrangementer', en: 'sign-ups for open events' },
  survey: { nb: 'undersøkelser og svarene på dem', en: 'surveys and the answers to them' },
  'webhook-message': { nb: 'beskjeder til virksomhetens systemer', en: 'word to the organisation’s systems' },
  subscription: { nb: 'abonnement på nyhetsbrev', en: 'subscriptions to the newsletter' },
  ticket: { nb: 'saker', en: 'tickets' },
  'daily-life': {
    nb: 'kalender, barnelogg, meldinger og dokumenter',
    en: 'calendar, child log, messages and documents',
  },
  'site-list': { nb: 'oversiktslister', en: 'site lists' },
  'time-sheet': { nb: 'timelister', en: 'time sheets' },
  invoice: { nb: 'fakturaer', en: 'invoices' },
  backup: { nb: 'sikkerhetskopier', en: 'backups' },
};
