import type { Promises } from '../promise.ts';

/** SM: what is promised around safety alarms. */
export const safetyPromises = {
  'SM-01': {
    nb: 'Du blir gjenkjent og har den tilgangen du er gitt, ikke mer.',
    en: 'You are recognised and have the access that you were given, no more.',
    evidence: ['test'],
  },
  'SM-02': {
    nb: 'Tilgang gis per avdeling og rolle.',
    en: 'Access is given per department and role.',
    evidence: ['test'],
  },
  'SM-03': {
    nb: 'Hendelser varsler dem som er satt opp til å få varsel.',
    en: 'Events alert those who are configured to be alerted.',
    evidence: [],
  },
  'SM-04': {
    nb: 'Hver endring i tjenesten blir loggført.',
    en: 'Every change made through the service is logged.',
    evidence: ['test', 'infrastructure'],
  },
  'SM-05': {
    nb: 'Innsyn som betyr noe, som å se hvor noen er på et kart, blir loggført hos den som så.',
    en: 'Reads that matter, such as seeing where someone is on a map, are logged with the one who looked.',
    evidence: ['test'],
  },
  'SM-06': {
    nb: 'Riktige beløp faktureres.',
    en: 'Correct amounts are invoiced.',
    evidence: ['test'],
  },
  'SM-07': {
    nb: 'Grunnlaget er samtykket du gir når kontoen blir opprettet. Du kan trekke det.',
    en: 'The basis is the consent that you give when the account is created. You can withdraw it.',
    evidence: ['test'],
  },
  'SM-08': {
    nb: 'Om en bruker lagres navn, e-post, telefon, roller, avdelinger og siste pålogging.',
    en: 'Held about a user: name, e-mail, phone, roles, departments and the last sign-in.',
    evidence: ['test'],
  },
  'SM-09': {
    nb: 'Personlige innstillinger lagres i tjenesten. Informasjonskapsler brukes bare til det som er nødvendig.',
    en: 'Personal settings are kept by the service. Cookies are used only for what is necessary.',
    evidence: [],
  },
  'SM-10': {
    nb: 'Opplysningene brukes bare til drift, feilsøking og kundeservice og gis ikke til andre. Pålegg i lov er eneste unntak, og det blir registrert.',
    en: 'The data is used only for operation, fault finding and customer service and is given to nobody else. A statutory order is the only exception, and it is recorded.',
    evidence: ['test'],
  },
  'SM-11': {
    nb: 'Opplysningene slettes seks måneder etter at den siste rollen din er slutt, og med en gang hvis du trekker samtykket.',
    en: 'The data is deleted six months after your last role ended, and at once if you withdraw your consent.',
    evidence: ['test'],
  },
  'SM-12': {
    nb: 'Det som slettes, er borte fra sikkerhetskopiene innen fire måneder.',
    en: 'What is deleted is gone from the backups within four months.',
    evidence: ['test'],
  },
  'SM-13': {
    nb: 'Du har rett til innsyn, retting, sletting og dataportabilitet.',
    en: 'You have the right to access, correction, deletion and portability.',
    evidence: ['test'],
  },
  'SM-14': {
    nb: 'Bare kunden, administratorene og driften har tilgang, og den er kontrollert.',
    en: 'Only the customer, its administrators and the operator have access, under control.',
    evidence: ['test'],
  },
  'SM-15': {
    nb: 'De ansatte har taushetsplikt. Ingen ansattrolle åpnes før erklæringen er gitt.',
    en: 'Staff are bound by confidentiality. No staff role opens before the undertaking is given.',
    evidence: ['test'],
  },
} as const satisfies Promises;
