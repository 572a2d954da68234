import type { Promises } from '../promise.ts';

/** AT: what is promised to customers of IT providers. */
export const itservicePromises = {
  'AT-01': {
    nb: 'Om kunder lagres navn, telefon, e-post, postadresse og brukernavn, og IP-adressen midlertidig.',
    en: 'Held about customers: name, phone, e-mail, postal address and user name, and the IP address temporarily.',
    evidence: [],
  },
  'AT-02': {
    nb: 'Feil opplysninger blir rettet eller slettet. Du kan melde fra om dem.',
    en: 'Incorrect information is changed or deleted. You can point it out.',
    evidence: ['test'],
  },
  'AT-03': {
    nb: 'Underleverandørene står i en åpen liste: navn, hva de gjør, hvilke opplysninger, hvor og på hvilket grunnlag.',
    en: 'Sub-processors are listed openly: name, what they do, which data, where and on which safeguard.',
    evidence: ['test'],
  },
  'AT-04': {
    nb: 'Opplysninger om en chat lagres først når den har begynt, og slettes når du ber om det.',
    en: 'Chat data is kept only once a chat has begun and is deleted on request.',
    evidence: ['test'],
  },
  'AT-05': {
    nb: 'Saker følges opp i saksbehandlingssystemet.',
    en: 'Tickets are followed up in the case system.',
    evidence: [],
  },
  'AT-06': {
    nb: 'Ingenting går til andre uten uttrykkelig samtykke, unntatt til underleverandørene i listen og når loven pålegger det.',
    en: 'Nothing goes to third parties without explicit consent, except to listed sub-processors and where law orders it.',
    evidence: [],
  },
  'AT-07': {
    nb: 'Hver utlevering etter pålegg blir registrert.',
    en: 'Each disclosure on order is recorded.',
    evidence: ['test'],
  },
  'AT-08': {
    nb: 'Det som ikke lenger trengs, fjernes. Bare det loven eller avtalen krever, blir igjen.',
    en: 'What is no longer needed is removed. Only what law or contract demands remains.',
    evidence: ['test'],
  },
  'AT-09': {
    nb: 'Du får opplysningene dine i et maskinlesbart format.',
    en: 'You get your data in a machine-readable format.',
    evidence: [],
  },
  'AT-10': {
    nb: 'All trafikk er beskyttet. Et sikkerhetsbrudd meldes til Datatilsynet innen 72 timer.',
    en: 'All traffic is protected. A breach is reported to Datatilsynet within 72 hours.',
    evidence: ['test'],
  },
  'AT-11': {
    nb: 'Du får elektronisk beskjed om sikkerhet, personvern og administrasjon.',
    en: 'You are contacted electronically about security, privacy and administration.',
    evidence: [],
  },
  'AT-12': {
    nb: 'Det lagres ingen sensitive opplysninger, med mindre en avtale sier det og begrunner det.',
    en: 'No sensitive data is held, unless an agreement says so and states why.',
    evidence: ['test'],
  },
  'AT-13': {
    nb: 'Vesentlige endringer i erklæringen varsles til e-postadressen din.',
    en: 'Material changes to the statement are notified to your e-mail address.',
    evidence: ['test'],
  },
  'AT-14': {
    nb: 'Erklæringen finnes på bokmål og engelsk.',
    en: 'The statement is in Norwegian (bokmål) and in English.',
    evidence: ['test'],
  },
  'AT-15': {
    nb: 'Kunden bekrefter at erklæringen er lest og forstått. Versjon og tidspunkt lagres.',
    en: 'The customer confirms having read and understood the statement. Version and time are kept.',
    evidence: ['test'],
  },
  'AT-16': {
    nb: 'Det som er hentet fra registre og andre kilder, viser kilden.',
    en: 'What is obtained from registers and other sources shows its source.',
    evidence: ['test'],
  },
  'AT-17': {
    nb: 'Avtalene som gjelder for et kundeforhold, kan hentes av kunden.',
    en: 'The agreements in force for a customer relationship can be fetched by the customer.',
    evidence: ['test'],
  },
} as const satisfies Promises;
