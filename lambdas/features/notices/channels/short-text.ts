import type { Letter } from '../letter.ts';
import { somethingWaits } from './channel.ts';

/** One part of an SMS holds 160 characters of GSM 7 bit (3GPP TS 23.038, section 6.1.2.1), or 70 code units of UCS-2. */
const SEPTETS_MAX = 160;
const UCS2_UNITS_MAX = 70;
/** The default alphabet without its control characters, and those of its extension, which count for two. */
const GSM_BASIC = new Set(
  '@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const GSM_EXTENDED = new Set('^{}\\[~]|€');

/** Printers' signs that the short alphabet has not, as a typewriter has them. */
const typewritten: Readonly<Record<string, string>> = {
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '\u00a0': ' ',
};

const signIn = { nb: 'Logg inn i Vern for å lese.', en: 'Sign in to Vern to read it.' } as const;

/**
 * The letter's subject, which is made for lock screens, as one part of an SMS; where a name makes it too long, or of
 * letters that no room is left for, it says only that something waits. Never a link: those come by mail alone, so that
 * nobody learns to press what an SMS brings.
 */
export function shortText({ language, subject }: Pick<Letter, 'language' | 'subject'>): string {
  const typed = subject.replace(/./gu, (character) => typewritten[character] ?? character);
  const said = typed.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  const sentence = /[.!?]$/.test(said) ? said : `${said}.`;
  const words = `Vern: ${sentence} ${signIn[language]}`;
  return isOnePart(words) ? words : `${somethingWaits[language]} ${signIn[language]}`;
}

/** Whether a text goes out as one message, and is paid for as one. */
export function isOnePart(text: string): boolean {
  const septets = septetsOf(text);
  return septets === undefined ? text.length <= UCS2_UNITS_MAX : septets <= SEPTETS_MAX;
}

/** Undefined when it holds a character that GSM 7 bit has not. */
function septetsOf(text: string): number | undefined {
  let septets = 0;
  for (const character of text) {
    if (GSM_BASIC.has(character)) septets += 1;
    else if (GSM_EXTENDED.has(character)) septets += 2;
    else return undefined;
  }
  return septets;
}
