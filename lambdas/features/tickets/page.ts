import type { Language } from '../../http/call.ts';
import type { PageForm, PageWords } from '../links/page.ts';
import { dayAndTime } from '../notices/instants.ts';
import type { Ticket, TicketEntry } from './ticket.ts';

export const ANSWER_CHARACTERS_MAX = 4000;

/** What the page of a ticket's link shows. */
export interface LinkedTicket {
  readonly ticket: Ticket;
  readonly entries: readonly TicketEntry[];
  readonly timeZone: string;
  /** Who asked is registered nowhere: they may have it erased here. */
  readonly isOutsiders: boolean;
}

/** Mail programs look at links: what was written is shown when somebody presses the button. */
export const askingPage = (language: Language): PageWords => ({
  title: texts[language].title,
  paragraphs: [texts[language].ask],
  button: texts[language].show,
});
export const erasedPage = (language: Language): PageWords => ({
  title: texts[language].goneTitle,
  paragraphs: [texts[language].gone],
});

export function ticketPage(linked: LinkedTicket, token: string, language: Language, isRefused = false): PageWords {
  const words = texts[language];
  const { ticket, entries, timeZone, isOutsiders } = linked;
  const { number, title, state, openedAt, dueAt } = ticket;
  const when = (instant: string) => dayAndTime(instant, timeZone, language);
  const action = `/l/${token}/ticket` as const;
  const writing: PageForm = {
    action,
    fields: [
      { kind: 'hidden', name: 'do', value: 'write' },
      { kind: 'text', name: 'text', label: words.answer, charactersMax: ANSWER_CHARACTERS_MAX },
    ],
    button: words.send,
  };
  const erasing: PageForm = {
    action,
    fields: [{ kind: 'hidden', name: 'do', value: 'erase' }],
    button: words.erase,
  };
  const isClosed = state === 'closed';
  return {
    title: `${words.ticket} ${number}`,
    paragraphs: [...(isRefused ? [words.refused] : []), title, isClosed ? words.closed : words.mayWrite],
    messages: entries.flatMap((entry) =>
      entry.kind === 'message'
        ? [{ heading: `${entry.by === 'staff' ? words.them : words.you}, ${when(entry.at)}`, text: entry.text }]
        : [],
    ),
    forms: [...(isClosed ? [] : [writing]), ...(isOutsiders ? [erasing] : [])],
    notes: {
      heading: words.held,
      lines: [
        `${words.openedAt}: ${when(openedAt)}`,
        `${words.until}: ${dueAt === undefined ? words.twoYears : when(dueAt)}`,
        isOutsiders ? words.rightsHere : words.rights,
      ],
    },
  };
}

const texts = {
  nb: {
    title: 'Svar i saken din',
    ask: 'Siden viser det som er skrevet i saken, når du trykker på knappen.',
    show: 'Vis',
    ticket: 'Sak',
    you: 'Du',
    them: 'Svar',
    mayWrite: 'Du kan svare her. Ikke skriv om helse.',
    closed: 'Saken er lukket.',
    refused: 'Meldingen ble ikke sendt. Den kan ha høyst 4000 tegn, og ikke inneholde kortnummer eller fødselsnummer.',
    answer: 'Skriv svaret ditt',
    send: 'Send',
    erase: 'Slett saken',
    held: 'Dette er lagret',
    openedAt: 'Sendt',
    until: 'Slettes senest',
    twoYears: 'to år etter at saken er lukket',
    rights: 'Vil du se, rette eller slette det som er lagret om deg, logg på og velg personvern.',
    rightsHere: 'Du kan slette saken her. Da blir alt som er lagret om deg i den, borte.',
    goneTitle: 'Saken er slettet',
    gone: 'Det som var lagret om deg i saken, er borte. Du kan lukke siden.',
  },
  en: {
    title: 'An answer in your ticket',
    ask: 'The page shows what was written in the ticket when you press the button.',
    show: 'Show',
    ticket: 'Ticket',
    you: 'You',
    them: 'Answer',
    mayWrite: 'You can reply here. Nothing about health, please.',
    closed: 'The ticket is closed.',
    refused: 'The message was not sent. It can have 4000 characters, and no card or identity number.',
    answer: 'Write your reply',
    send: 'Send',
    erase: 'Erase the ticket',
    held: 'This is kept',
    openedAt: 'Sent',
    until: 'Erased at the latest',
    twoYears: 'two years after the ticket was closed',
    rights: 'To see, correct or erase what is kept about you, sign in and choose privacy.',
    rightsHere: 'You can erase the ticket here. All that is kept about you in it is then gone.',
    goneTitle: 'The ticket is erased',
    gone: 'What was kept about you in the ticket is gone. You can close this page.',
  },
} as const;
