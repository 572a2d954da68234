import type { Language } from '../../http/call.ts';
import type { PageWords } from '../links/page.ts';
import type { MaterialReason } from './published.ts';

/** What a material change comes to, for the page of a link. */
export interface StatementChange {
  readonly reasons: readonly MaterialReason[];
  /** Titles of the sections that are new or read differently. */
  readonly changed: readonly string[];
  /** Titles of those that are gone. */
  readonly removed: readonly string[];
  /** A path of ours to the whole text; absent where even its address would say too much. */
  readonly wholeText?: string;
}

export function statementChangePage(
  { reasons, changed, removed, wholeText }: StatementChange,
  language: Language,
): PageWords {
  const words = texts[language];
  const lines = [...changed, ...removed.map((title) => `${title} ${words.removed}`)];
  return {
    title: words.title,
    paragraphs: [words.lead, ...reasons.map((reason) => words.reasons[reason]), words.next],
    ...(lines.length > 0 && { notes: { heading: words.sections, lines } }),
    ...(wholeText !== undefined && { link: { label: words.read, url: wholeText } }),
  };
}

const texts = {
  nb: {
    title: 'Personvernerklæringen er endret',
    lead: 'Du får vite om det fordi endringen betyr noe for deg:',
    reasons: {
      'narrows-rights': 'Rettighetene dine er blitt snevrere på et punkt.',
      'changes-duties': 'Pliktene dine er endret.',
      'new-purpose': 'Opplysninger blir brukt til noe nytt.',
      'longer-term': 'Noe blir oppbevart lenger enn før.',
      'new-recipient': 'En ny mottaker får opplysninger.',
      'other-basis': 'Noe blir brukt på et annet grunnlag i loven enn før.',
      'special-category': 'Opplysninger som loven verner særskilt, blir brukt til mer enn før.',
    },
    next: 'Logg på Vern for å lese den nye teksten og bekrefte at du har lest den. Å bekrefte er ikke å samtykke til noe.',
    sections: 'Dette er nytt eller endret:',
    removed: '(fjernet)',
    read: 'Les hele erklæringen',
  },
  en: {
    title: 'The privacy statement has changed',
    lead: 'You are told because the change matters to you:',
    reasons: {
      'narrows-rights': 'Your rights have become narrower in one respect.',
      'changes-duties': 'Your duties have changed.',
      'new-purpose': 'Information is used for something new.',
      'longer-term': 'Something is kept for longer than before.',
      'new-recipient': 'There is a new recipient of information.',
      'other-basis': 'Something is used on another basis in law than before.',
      'special-category': 'Information that the law protects especially is used for more than before.',
    },
    next: 'Sign in to Vern to read the new text and confirm that you have read it. To confirm is not to consent to anything.',
    sections: 'This is new or has changed:',
    removed: '(removed)',
    read: 'Read the whole statement',
  },
} as const;
