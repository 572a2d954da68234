import { type RoleName, rolesOfProfile } from '../../../access/roles.ts';
import type { messageTemplates } from '../templates/messages.ts';
import { english, type Facts, type Letters, norwegian, type Phrases } from './phrases.ts';

/** What the people of the organisation call the role of whoever wrote; absent where that would say too much. */
const roleOf = ({ organisation, isProtected }: Facts, role: RoleName, language: 'nb' | 'en'): string | undefined =>
  organisation && !isProtected ? rolesOfProfile[organisation.profile][role]?.[language] : undefined;

const onlyOnce = {
  nb: 'Du får bare én e-post om dette, til du har lest det. Du kan dempe samtalen i Vern.',
  en: 'You get one e-mail about this until you have read it. You can mute the conversation in Vern.',
} as const;
/** Somebody waits for an answer; a conversation is muted where it is read. */
const cannotBeDeclined = {
  nb: 'Noen regner med at du leser det. Beskjeden kan derfor ikke slås av, men du velger hvordan og når den kommer.',
  en: 'Somebody counts on you to read it, so the notice cannot be turned off, but you choose how and when it comes.',
} as const;
const signInAnew = {
  nb: 'Den åpnes bare rett etter at du har logget inn.',
  en: 'It opens only right after you have signed in.',
} as const;

function waitingInNorwegian(say: Phrases, about: string, from: string | undefined, isSensitive: boolean) {
  const paragraphs = isSensitive
    ? ['Logg inn i Vern for å lese den.', signInAnew.nb]
    : [`Logg inn i Vern for å lese den${from === undefined ? '' : `. Den er skrevet av: ${from}`}.`];
  return {
    subject: 'En melding venter på deg',
    heading: `En melding${isSensitive ? '' : about} venter på deg`,
    paragraphs: [...paragraphs, onlyOnce.nb],
    footer: [say.why('noen har skrevet til deg'), cannotBeDeclined.nb],
  };
}

function waitingInEnglish(say: Phrases, about: string, from: string | undefined, isSensitive: boolean) {
  const paragraphs = isSensitive
    ? ['Sign in to Vern to read it.', signInAnew.en]
    : [`Sign in to Vern to read it${from === undefined ? '' : `. It was written by: ${from}`}.`];
  return {
    subject: 'A message is waiting for you',
    heading: `A message${isSensitive ? '' : about} is waiting for you`,
    paragraphs: [...paragraphs, onlyOnce.en],
    footer: [say.why('somebody has written to you'), cannotBeDeclined.en],
  };
}

/** That something waits, and nothing of what it is. */
export const messageLetters: Letters<keyof typeof messageTemplates> = {
  'message-waiting': {
    nb({ from, isSensitive }, facts) {
      const say = norwegian(facts);
      const about = facts.isProtected ? '' : ` om ${say.child}`;
      return waitingInNorwegian(say, about, roleOf(facts, from, 'nb'), isSensitive);
    },
    en({ from, isSensitive }, facts) {
      const say = english(facts);
      const about = facts.isProtected ? '' : ` about ${say.child}`;
      return waitingInEnglish(say, about, roleOf(facts, from, 'en'), isSensitive);
    },
  },
  'message-waiting-for-you': {
    nb: ({ from, isSensitive }, facts) =>
      waitingInNorwegian(norwegian(facts), '', roleOf(facts, from, 'nb'), isSensitive),
    en: ({ from, isSensitive }, facts) => waitingInEnglish(english(facts), '', roleOf(facts, from, 'en'), isSensitive),
  },
  'announcement-waiting': {
    nb({ from }, facts) {
      const say = norwegian(facts);
      const role = roleOf(facts, from, 'nb');
      return {
        subject: 'Et oppslag venter på deg',
        heading: 'Et oppslag venter på deg',
        paragraphs: [`Logg inn i Vern for å lese det${role === undefined ? '' : `. Det er skrevet av: ${role}`}.`],
        footer: [say.why('du hører til en gruppe som det er skrevet til'), cannotBeDeclined.nb],
      };
    },
    en({ from }, facts) {
      const say = english(facts);
      const role = roleOf(facts, from, 'en');
      return {
        subject: 'A notice is waiting for you',
        heading: 'A notice is waiting for you',
        paragraphs: [`Sign in to Vern to read it${role === undefined ? '' : `. It was written by: ${role}`}.`],
        footer: [say.why('you belong to a group that it was written to'), cannotBeDeclined.en],
      };
    },
  },
};
