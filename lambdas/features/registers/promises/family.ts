import type { Promises } from '../promise.ts';

/** FW: what is promised to families. */
export const familyPromises = {
  'FW-01': {
    nb: 'Virksomheten er behandlingsansvarlig, og Vern er databehandler. Ingen personopplysninger registreres før virksomheten har godtatt databehandleravtalen.',
    en: 'The organisation is the controller and Vern its processor. No personal data is registered before the organisation has accepted the data-processing agreement.',
    evidence: ['test'],
  },
  'FW-02': {
    nb: 'Uten samtykke lagres bare det tjenesten trenger. Alt annet krever samtykket ditt og slettes når du trekker det.',
    en: 'Without consent, only what the service needs is held. Anything else needs your consent and goes when you withdraw it.',
    evidence: ['test'],
  },
  'FW-03': {
    nb: 'Oppmøtet til et barn registreres for hver virksomhet barnet går i.',
    en: 'A child’s attendance is registered for each organisation that the child attends.',
    evidence: ['test'],
  },
  'FW-04': {
    nb: 'Kalenderen vises bare for dem som har en rolle som gir rett til å se den.',
    en: 'The calendar is shown only to those whose role gives them a right to see it.',
    evidence: [],
  },
  'FW-05': {
    nb: 'Du logger på med brukernavn og passord, og får et bevis som brukes videre.',
    en: 'You sign in with user name and password and get a token that is used from then on.',
    evidence: [],
  },
  'FW-06': {
    nb: 'Du kan slå på totrinnsbekreftelse med en hvilken som helst autentiseringsapp.',
    en: 'You can turn on a second factor with any authenticator app.',
    evidence: ['test', 'infrastructure'],
  },
  'FW-07': {
    nb: 'Du ser bare det som hører til rollen du bruker. Det avgjøres på tjeneren.',
    en: 'You see only what belongs to the role that you use. The server decides.',
    evidence: ['test'],
  },
  'FW-08': {
    nb: 'Å bytte rolle kan kreve at du beviser på nytt hvem du er.',
    en: 'Changing role can demand a fresh proof of who you are.',
    evidence: ['test'],
  },
  'FW-09': {
    nb: 'Bare HTTPS er åpent mot internett.',
    en: 'Only HTTPS is open to the internet.',
    evidence: ['infrastructure'],
  },
  'FW-10': {
    nb: 'Opplysninger og filer er kryptert både når de sendes og når de er lagret.',
    en: 'Data and files are encrypted both in transit and at rest.',
    evidence: ['test', 'infrastructure'],
  },
  'FW-11': {
    nb: 'Alt sikkerhetskopieres kryptert minst én gang i døgnet.',
    en: 'Everything is backed up, encrypted, at least once a day.',
    evidence: ['test', 'infrastructure'],
  },
  'FW-12': {
    nb: 'Nyhetsbrev og undersøkelser sendes bare til dem som har bedt om det.',
    en: 'Newsletters and surveys go only to those who asked for them.',
    evidence: [],
  },
  'FW-13': {
    nb: 'Du får innsyn i alt som er lagret om deg, og kan få det rettet.',
    en: 'You get access to everything held about you and can have it rectified.',
    evidence: ['test'],
  },
  'FW-14': {
    nb: 'Det som ikke lenger trengs, slettes.',
    en: 'What is no longer needed is deleted.',
    evidence: ['test'],
  },
  'FW-15': {
    nb: 'Opplysningene lagres hos Amazon i Irland.',
    en: 'The data is stored at Amazon in Ireland.',
    evidence: ['infrastructure'],
  },
  'FW-16': {
    nb: 'Bruken av tjenesten måles anonymt og brukes aldri til å kjenne deg igjen.',
    en: 'Usage is measured anonymously and never used to identify you.',
    evidence: ['test'],
  },
  'FW-17': {
    nb: 'Appene lagrer ikke annet enn påloggingen din, og den er kryptert.',
    en: 'The apps store nothing but your sign-in information, encrypted.',
    evidence: [],
  },
  'FW-18': {
    nb: 'Henvendelser til brukerstøtte behandles i et kundeservicesystem.',
    en: 'Support requests are handled in a customer-service system.',
    evidence: [],
  },
} as const satisfies Promises;
