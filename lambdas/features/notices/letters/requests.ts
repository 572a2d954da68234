import type { Language } from '../../../http/call.ts';
import { dayAndTime } from '../instants.ts';
import type { Letter } from '../letter.ts';
import type { ParametersOf } from '../notice.ts';
import type { requestTemplates } from '../templates/requests.ts';
import { english, type Facts, type Letters, norwegian, type Writer } from './phrases.ts';

type RequestTemplate = keyof typeof requestTemplates;
type Words = {
  readonly subject: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
};
type About = ParametersOf<'request-received'>;

const more = {
  nb: ({ hasAccount }: About, signIn: string) => [
    hasAccount ? signIn : 'Lurer du på noe, tar du kontakt der du sendte henvendelsen.',
  ],
  en: ({ hasAccount }: About, signIn: string) => [
    hasAccount ? signIn : 'If you have questions, contact the place where you made the request.',
  ],
} as const;

/** The two grounds of Art. 12(3). */
const extensionWords = {
  nb: {
    complexity: 'Grunnen er at henvendelsen er sammensatt.',
    'number-of-requests': 'Grunnen er at vi har fått mange henvendelser.',
  },
  en: {
    complexity: 'The reason is that the request is complex.',
    'number-of-requests': 'The reason is that we have received many requests.',
  },
} as const;

/**
 * Which right it is about, and what was decided in words, never stands in a mail: it may lie open on a screen. The
 * letter says that something waits, until when, and where to read it.
 */
export const requestLetters: Letters<RequestTemplate> = {
  'request-received': toRequester({
    nb: (about) => ({
      subject: 'Vi har fått henvendelsen din',
      heading: 'Henvendelsen din er mottatt',
      paragraphs: [
        `Du får svar senest ${lastDay(about, 'nb')}.`,
        ...more.nb(about, 'Logg på Vern for å følge med, eller for å trekke henvendelsen tilbake.'),
      ],
    }),
    en: (about) => ({
      subject: 'We have received your request',
      heading: 'Your request has been received',
      paragraphs: [
        `You get an answer by ${lastDay(about, 'en')} at the latest.`,
        ...more.en(about, 'Sign in to Vern to follow it, or to take it back.'),
      ],
    }),
  }),
  'request-waiting': toRequester({
    nb: (about) => ({
      subject: 'Henvendelsen din venter',
      heading: 'Henvendelsen er godkjent, men må vente',
      paragraphs: [
        about.endsAt === undefined
          ? 'En lov sier at noe må tas vare på en tid til. Henvendelsen blir utført når det er over.'
          : `Henvendelsen blir utført ${dayAndTime(about.endsAt, about.timeZone, 'nb')}. Fram til da kan du trekke den tilbake.`,
        ...more.nb(about, 'Logg på Vern for å se hva den venter på.'),
      ],
    }),
    en: (about) => ({
      subject: 'Your request is waiting',
      heading: 'Your request is approved, but has to wait',
      paragraphs: [
        about.endsAt === undefined
          ? 'A law says that something must be kept a while longer. Your request is carried out when that is over.'
          : `Your request is carried out on ${dayAndTime(about.endsAt, about.timeZone, 'en')}. Until then you can take it back.`,
        ...more.en(about, 'Sign in to Vern to see what it is waiting for.'),
      ],
    }),
  }),
  'request-extended': toRequester({
    nb: (about) => ({
      subject: 'Svaret på henvendelsen din tar lengre tid',
      heading: 'Vi trenger mer tid',
      paragraphs: [
        `Du får svar senest ${lastDay(about, 'nb')}.`,
        `${extensionWords.nb[about.extendedFor ?? 'complexity']} Er du uenig, kan du klage til Datatilsynet.`,
        ...more.nb(about, 'Logg på Vern for å lese mer.'),
      ],
    }),
    en: (about) => ({
      subject: 'The answer to your request takes longer',
      heading: 'We need more time',
      paragraphs: [
        `You get an answer by ${lastDay(about, 'en')} at the latest.`,
        `${extensionWords.en[about.extendedFor ?? 'complexity']} If you disagree, you can complain to Datatilsynet.`,
        ...more.en(about, 'Sign in to Vern to read more.'),
      ],
    }),
  }),
  'request-refused': toRequester({
    nb: () => ({
      subject: 'Henvendelsen din er besvart',
      heading: 'Vi kan ikke gjøre det du ba om',
      paragraphs: [
        'Logg på Vern for å lese begrunnelsen.',
        'Er du uenig, kan du klage til Datatilsynet. Du kan også bringe saken inn for domstolene.',
      ],
    }),
    en: () => ({
      subject: 'Your request has been answered',
      heading: 'We cannot do what you asked for',
      paragraphs: [
        'Sign in to Vern to read the reason.',
        'If you disagree, you can complain to Datatilsynet. You can also take the case to court.',
      ],
    }),
  }),
  'request-met': toRequester({
    nb: () => ({
      subject: 'Henvendelsen din er besvart',
      heading: 'Det du ba om, er gjort',
      paragraphs: ['Logg på Vern for å lese svaret.'],
    }),
    en: () => ({
      subject: 'Your request has been answered',
      heading: 'What you asked for has been done',
      paragraphs: ['Sign in to Vern to read the answer.'],
    }),
  }),
  'request-in-force': toRequester({
    nb: (about) => ({
      subject: 'Henvendelsen din virker nå',
      heading: 'Det du ba om, virker fra nå av',
      paragraphs: [
        `Skulle noe bli endret, får du vite det før det skjer. Du får endelig svar senest ${lastDay(about, 'nb')}.`,
        ...more.nb(about, 'Logg på Vern for å se hva som gjelder, eller for å trekke henvendelsen tilbake.'),
      ],
    }),
    en: (about) => ({
      subject: 'Your request is in force',
      heading: 'What you asked for works from now on',
      paragraphs: [
        `If anything changes, you are told before it does. You get the final answer by ${lastDay(about, 'en')} at the latest.`,
        ...more.en(about, 'Sign in to Vern to see what applies, or to take the request back.'),
      ],
    }),
  }),
  'request-ending': toRequester({
    nb: (about) => ({
      subject: 'Noe du ba om, tar snart slutt',
      heading: 'Det du ba om, tar snart slutt',
      paragraphs: [
        `Det slutter å virke ${dayAndTime(about.endsAt ?? about.dueAt, about.timeZone, 'nb')}.`,
        'Er du uenig, kan du klage til Datatilsynet.',
        ...more.nb(about, 'Logg på Vern for å lese hvorfor.'),
      ],
    }),
    en: (about) => ({
      subject: 'Something you asked for is about to end',
      heading: 'What you asked for is about to end',
      paragraphs: [
        `It stops working on ${dayAndTime(about.endsAt ?? about.dueAt, about.timeZone, 'en')}.`,
        'If you disagree, you can complain to Datatilsynet.',
        ...more.en(about, 'Sign in to Vern to read why.'),
      ],
    }),
  }),
  'request-incomplete': toRequester({
    nb: () => ({
      subject: 'Henvendelsen din er ikke ferdig',
      heading: 'Noe gikk galt, og vi prøver igjen',
      paragraphs: [
        'En del av henvendelsen din kunne ikke utføres. Den er ikke regnet som besvart.',
        'Du trenger ikke gjøre noe. Vi prøver til det er gjort, og du får beskjed.',
      ],
    }),
    en: () => ({
      subject: 'Your request is not finished',
      heading: 'Something went wrong, and we are trying again',
      paragraphs: [
        'A part of your request could not be carried out. It does not count as answered.',
        'There is nothing you need to do. We try until it is done, and you are told.',
      ],
    }),
  }),
  'request-to-decide': toController({
    nb: (about) => ({
      subject: 'En henvendelse venter på dere',
      heading: 'Noen har bedt om å bruke en rettighet',
      paragraphs: [`Den skal være besvart senest ${lastDay(about, 'nb')}.`, 'Logg på Vern for å behandle den.'],
    }),
    en: (about) => ({
      subject: 'A request is waiting for you',
      heading: 'Someone has asked to use a right',
      paragraphs: [`It must be answered by ${lastDay(about, 'en')}.`, 'Sign in to Vern to handle it.'],
    }),
  }),
  'request-due': toController({
    nb: (about) => ({
      subject: 'En henvendelse må besvares snart',
      heading: 'Fristen nærmer seg',
      paragraphs: [
        `En henvendelse som dere ikke har besvart, skal være besvart senest ${lastDay(about, 'nb')}.`,
        'Logg på Vern for å behandle den.',
      ],
    }),
    en: (about) => ({
      subject: 'A request must be answered soon',
      heading: 'The deadline is near',
      paragraphs: [
        `A request that you have not answered must be answered by ${lastDay(about, 'en')}.`,
        'Sign in to Vern to handle it.',
      ],
    }),
  }),
  'request-overdue': toController({
    nb: (about) => ({
      subject: 'En henvendelse er ikke besvart i tide',
      heading: 'Fristen er ute',
      paragraphs: [
        `En henvendelse skulle vært besvart senest ${lastDay(about, 'nb')}. Loven gir ikke mer tid.`,
        'Logg på Vern og besvar den nå.',
      ],
    }),
    en: (about) => ({
      subject: 'A request was not answered in time',
      heading: 'The deadline has passed',
      paragraphs: [
        `A request should have been answered by ${lastDay(about, 'en')}. The law gives no more time.`,
        'Sign in to Vern and answer it now.',
      ],
    }),
  }),
  'request-about-child': toGuardian({
    nb: {
      subject: 'En henvendelse om et barn',
      heading: 'En annen foresatt har bedt om noe',
      paragraphs: [
        'En annen foresatt har bedt om at opplysninger om et barn du er foresatt for, blir behandlet på en annen måte.',
        'Ingenting er avgjort. Vil du si noe om det, tar du kontakt der barnet er.',
      ],
    },
    en: {
      subject: 'A request about a child',
      heading: 'Another guardian has asked for something',
      paragraphs: [
        'Another guardian has asked that information about a child you are a guardian of is handled differently.',
        'Nothing has been decided. If you want to say something about it, contact the place where the child is.',
      ],
    },
  }),
  'request-rectified': toGuardian({
    nb: {
      subject: 'Noe som er registrert, er rettet',
      heading: 'Opplysninger om et barn er rettet',
      paragraphs: [
        'Noe som er registrert om et barn du er foresatt for, er rettet.',
        'Logg på Vern for å se det som gjelder nå.',
      ],
    },
    en: {
      subject: 'Something registered has been corrected',
      heading: 'Information about a child has been corrected',
      paragraphs: [
        'Something that is registered about a child you are a guardian of has been corrected.',
        'Sign in to Vern to see what applies now.',
      ],
    },
  }),
};

type InBoth<A> = Readonly<Record<Language, A>>;
type LetterPair<T extends RequestTemplate> = InBoth<Writer<T>>;
type AboutRequest = Exclude<RequestTemplate, 'request-about-child' | 'request-rectified'>;

function toRequester(words: InBoth<(about: About) => Words>): LetterPair<AboutRequest> {
  return {
    nb: (about, facts) =>
      letter(
        words.nb(about),
        facts,
        'du har bedt om å bruke en rettighet',
        'Den er svar på noe du har bedt om, og kan derfor ikke slås av.',
      ),
    en: (about, facts) =>
      letter(
        words.en(about),
        facts,
        'you have asked to use a right',
        'It answers something that you asked for, so it cannot be turned off.',
      ),
  };
}

function toController(words: InBoth<(about: About) => Words>): LetterPair<AboutRequest> {
  return {
    nb: (about, facts) =>
      letter(
        words.nb(about),
        facts,
        'du svarer på slike henvendelser',
        'Fristen er satt i loven, og e-posten kan derfor ikke slås av.',
      ),
    en: (about, facts) =>
      letter(
        words.en(about),
        facts,
        'you answer such requests',
        'The law sets the deadline, so it cannot be turned off.',
      ),
  };
}

function toGuardian(words: InBoth<Words>): LetterPair<'request-about-child' | 'request-rectified'> {
  return {
    nb: (_, facts) =>
      letter(
        words.nb,
        facts,
        'du er registrert som foresatt',
        'Den gjelder barnets rettigheter og kan derfor ikke slås av.',
      ),
    en: (_, facts) =>
      letter(
        words.en,
        facts,
        'you are registered as a guardian',
        'It concerns the child’s rights, so it cannot be turned off.',
      ),
  };
}

function letter(words: Words, facts: Facts, reason: string, whyAlways: string): Omit<Letter, 'language'> {
  const say = facts.language === 'nb' ? norwegian(facts) : english(facts);
  return { ...words, footer: [say.why(reason), whyAlways] };
}

/** The last day on which an answer is in time: the term ends at 24:00 of it. */
function lastDay({ dueAt, timeZone }: About, language: Language): string {
  const justBefore = new Date(Date.parse(dueAt) - 1);
  return new Intl.DateTimeFormat(language === 'nb' ? 'nb-NO' : 'en-GB', { timeZone, dateStyle: 'long' }).format(
    justBefore,
  );
}
