import type { Promises } from '../promise.ts';

/** ALL: what is promised to everyone. */
export const everyonePromises = {
  'ALL-01': {
    nb: 'Du kan alltid klage til Datatilsynet, og hver melding sier hvordan.',
    en: 'You can always complain to Datatilsynet, and every notice says how.',
    evidence: ['test'],
  },
  'ALL-02': {
    nb: 'Du får svar på en henvendelse om rettighetene dine innen én måned.',
    en: 'You get an answer to a request about your rights within one month.',
    evidence: ['test'],
  },
  'ALL-03': {
    nb: 'Du kan se hvilke løfter som gjelder for deg, og siden når.',
    en: 'You can see which promises hold for you, and since when.',
    evidence: ['test'],
  },
  'ALL-04': {
    nb: 'Det som er slettet, kommer aldri tilbake fra en sikkerhetskopi.',
    en: 'What was erased never comes back from a backup.',
    evidence: ['test', 'infrastructure'],
  },
  'ALL-05': {
    nb: 'Sikkerhetskopier slettes innen 90 dager.',
    en: 'Backups are deleted within 90 days.',
    evidence: ['test', 'infrastructure'],
  },
  'ALL-06': {
    nb: 'Hver kategori av opplysninger sier hvilket grunnlag den bygger på. Å bruke tjenesten er aldri et samtykke.',
    en: 'Each category of data states its legal basis. Using the service is never consent.',
    evidence: ['test'],
  },
  'ALL-07': {
    nb: 'Opplysningene ligger hos AWS i Irland.',
    en: 'The data lies at AWS in Ireland.',
    evidence: ['test', 'infrastructure'],
  },
  'ALL-08': {
    nb: 'Et sikkerhetsbrudd hos Vern meldes til virksomheten innen 24 timer.',
    en: 'A breach at Vern is told to the organisation within 24 hours.',
    evidence: ['test'],
  },
  'ALL-09': {
    nb: 'Når avtalen er slutt, velger virksomheten om alt skal leveres tilbake eller slettes.',
    en: 'At the agreement’s end the organisation chooses return or deletion of all its data.',
    evidence: ['test'],
  },
} as const satisfies Promises;
