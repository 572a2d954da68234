import type { Promises } from '../promise.ts';

/** KP: what is promised in kindergartens. */
export const kindergartenPromises = {
  'KP-01': {
    nb: 'For kundeavtalen er Vern behandlingsansvarlig, for det barnehagen registrerer er Vern databehandler. Hver opplysning sier hvilken.',
    en: 'For the customer agreement Vern is the controller, for what the kindergarten registers the processor. Each record says which.',
    evidence: ['test'],
  },
  'KP-02': {
    nb: 'Nettlogger med IP-adresser holdes for seg selv og slettes etter 14 dager.',
    en: 'Web logs with IP addresses are kept apart and deleted after 14 days.',
    evidence: ['test', 'infrastructure'],
  },
  'KP-03': {
    nb: 'Det du oppgir i en henvendelse, brukes bare til å svare deg.',
    en: 'What you give in an enquiry is used only to answer you.',
    evidence: ['test'],
  },
  'KP-04': {
    nb: 'Om barn lagres navn, bilde, fødselsdato, barnelogg, fritekst og dokumenter.',
    en: 'Held about children: name, picture, date of birth, child log, free text and documents.',
    evidence: ['test'],
  },
  'KP-05': {
    nb: 'Om foresatte lagres navn, relasjon til barnet, e-post, adresse, telefon, samtykker og fritekst.',
    en: 'Held about guardians: name, relation to the child, e-mail, address, phone, consents and free text.',
    evidence: ['test'],
  },
  'KP-06': {
    nb: 'Om ansatte med tilgang lagres navn, bilde, telefon, e-post og fritekst.',
    en: 'Held about staff with access: name, picture, phone, e-mail and free text.',
    evidence: ['test'],
  },
  'KP-07': {
    nb: 'Appen kan sende varsler og påminnelser.',
    en: 'The app can send alerts and reminders.',
    evidence: [],
  },
  'KP-08': {
    nb: 'De som sender e-post og SMS for oss, får bare mottakeren og meldingen.',
    en: 'Those who send e-mail and text messages for us get the recipient and the message only.',
    evidence: ['test', 'infrastructure'],
  },
  'KP-09': {
    nb: 'Alle leverandører behandler opplysninger etter avtale, innenfor EU.',
    en: 'All suppliers process data under agreements, within the EU.',
    evidence: ['test'],
  },
  'KP-10': {
    nb: 'Det Vern er behandlingsansvarlig for, slettes én måned etter at avtalen er slutt.',
    en: 'What Vern is the controller for is deleted one month after the agreement’s end.',
    evidence: ['test'],
  },
  'KP-11': {
    nb: 'Det barnehagen er behandlingsansvarlig for, slettes når barnehagen ber om det.',
    en: 'What the kindergarten is the controller for is deleted on its instruction.',
    evidence: ['test'],
  },
  'KP-12': {
    nb: 'Når en person slettes, slettes alt om personen for godt. Bruken gjøres anonym.',
    en: 'When a person is deleted, everything about them is deleted for good. Their usage is made anonymous.',
    evidence: ['test', 'infrastructure'],
  },
  'KP-13': {
    nb: 'Tilgang er kontrollert, og de som kan nå opplysningene, må bruke totrinnsbekreftelse.',
    en: 'Access is controlled, and those who can reach the data must use a second factor.',
    evidence: ['test', 'infrastructure'],
  },
  'KP-14': {
    nb: 'Du har rett til innsyn, retting, sletting, begrensning, protest og dataportabilitet, og kan klage til Datatilsynet.',
    en: 'You have the right to access, rectification, erasure, restriction, objection and portability, and can complain to Datatilsynet.',
    evidence: ['test'],
  },
  'KP-15': {
    nb: 'Statistikk over bruken er anonym.',
    en: 'Usage statistics are anonymous.',
    evidence: ['test'],
  },
  'KP-16': {
    nb: 'Opplysninger om kundeforholdet ses bare av driftens egne ansatte.',
    en: 'Data about the customer relationship is seen by the operator’s own staff only.',
    evidence: ['test'],
  },
  'KP-17': {
    nb: 'Du når personvernombudet i fortrolighet, uten at virksomheten kan lese det.',
    en: 'You reach the data-protection officer in confidence; the organisation cannot read it.',
    evidence: ['test'],
  },
} as const satisfies Promises;
