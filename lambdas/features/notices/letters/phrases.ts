import type { Profile } from '../../../access/roles.ts';
import type { Language } from '../../../http/call.ts';
import { dayAndTime } from '../instants.ts';
import { isolated, type Letter } from '../letter.ts';
import type { ParametersOf, Template } from '../notice.ts';

/** What the letters may say, gathered when the notice is sent. */
export interface Facts {
  readonly language: Language;
  /** Absent in mail from the operator itself (accounts). */
  readonly organisation?: { readonly name: string; readonly profile: Profile; readonly timeZone: string };
  /** Recipient or child lives at a protected address: at most a first name, never the organisation's. */
  readonly isProtected: boolean;
  readonly childFirstName?: string;
  readonly linkUrl: (token: string) => string;
  readonly declineUrl?: string;
  /** Where a person chooses what comes, how and when; accounts and outsiders have nothing to choose. */
  readonly preferencesUrl?: string;
  /** The address that takes an answer by mail; of most letters there is none. */
  readonly answersTo?: string;
  /** In a digest: what it tells, looked at when it is sent. */
  readonly lines?: Letter['lines'];
}

/** One letter in one language. Pure. */
export type Writer<T extends Template> = (parameters: ParametersOf<T>, facts: Facts) => Omit<Letter, 'language'>;
/** The letters of a topic: each template in both languages; what is missing in one does not compile. */
export type Letters<T extends Template> = { readonly [K in T]: Readonly<Record<Language, Writer<K>>> };

/** Operator's mail about accounts has no organisation to take a zone from. */
const OPERATORS_ZONE = 'Europe/Oslo';

/** What every letter says alike: who writes and why, until when, and how a child is called. */
export interface Phrases {
  readonly timeZone: string;
  /** Absent where its name must not be said. */
  readonly organisation: string | undefined;
  readonly child: string;
  why(reason: string): string;
  until(instant: string): string;
  when(instant: string): string;
  readonly aboutTheAccount: string;
}

export function norwegian(facts: Facts): Phrases {
  const { timeZone, organisation, child } = spoken(facts, 'barnet');
  const when = (instant: string) => dayAndTime(instant, timeZone, 'nb');
  return {
    timeZone,
    organisation,
    child,
    why: organisation
      ? (reason) => `Du får denne e-posten fra ${organisation} fordi ${reason}. Den er sendt med Vern.`
      : (reason) => `Du får denne e-posten fra Vern fordi ${reason}.`,
    when,
    until: (instant) => `Lenken virker til ${when(instant)}.`,
    aboutTheAccount: 'Den gjelder sikkerheten til kontoen din og kan derfor ikke slås av.',
  };
}

export function english(facts: Facts): Phrases {
  const { timeZone, organisation, child } = spoken(facts, 'the child');
  const when = (instant: string) => dayAndTime(instant, timeZone, 'en');
  return {
    timeZone,
    organisation,
    child,
    why: organisation
      ? (reason) => `You get this e-mail from ${organisation} because ${reason}. It was sent with Vern.`
      : (reason) => `You get this e-mail from Vern because ${reason}.`,
    when,
    until: (instant) => `The link works until ${when(instant)}.`,
    aboutTheAccount: 'It concerns the security of your account, so it cannot be turned off.',
  };
}

function spoken(facts: Facts, childWithoutName: string) {
  return {
    timeZone: facts.organisation?.timeZone ?? OPERATORS_ZONE,
    organisation: facts.organisation && !facts.isProtected ? isolated(facts.organisation.name) : undefined,
    child: facts.childFirstName === undefined ? childWithoutName : isolated(facts.childFirstName),
  };
}

/** Said in every letter: mail to the sender's address goes nowhere, and a letter must not leave its reader at a loss. */
export function aboutReplies(facts: Facts): string {
  if (facts.answersTo !== undefined) return readByStaff[facts.language];
  const { organisation } = spoken(facts, '');
  if (facts.language === 'nb') {
    return `Svar på denne e-posten blir ikke lest.${organisation ? ` Lurer du på noe, ta kontakt med ${organisation}.` : ''}`;
  }
  return `Replies to this e-mail are not read.${organisation ? ` If you have questions, contact ${organisation}.` : ''}`;
}

const readByStaff = {
  nb: 'Svarer du på e-posten, kommer svaret inn i saken. Ikke skriv om helse.',
  en: 'If you reply to this e-mail, your reply goes into the ticket. Nothing about health, please.',
} as const;

export const declining = ({ declineUrl }: Facts, label: string) =>
  declineUrl === undefined ? {} : { decline: { label, url: declineUrl } };

export const capitalised = (text: string) => text.charAt(0).toLocaleUpperCase('nb') + text.slice(1);
