import type { childLogTemplates } from '../templates/child-log.ts';
import { declining, english, type Letters, norwegian } from './phrases.ts';

/** What a day came to. */
export const childLogLetters: Letters<keyof typeof childLogTemplates> = {
  'daily-summary': {
    nb({ sleeps, meals, nappies, notes }, facts) {
      const say = norwegian(facts);
      const parts = counted([
        [sleeps, 'lur', 'lurer'],
        [meals, 'måltid', 'måltider'],
        [nappies, 'bleieskift', 'bleieskift'],
        [notes, 'notat', 'notater'],
      ]);
      const what = parts.length === 0 ? 'Noe er skrevet i dagsloggen i dag.' : `Dagsloggen: ${listed(parts, 'og')}.`;
      return {
        subject: 'Dagen i dag',
        heading: `Slik var dagen for ${say.child}`,
        paragraphs: [what, 'Logg inn i Vern for å lese mer.'],
        footer: [say.why('du er registrert som foresatt')],
        ...declining(facts, 'Jeg vil ikke ha slike meldinger'),
      };
    },
    en({ sleeps, meals, nappies, notes }, facts) {
      const say = english(facts);
      const parts = counted([
        [sleeps, 'nap', 'naps'],
        [meals, 'meal', 'meals'],
        [nappies, 'nappy change', 'nappy changes'],
        [notes, 'note', 'notes'],
      ]);
      const what = parts.length === 0 ? 'Something was written in the log today.' : `The log: ${listed(parts, 'and')}.`;
      return {
        subject: 'The day today',
        heading: `How the day was for ${say.child}`,
        paragraphs: [what, 'Sign in to Vern to read more.'],
        footer: [say.why('you are registered as a guardian')],
        ...declining(facts, 'I do not want messages like this'),
      };
    },
  },
};

type Count = readonly [count: number, one: string, several: string];

const counted = (counts: readonly Count[]): string[] =>
  counts.flatMap(([count, one, several]) => (count === 0 ? [] : [`${count} ${count === 1 ? one : several}`]));

const listed = (parts: readonly string[], and: string): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${and} ${parts.at(-1)}`;
