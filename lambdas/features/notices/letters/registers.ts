import type { Language } from '../../../http/call.ts';
import { dayAndTime } from '../instants.ts';
import type { registerTemplates } from '../templates/registers.ts';
import { english, type Letters, norwegian } from './phrases.ts';

/** Changes of sub-processors, and breaches: to those who answer for the data, and to those it is about. */
export const registerLetters: Letters<keyof typeof registerTemplates> = {
  'sub-processor-change': {
    nb({ kind, supplier, effectiveOn, objectBefore }, facts) {
      const say = norwegian(facts);
      const what = {
        add: `${supplier} blir ny underleverandør av Vern.`,
        replace: `${supplier} tar over for en underleverandør av Vern.`,
        remove: `${supplier} er ikke lenger underleverandør av Vern.`,
      };
      return {
        subject: 'Vern endrer underleverandører',
        heading: 'Vern endrer underleverandører',
        paragraphs: [
          `${what[kind]} Endringen gjelder fra ${day(effectiveOn, 'nb')}.`,
          'Listen over underleverandører viser hva leverandøren gjør, hvilke opplysninger det gjelder, hvor de behandles, og på hvilket grunnlag.',
          `Har virksomheten innvendinger? Meld dem i Vern senest ${day(objectBefore, 'nb')}.`,
        ],
        footer: [
          say.why('du er administrator eller personvernansvarlig'),
          'Den følger av databehandleravtalen og kan derfor ikke slås av.',
        ],
      };
    },
    en({ kind, supplier, effectiveOn, objectBefore }, facts) {
      const say = english(facts);
      const what = {
        add: `${supplier} becomes a sub-processor of Vern.`,
        replace: `${supplier} takes over from a sub-processor of Vern.`,
        remove: `${supplier} is no longer a sub-processor of Vern.`,
      };
      return {
        subject: 'Vern changes its sub-processors',
        heading: 'Vern changes its sub-processors',
        paragraphs: [
          `${what[kind]} The change takes effect on ${day(effectiveOn, 'en')}.`,
          'The list of sub-processors shows what the supplier does, which data it concerns, where it is processed and on which safeguard.',
          `Does your organisation object? Say so in Vern by ${day(objectBefore, 'en')}.`,
        ],
        footer: [
          say.why('you are an administrator or privacy officer'),
          'It follows from the data-processing agreement, so it cannot be turned off.',
        ],
      };
    },
  },
  'breach-told': {
    nb({ phase, knownAt, reportDueAt }, facts) {
      const say = norwegian(facts);
      return {
        subject: phase === 1 ? 'Viktig: sikkerhetsbrudd hos Vern' : 'Nytt om sikkerhetsbruddet hos Vern',
        heading: phase === 1 ? 'Et sikkerhetsbrudd berører dere' : 'Vi vet mer om sikkerhetsbruddet',
        paragraphs: [
          `Vern fikk vite om et brudd på personopplysningssikkerheten ${dayAndTime(knownAt, say.timeZone, 'nb')}. Det berører opplysninger som dere er ansvarlige for.`,
          'Logg på Vern og åpne bruddet. Der står det vi vet: hva som har skjedd, hvem og hva det gjelder, mulige følger og tiltak. Der er også et ferdig utfylt utkast til meldingen til Datatilsynet.',
          `Dere avgjør selv om bruddet skal meldes til Datatilsynet. Fristen er 72 timer: ${dayAndTime(reportDueAt, say.timeZone, 'nb')}. Dere avgjør også om de som er berørt, skal få beskjed.`,
        ],
        footer: [
          say.why('du er administrator eller personvernansvarlig'),
          'Den følger av databehandleravtalen og kan derfor ikke slås av.',
        ],
      };
    },
    en({ phase, knownAt, reportDueAt }, facts) {
      const say = english(facts);
      return {
        subject: phase === 1 ? 'Important: a security breach at Vern' : 'News of the security breach at Vern',
        heading: phase === 1 ? 'A security breach affects you' : 'We know more about the security breach',
        paragraphs: [
          `Vern learnt of a personal-data breach on ${dayAndTime(knownAt, say.timeZone, 'en')}. It affects data that your organisation is responsible for.`,
          'Sign in to Vern and open the breach. It says what we know: what happened, whom and what it concerns, likely consequences and measures. There is also a draft of the report to Datatilsynet, already filled in.',
          `You decide whether to report the breach to Datatilsynet. The time limit is 72 hours: ${dayAndTime(reportDueAt, say.timeZone, 'en')}. You also decide whether to tell those affected.`,
        ],
        footer: [
          say.why('you are an administrator or privacy officer'),
          'It follows from the data-processing agreement, so it cannot be turned off.',
        ],
      };
    },
  },
  'breach-person': {
    nb({ nb: { whatHappened, consequences, measures, contact } }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Viktig melding om opplysningene dine',
        heading: 'Et sikkerhetsbrudd berører opplysninger om deg',
        paragraphs: [
          `Hva som har skjedd: ${whatHappened}`,
          `Hva det kan bety for deg: ${consequences}`,
          `Hva som er gjort, og hva du selv kan gjøre: ${measures}`,
          `Spørsmål? ${contact}`,
        ],
        footer: [
          say.why('bruddet kan ha følger for deg'),
          'Den er pålagt ved lov (personvernforordningen art. 34) og kan derfor ikke slås av.',
        ],
      };
    },
    en({ en: { whatHappened, consequences, measures, contact } }, facts) {
      const say = english(facts);
      return {
        subject: 'Important news about your data',
        heading: 'A security breach affects data about you',
        paragraphs: [
          `What happened: ${whatHappened}`,
          `What it may mean for you: ${consequences}`,
          `What has been done, and what you can do yourself: ${measures}`,
          `Questions? ${contact}`,
        ],
        footer: [
          say.why('the breach may have consequences for you'),
          'The law demands it (GDPR Art. 34), so it cannot be turned off.',
        ],
      };
    },
  },
};

/** A plain date in words; noon keeps it the same day in every zone of Europe. */
const day = (date: string, language: Language) =>
  new Intl.DateTimeFormat(language === 'nb' ? 'nb-NO' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${date}T12:00:00Z`),
  );
