import { calendarFeedEntity } from '../calendar-feed/feed.ts';
import { type EntityWords, words } from './field-words-type.ts';

export const calendarFeedWords: readonly EntityWords[] = [
  words(
    calendarFeedEntity,
    { nb: 'Kalenderadresse', en: 'Calendar address' },
    {
      id: { nb: 'Id', en: 'Id' },
      name: { nb: 'Navn du ga den', en: 'Name that you gave it' },
      level: {
        nb: 'Hva den forteller',
        en: 'What it tells',
        codes: {
          full: { nb: 'alt', en: 'everything' },
          initials: { nb: 'initialer, ikke navn', en: 'initials, not names' },
          busy: { nb: 'bare at du er opptatt', en: 'only that you are busy' },
        },
      },
      hash: { nb: 'Kontrollsum av adressen', en: 'Digest of the address' },
      createdAt: { nb: 'Laget', en: 'Made' },
      expiresAt: { nb: 'Virker til', en: 'Works until' },
      lastFetchedOn: { nb: 'Sist lest', en: 'Last read' },
    },
  ),
];
