import type { Language } from '../../http/call.ts';
import type { PageWords } from '../links/page.ts';
import { MESSAGES_MAX, type Message, TEXT_CHARACTERS_MAX, type Thread } from './thread.ts';

/** What the pages of a conversation say to someone without an account. */
export const askingPage = (language: Language): PageWords => ({
  title: texts[language].title,
  paragraphs: [texts[language].ask],
  button: texts[language].show,
});

export function threadPage(
  { state, messages: count }: Thread,
  messages: readonly Message[],
  token: string,
  language: Language,
  wasRefused = false,
): PageWords {
  const words = texts[language];
  const mayWrite = state === 'open' && count < MESSAGES_MAX;
  return {
    title: words.title,
    paragraphs: [...(wasRefused ? [words.refused] : []), mayWrite ? words.confidence : words.closed],
    messages: messages.map(({ by, text }) => ({ heading: words.by[by], text })),
    ...(mayWrite && {
      forms: [
        {
          action: `/l/${token}/messages`,
          fields: [{ kind: 'text', name: 'text', label: words.answer, charactersMax: TEXT_CHARACTERS_MAX }],
          button: words.send,
        },
      ],
    }),
  };
}

const texts = {
  nb: {
    title: 'Samtalen din med personvernombudet',
    ask: 'Personvernombudet har svart deg. Svaret vises når du trykker på knappen.',
    show: 'Vis samtalen',
    confidence: 'Bare personvernombudet kan lese det du skriver her. Virksomheten du bruker Vern hos, kan ikke.',
    refused: 'Meldingen ble ikke sendt. Den kan ha høyst 4000 tegn, og ikke inneholde kortnummer eller fødselsnummer.',
    closed: 'Samtalen er avsluttet og blir slettet 30 dager etter det. Vil du skrive mer, begynner du en ny.',
    by: { person: 'Du', officer: 'Personvernombudet' },
    answer: 'Skriv til personvernombudet',
    send: 'Send',
  },
  en: {
    title: 'Your conversation with the data-protection officer',
    ask: 'The data-protection officer has answered you. The answer is shown when you press the button.',
    show: 'Show the conversation',
    confidence:
      'Only the data-protection officer can read what you write here. The organisation where you use Vern cannot.',
    refused: 'The message was not sent. It can have 4000 characters, and no card or identity number.',
    closed: 'The conversation is closed and is deleted 30 days after that. To write more, begin a new one.',
    by: { person: 'You', officer: 'The data-protection officer' },
    answer: 'Write to the data-protection officer',
    send: 'Send',
  },
} as const;
