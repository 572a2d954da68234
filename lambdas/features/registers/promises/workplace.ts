import type { Promises } from '../promise.ts';

/** CE: what is promised at work. */
export const workplacePromises = {
  'CE-01': {
    nb: 'En konto trenger brukernavn, passord og en kode for virksomheten. Alt annet er frivillig.',
    en: 'An account needs a user name, a password and a code for the organisation. Everything else is voluntary.',
    evidence: ['test', 'infrastructure'],
  },
  'CE-02': {
    nb: 'Passordet kan byttes når som helst og lagres aldri lesbart.',
    en: 'The password can be changed at any time and is never stored readable.',
    evidence: ['infrastructure'],
  },
  'CE-03': {
    nb: 'Det lagres ingen sensitive opplysninger.',
    en: 'No sensitive data is held.',
    evidence: ['test'],
  },
  'CE-04': {
    nb: 'Bruken av tjenesten registreres: enhet, forbindelse og hvilke funksjoner.',
    en: 'Use of the service is registered: device, connection and which functions.',
    evidence: ['test'],
  },
  'CE-05': {
    nb: 'Hvor du er, registreres bare der en funksjon trenger det.',
    en: 'Where you are is registered only where a function needs it.',
    evidence: [],
  },
  'CE-06': {
    nb: 'Du får vite det hvis brukere deles inn automatisk etter bruk, og kan protestere.',
    en: 'You are told if users are categorised automatically by usage, and you can object.',
    evidence: ['test'],
  },
  'CE-07': {
    nb: 'Statistikk lages så langt som mulig av anonyme opplysninger.',
    en: 'Statistics use anonymous data as far as possible.',
    evidence: ['test'],
  },
  'CE-08': {
    nb: 'Misbruk av tjenesten forebygges.',
    en: 'Misuse of the service is prevented.',
    evidence: ['test', 'infrastructure'],
  },
  'CE-09': {
    nb: 'Opplysninger selges eller byttes aldri. Kortnumre lagres aldri.',
    en: 'Data is never sold or exchanged. Card numbers are never stored.',
    evidence: ['test'],
  },
  'CE-10': {
    nb: 'Opplysninger utleveres bare når loven eller en myndighet pålegger det. Hver utlevering blir registrert.',
    en: 'Data is handed out only where law or an authority orders it. Each disclosure is recorded.',
    evidence: ['test'],
  },
  'CE-11': {
    nb: 'Du ser og endrer opplysningene og innstillingene dine selv.',
    en: 'You see and change your own information and settings yourself.',
    evidence: ['test'],
  },
  'CE-12': {
    nb: 'Opplysninger lagres så lenge kontoen finnes. Det du gjorde som en del av bedriftens historie, slettes ikke med kontoen.',
    en: 'Data is kept while the account exists. What you did as part of the company’s history is not deleted with the account.',
    evidence: ['test'],
  },
  'CE-13': {
    nb: 'Personopplysninger på kontoen kan slettes gjennom administratoren.',
    en: 'Personal data on the account can be deleted through the administrator.',
    evidence: ['test'],
  },
  'CE-14': {
    nb: 'Logger over pålogginger slettes fortløpende etter tre uker.',
    en: 'Logs of sign-ins are deleted continually after three weeks.',
    evidence: ['test'],
  },
  'CE-15': {
    nb: 'Hendelseslogger slettes fortløpende etter ett år.',
    en: 'Event logs are deleted continually after one year.',
    evidence: ['test'],
  },
  'CE-16': {
    nb: 'Når personvernerklæringen endres, får du vite det etter pålogging.',
    en: 'When the privacy statement changes, you are told after signing in.',
    evidence: ['test'],
  },
} as const satisfies Promises;
