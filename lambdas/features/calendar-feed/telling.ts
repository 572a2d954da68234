import type { Language } from '../../http/call.ts';
import type { PersonRecord } from '../people/person.ts';
import type { Level } from './feed.ts';
import type { Tellable, Told } from './series.ts';

export const words = {
  nb: {
    busy: 'Opptatt',
    appointment: 'avtale',
    expected: 'ventet',
    absent: 'fravær',
    bring: 'Ta med',
    closed: 'Stengt',
  },
  en: {
    busy: 'Busy',
    appointment: 'appointment',
    expected: 'expected',
    absent: 'absent',
    bring: 'Bring',
    closed: 'Closed',
  },
} as const satisfies Record<Language, object>;

type Named = Pick<PersonRecord, 'firstName' | 'lastName'>;

export interface Teller {
  readonly level: Level;
  readonly language: Language;
  /** All children whose names must not be told where the level is `initials`. */
  readonly children: readonly Named[];
}

/** What is told of something that happens for these children; for none of them, it is the caller's own. Pure. */
export function told(
  what: Tellable,
  {
    forChildren,
    isPersonal,
    organisationName,
  }: { forChildren: readonly Named[]; isPersonal: boolean; organisationName: string },
  { level, language, children }: Teller,
): Told {
  const say = words[language];
  if (level === 'busy') return { summary: say.busy };
  // A day at the kindergarten is no day on which the grown-up is busy.
  const transparency = what.allDay && { isTransparent: true as const };
  const said = (text: string) => withoutAddresses(text);
  if (level === 'initials') {
    const isTellable = (text: string) => !isPersonal && !namesAny(text, children);
    const title = isTellable(what.title) ? said(what.title) : say.appointment;
    return {
      summary: labelled(forChildren.map(initialsOf), title),
      ...(what.place !== undefined && isTellable(what.place) && { location: said(what.place) }),
      ...transparency,
    };
  }
  const bring = what.bring.length > 0 ? [`${say.bring}: ${what.bring.join(', ')}`] : [];
  const description = [what.description ?? '', ...bring, organisationName].filter((line) => line !== '').join('\n');
  return {
    summary: labelled(
      forChildren.map(({ firstName }) => firstName),
      said(what.title),
    ),
    description: said(description),
    ...(what.place !== undefined && { location: said(what.place) }),
    ...transparency,
  };
}

export const labelled = (labels: readonly string[], text: string): string =>
  labels.length > 0 ? `${[...new Set(labels)].join(', ')}: ${text}` : text;

/** `EO` of Emil Olstad: first letters, of joined ones all that makes one letter. */
export const initialsOf = ({ firstName, lastName }: Named): string =>
  [firstName, lastName].map((name) => [...letters.segment(name)][0]?.segment.toLocaleUpperCase('nb') ?? '').join('');
const letters = new Intl.Segmenter('nb');

/** Whether any part of a child's name stands in a text, inflected or within a word too: rather told too little. */
export function namesAny(text: string, children: readonly Named[]): boolean {
  const plain = text.normalize('NFKC').toLocaleLowerCase('nb');
  return children
    .flatMap(({ firstName, lastName }) =>
      `${firstName} ${lastName}`
        .normalize('NFKC')
        .toLocaleLowerCase('nb')
        .split(/[\s-]+/),
    )
    .some((name) => name.length >= NAME_LETTERS_MIN && plain.includes(name));
}
/** A single letter stands in every text. */
const NAME_LETTERS_MIN = 2;

/** No e-mail address leaves, also where somebody wrote one into a text. */
export const withoutAddresses = (text: string): string => text.replace(/[^\s@<>]{1,64}@[^\s@<>]{1,255}/g, '…');
