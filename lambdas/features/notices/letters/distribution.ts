import type { distributionTemplates } from '../templates/distribution.ts';
import { declining, english, type Facts, type Letters, norwegian } from './phrases.ts';

/** Lines as people wrote them; an empty one is none. */
const paragraphsOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

interface Words {
  readonly subject: string;
  readonly text: string;
}

interface Phrased {
  /** Why one gets it. */
  readonly because: string;
  /** How to be rid of it. */
  readonly decline: string;
  /** Instead of the words, for whoever lives at a protected address. */
  readonly waits: { readonly subject: string; readonly text: string };
}

const news = {
  nb: {
    because: 'du hører til der',
    decline: 'Slå av nyheter fra virksomheten',
    waits: { subject: 'Noe venter på deg', text: 'Det er kommet nytt til deg. Logg inn i Vern for å lese det.' },
  },
  en: {
    because: 'you belong there',
    decline: 'Turn off news from the organisation',
    waits: {
      subject: 'Something is waiting for you',
      text: 'There is something new for you. Sign in to Vern to read it.',
    },
  },
} as const;

const newsletter = {
  nb: {
    because: 'du har bedt om nyhetsbrevet',
    decline: 'Meld deg av nyhetsbrevet',
    waits: { subject: 'Nyhetsbrevet er kommet', text: 'Logg inn i Vern for å lese det.' },
  },
  en: {
    because: 'you asked for the newsletter',
    decline: 'Unsubscribe from the newsletter',
    waits: { subject: 'The newsletter has come', text: 'Sign in to Vern to read it.' },
  },
} as const;

const survey = {
  nb: {
    because: 'du har sagt ja til å bli spurt',
    decline: 'Slå av spørreundersøkelser',
    waits: { subject: 'En undersøkelse venter på deg', text: 'Noen vil gjerne vite hva du mener.' },
  },
  en: {
    because: 'you agreed to be asked',
    decline: 'Turn off surveys',
    waits: { subject: 'A survey is waiting for you', text: 'Somebody would like to know what you think.' },
  },
} as const;

/** Of whoever is protected not even the words leave: they could say who they are from. */
const shown = ({ subject, text }: Words, { isProtected }: Facts, { waits }: Phrased) =>
  isProtected
    ? { subject: waits.subject, heading: waits.subject, paragraphs: [waits.text] }
    : { subject, heading: subject, paragraphs: paragraphsOf(text) };

function inNorwegian(words: Words, facts: Facts, phrased: Phrased) {
  return {
    ...shown(words, facts, phrased),
    footer: [norwegian(facts).why(facts.isProtected ? 'det er kommet noe til deg' : phrased.because)],
    ...declining(facts, phrased.decline),
  };
}

function inEnglish(words: Words, facts: Facts, phrased: Phrased) {
  return {
    ...shown(words, facts, phrased),
    footer: [english(facts).why(facts.isProtected ? 'something has come for you' : phrased.because)],
    ...declining(facts, phrased.decline),
  };
}

const asTest = (said: ReturnType<typeof shown>, test: string) => ({ ...said, subject: `${test}: ${said.subject}` });

/** What an organisation writes to many. */
export const distributionLetters: Letters<keyof typeof distributionTemplates> = {
  'job-news': {
    nb: (words, facts) => inNorwegian(words, facts, news.nb),
    en: (words, facts) => inEnglish(words, facts, news.en),
  },
  'job-newsletter': {
    nb: (words, facts) => inNorwegian(words, facts, newsletter.nb),
    en: (words, facts) => inEnglish(words, facts, newsletter.en),
  },
  'job-survey': {
    nb: ({ token, ...words }, facts) => ({
      ...inNorwegian(words, facts, survey.nb),
      action: { label: 'Svar på undersøkelsen', url: facts.linkUrl(token) },
    }),
    en: ({ token, ...words }, facts) => ({
      ...inEnglish(words, facts, survey.en),
      action: { label: 'Answer the survey', url: facts.linkUrl(token) },
    }),
  },
  'job-test': {
    nb: (words, facts) => ({
      ...asTest(shown(words, facts, news.nb), 'Prøve'),
      footer: [
        norwegian(facts).why('du har bedt om å se den før den sendes'),
        'Den er sendt til deg alene og er ikke noe du abonnerer på.',
      ],
    }),
    en: (words, facts) => ({
      ...asTest(shown(words, facts, news.en), 'Test'),
      footer: [
        english(facts).why('you asked to see it before it is sent'),
        'It was sent to you alone and is not something that you subscribe to.',
      ],
    }),
  },
};
