import type { Language } from '../../http/call.ts';
import { type Bilingual, type LegalDocument, list, paragraph, type Section, section } from '../agreements/document.ts';
import { operator } from '../agreements/operator.ts';
import { dayAndTime } from '../notices/instants.ts';
import { type Breach, type BreachFacts, factsOf, reportDueAt } from './breach.ts';

/** Whose report it is. */
export interface Reporter {
  readonly name: string;
  readonly timeZone: string;
}

/**
 * The report to Datatilsynet as a draft, in the order in which its form in Altinn asks (datatilsynet.no, *Melde brudd på
 * personopplysningssikkerheten*): description, consequences, measures, information, contact. What is missing is said, so
 * that a first report can go within the 72 hours and the rest follow in phases (Art. 33(4)). Pure.
 */
export function breachNotification(
  breach: Breach,
  { name, timeZone }: Reporter,
  now: Date,
  language: Language,
): LegalDocument {
  const facts = factsOf(breach);
  const say = words[language];
  const when = (instant: string) => dayAndTime(instant, timeZone, language);
  return {
    language,
    title: say.title,
    version: `${breach.phases.length}`,
    versionLabel: say.phase,
    parties: [
      { label: say.controller, value: name },
      { label: say.kindOfReport, value: say.kindsOfReport[kindOfReport(breach)] },
      { label: say.dueAt, value: when(reportDueAt(breach)) },
      ...(isLate(breach, now) ? [{ label: say.late, value: say.sayWhyLate }] : []),
    ],
    sections: sections(breach, facts, when, say),
  };
}

/** A first report, or more to one that has been sent. */
const kindOfReport = ({ reports }: Breach): 'first' | 'supplement' => (reports.length === 0 ? 'first' : 'supplement');
const isLate = (breach: Breach, now: Date) => breach.reports.length === 0 && reportDueAt(breach) < now.toISOString();

function sections(
  { knownAt, personsTold, personsNotTold }: Breach,
  facts: BreachFacts,
  when: (instant: string) => string,
  say: Words,
): Section[] {
  const line = (label: string, value: string | number | undefined) => `${label}: ${value ?? say.notKnownYet}`;
  const { beganAt, endedAt } = facts;
  const period =
    beganAt === undefined ? undefined : `${when(beganAt)} – ${endedAt === undefined ? say.ongoing : when(endedAt)}`;
  const told =
    personsTold > 0
      ? say.personsTold(personsTold)
      : personsNotTold
        ? say.reasonsNotToTell[personsNotTold.reason]
        : undefined;
  return [
    section(
      say.description,
      list(
        line(say.cause, facts.cause && say.causes[facts.cause]),
        line(say.kindOfBreach, facts.kinds?.map((kind) => say.kinds[kind]).join(', ')),
        line(say.period, period),
        line(say.discovered, when(knownAt)),
        line(say.subjects, facts.approximateSubjects),
        line(say.subjectCategories, facts.subjectCategories?.join(', ')),
        line(say.records, facts.approximateRecords),
        line(say.what, facts.whatHappened),
        line(say.how, facts.howItArose),
        line(say.data, facts.dataCategories?.join(', ')),
        line(say.relation, facts.relation),
        line(say.whereabouts, facts.whereabouts),
      ),
    ),
    section(say.consequences, paragraph(facts.consequences ?? say.notKnownYet)),
    section(say.measures, list(line(say.taken, facts.measuresTaken), line(say.planned, facts.measuresPlanned))),
    section(say.information, list(line(say.informed, told), line(say.informedHow, facts.subjectsInformed))),
    section(
      say.contact,
      list(
        line(
          say.officer,
          facts.contact && [facts.contact.name, facts.contact.email, facts.contact.phone].filter(Boolean).join(', '),
        ),
        line(say.supplier, `${operator.name}, ${operator.dataProtectionOfficer}`),
      ),
    ),
  ];
}

type Facts = { readonly [K in keyof BreachFacts]-?: NonNullable<BreachFacts[K]> };
interface Words {
  readonly title: string;
  readonly phase: string;
  readonly controller: string;
  readonly kindOfReport: string;
  readonly kindsOfReport: Readonly<Record<'first' | 'supplement', string>>;
  readonly dueAt: string;
  readonly late: string;
  readonly sayWhyLate: string;
  readonly notKnownYet: string;
  readonly ongoing: string;
  readonly description: string;
  readonly cause: string;
  readonly causes: Readonly<Record<Facts['cause'], string>>;
  readonly kindOfBreach: string;
  readonly kinds: Readonly<Record<Facts['kinds'][number], string>>;
  readonly period: string;
  readonly discovered: string;
  readonly subjects: string;
  readonly subjectCategories: string;
  readonly records: string;
  readonly what: string;
  readonly how: string;
  readonly data: string;
  readonly relation: string;
  readonly whereabouts: string;
  readonly consequences: string;
  readonly measures: string;
  readonly taken: string;
  readonly planned: string;
  readonly information: string;
  readonly informed: string;
  readonly informedHow: string;
  readonly personsTold: (count: number) => string;
  readonly reasonsNotToTell: Readonly<Record<NonNullable<Breach['personsNotTold']>['reason'], string>>;
  readonly contact: string;
  readonly officer: string;
  readonly supplier: string;
}

const words: Bilingual<Words> = {
  nb: {
    title: 'Utkast: melding til Datatilsynet om brudd på personopplysningssikkerheten',
    phase: 'Opplysninger i fase',
    controller: 'Virksomhet',
    kindOfReport: 'Type melding',
    kindsOfReport: { first: 'Første melding', supplement: 'Tilleggsopplysninger til en melding som er sendt' },
    dueAt: 'Frist (72 timer)',
    late: 'Etter fristen',
    sayWhyLate: 'Fristen er ute. Skriv i meldingen hvorfor den kommer sent (art. 33 nr. 1).',
    notKnownYet: 'ikke kjent ennå',
    ongoing: 'pågår',
    description: 'Beskrivelse av bruddet',
    cause: 'Hovedårsak',
    causes: {
      'sent-to-the-wrong-recipient': 'sendt til feil mottaker',
      'published-by-mistake': 'publisert ved en feil',
      'unauthorised-access': 'uautorisert tilgang',
      attack: 'dataangrep',
      'lost-or-stolen': 'mistet eller stjålet',
      'technical-fault': 'teknisk feil',
      other: 'annet',
    },
    kindOfBreach: 'Type brudd',
    kinds: { confidentiality: 'konfidensialitet', integrity: 'integritet', availability: 'tilgjengelighet' },
    period: 'Tidsrom',
    discovered: 'Oppdaget',
    subjects: 'Antall berørte personer, omtrent',
    subjectCategories: 'Hvem de berørte er',
    records: 'Antall registreringer, omtrent',
    what: 'Hva som har skjedd',
    how: 'Hvordan bruddet oppstod',
    data: 'Hva slags personopplysninger',
    relation: 'Virksomhetens relasjon til de berørte',
    whereabouts: 'Hvor opplysningene er nå',
    consequences: 'Konsekvenser for de berørte',
    measures: 'Tiltak',
    taken: 'Gjennomført',
    planned: 'Planlagt',
    information: 'Informasjon til de berørte',
    informed: 'Er de berørte informert',
    informedHow: 'Hvordan',
    personsTold: (count) => `ja, ${count} ved brev i Vern`,
    reasonsNotToTell: {
      'no-high-risk': 'nei, risikoen er ikke høy (art. 34 nr. 1)',
      unintelligible: 'nei, opplysningene er uleselige for uvedkommende (art. 34 nr. 3 a)',
      'risk-averted': 'nei, tiltak har fjernet den høye risikoen (art. 34 nr. 3 b)',
      'told-publicly': 'ja, ved offentlig kunngjøring (art. 34 nr. 3 c)',
    },
    contact: 'Kontaktinformasjon',
    officer: 'Personvernombud eller annen kontakt',
    supplier: 'Databehandlerens personvernombud',
  },
  en: {
    title: 'Draft: report to Datatilsynet of a personal-data breach',
    phase: 'Facts as of phase',
    controller: 'Organisation',
    kindOfReport: 'Kind of report',
    kindsOfReport: { first: 'First report', supplement: 'More to a report that has been sent' },
    dueAt: 'Due (72 hours)',
    late: 'After the time limit',
    sayWhyLate: 'The time is over. Say in the report why it comes late (Art. 33(1)).',
    notKnownYet: 'not known yet',
    ongoing: 'still going on',
    description: 'Description of the breach',
    cause: 'Main cause',
    causes: {
      'sent-to-the-wrong-recipient': 'sent to the wrong recipient',
      'published-by-mistake': 'published by mistake',
      'unauthorised-access': 'unauthorised access',
      attack: 'attack',
      'lost-or-stolen': 'lost or stolen',
      'technical-fault': 'technical fault',
      other: 'other',
    },
    kindOfBreach: 'Kind of breach',
    kinds: { confidentiality: 'confidentiality', integrity: 'integrity', availability: 'availability' },
    period: 'Period',
    discovered: 'Discovered',
    subjects: 'Number of persons affected, approximately',
    subjectCategories: 'Who those affected are',
    records: 'Number of records, approximately',
    what: 'What happened',
    how: 'How the breach arose',
    data: 'What kind of personal data',
    relation: 'The organisation’s relation to those affected',
    whereabouts: 'Where the data is now',
    consequences: 'Consequences for those affected',
    measures: 'Measures',
    taken: 'Taken',
    planned: 'Planned',
    information: 'Information to those affected',
    informed: 'Have those affected been informed',
    informedHow: 'How',
    personsTold: (count) => `yes, ${count} by letter in Vern`,
    reasonsNotToTell: {
      'no-high-risk': 'no, the risk is not high (Art. 34(1))',
      unintelligible: 'no, the data is unintelligible to anyone unauthorised (Art. 34(3)(a))',
      'risk-averted': 'no, measures have averted the high risk (Art. 34(3)(b))',
      'told-publicly': 'yes, by a public communication (Art. 34(3)(c))',
    },
    contact: 'Contact',
    officer: 'Data-protection officer or other contact',
    supplier: 'The processor’s data-protection officer',
  },
};
