import type { Language } from '../../http/call.ts';
import type { PageField, PageWords } from '../links/page.ts';
import { type AnswerForm, fieldOf, type Refused, TEXT_CHARACTERS_MAX } from './answer.ts';
import { COUNTED_FROM, type QuestionResult, type Results } from './results.ts';
import type { Question, Survey } from './survey.ts';

/** What was sent, and why it was not taken. */
export interface Tried {
  readonly form: AnswerForm;
  readonly refused: Refused;
}

/** The questions, to be answered; the second time with what was answered already. */
export function questionsPage(survey: Survey, token: string, language: Language, tried?: Tried): PageWords {
  const { intro, again, send } = texts[language];
  return {
    title: survey.title[language],
    paragraphs: tried ? [again] : intro,
    forms: [
      {
        action: `/l/${token}/answers`,
        fields: survey.questions.map((question, place) => fieldFor(question, place, language, tried)),
        button: send,
      },
    ],
  };
}

function fieldFor(question: Question, place: number, language: Language, tried: Tried | undefined): PageField {
  const { missing, forbidden, optional } = texts[language];
  const name = fieldOf(place);
  const before = tried?.form[name];
  const asked = question.asked[language];
  if (question.kind === 'text') {
    return {
      kind: 'text',
      name,
      label: `${asked} ${optional}`,
      charactersMax: TEXT_CHARACTERS_MAX,
      isOptional: true,
      ...(before !== undefined && { value: before }),
      ...(tried?.refused.forbidden.includes(place) && { error: forbidden }),
    };
  }
  return {
    kind: 'pick',
    name,
    legend: asked,
    options: optionsOf(question, language).map((label, option) => ({ value: String(option), label })),
    ...(before !== undefined && { picked: before }),
    ...(tried?.refused.missing.includes(place) && { error: missing }),
  };
}

/** What can be chosen, in its order; of a text nothing. */
function optionsOf(question: Question, language: Language): readonly string[] {
  if (question.kind === 'text') return [];
  if (question.kind === 'choice') return question.options.map((option) => option[language]);
  return Array.from({ length: question.steps }, (_, step) => {
    if (step === 0) return `1: ${question.lowest[language]}`;
    return step === question.steps - 1 ? `${step + 1}: ${question.highest[language]}` : `${step + 1}`;
  });
}

export const thanksPage = (language: Language): PageWords => texts[language].thanks;
export const closedPage = (language: Language): PageWords => texts[language].closed;

/** Each question with what was answered, in numbers and shares. */
export function resultsPage(survey: Survey, results: Results, language: Language): PageWords {
  const { answers, questions } = results;
  const title = survey.title[language];
  const { few, counted, nothing } = texts[language];
  if (answers === undefined) return { title, paragraphs: [few] };
  return {
    title,
    paragraphs: [counted(answers)],
    messages: survey.questions.map((question, place) => ({
      heading: question.asked[language],
      text: linesOf(question, questions[place], answers, language) ?? nothing,
    })),
  };
}

function linesOf(question: Question, result: QuestionResult | undefined, answers: number, language: Language) {
  if (result?.kind === 'texts') return result.texts?.map((text) => `• ${text}`).join('\n');
  const options = optionsOf(question, language);
  const { share } = texts[language];
  return result?.counts
    .map(({ options: places, count }) => {
      return `${together(question, places, options)}: ${count} (${share(Math.round((100 * count) / answers))})`;
    })
    .join('\n');
}

/** Options that are counted together: steps from one to another, or one beside the other. */
function together({ kind }: Question, places: readonly number[], options: readonly string[]): string {
  if (kind === 'scale' && places.length > 1) return `${(places[0] ?? 0) + 1}–${(places.at(-1) ?? 0) + 1}`;
  return places.map((place) => options[place]).join(' / ');
}

const texts = {
  nb: {
    intro: [
      'Du er invitert til å svare. Det er frivillig, og lenken virker én gang.',
      `Svaret lagres uten navn, tidspunkt eller noe annet som viser hvem som ga det. Resultatet vises bare når minst ${COUNTED_FROM} har svart. Ikke skriv navn eller annet som kan vise hvem du eller andre er.`,
    ],
    again: 'Svaret er ikke sendt ennå. Se på spørsmålene som er merket.',
    send: 'Send svaret',
    missing: 'Velg ett av svarene.',
    forbidden: 'Ta bort kortnummer, fødselsnummer og tegn som ikke kan vises, og skriv kortere hvis teksten er lang.',
    optional: '(kan stå tomt)',
    thanks: {
      title: 'Takk for svaret',
      paragraphs: ['Svaret er lagret. Ingen kan se hvem som har gitt det, og det kan derfor ikke endres.'],
    },
    closed: { title: 'Undersøkelsen er avsluttet', paragraphs: ['Det kan ikke svares lenger.'] },
    few: `Færre enn ${COUNTED_FROM} har svart. Da vises ingen resultater, så ingen kan kjennes igjen.`,
    counted: (answers: number) =>
      `${answers} har svart. Svar som færre enn ${COUNTED_FROM} har valgt, er talt sammen med svaret ved siden av.`,
    nothing: `Færre enn ${COUNTED_FROM} har skrevet noe her.`,
    share: (percent: number) => `${percent}\u00a0%`,
  },
  en: {
    intro: [
      'You are invited to answer. It is voluntary, and the link works once.',
      `Your answer is stored without a name, a time or anything else that shows who gave it. Results are shown only when at least ${COUNTED_FROM} have answered. Do not write names, or anything else that shows who you or others are.`,
    ],
    again: 'Your answer has not been sent yet. Look at the questions that are marked.',
    send: 'Send the answer',
    missing: 'Choose one of the answers.',
    forbidden:
      'Remove card numbers, identity numbers and characters that cannot be shown, and write less if it is long.',
    optional: '(may be left empty)',
    thanks: {
      title: 'Thank you for your answer',
      paragraphs: ['It is stored. Nobody can see who gave it, so it cannot be changed.'],
    },
    closed: { title: 'The survey is closed', paragraphs: ['It can no longer be answered.'] },
    few: `Fewer than ${COUNTED_FROM} have answered. No results are shown then, so that nobody can be recognised.`,
    counted: (answers: number) =>
      `${answers} have answered. Answers that fewer than ${COUNTED_FROM} chose are counted together with the one beside them.`,
    nothing: `Fewer than ${COUNTED_FROM} have written something here.`,
    share: (percent: number) => `${percent}%`,
  },
} as const;
