import { createHash } from 'node:crypto';
import type { Bilingual } from '../agreements/document.ts';
import type { Held } from './collect.ts';
import { type RedactionReason, TEXTS_MAX, type TextDecision } from './export.ts';
import { wordsOf } from './field-words.ts';
import type { AnyFieldWords } from './field-words-type.ts';

/** A text that somebody other than the subject wrote, in which others could be named. */
export interface Text {
  readonly entity: string;
  readonly field: string;
  readonly label: Bilingual;
  readonly text: string;
  readonly digest: string;
}

/** What was left out of an export, and why. */
export interface LeftOut {
  readonly entity: string;
  readonly field: string;
  readonly reason: RedactionReason;
  readonly inPart: boolean;
}

export const digestOf = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

/** What the subject wrote themself is theirs; the rest the controller looks at before it leaves (GDPR Art. 15(4)). */
export function textsIn(records: readonly Held[]): Text[] {
  const found = records.flatMap(({ entity, value }) =>
    entity.source === 'data-subject'
      ? []
      : textsOf(value, wordsOf(entity).fields, '').map(({ field, label, text }) => ({
          entity: entity.name,
          field,
          label,
          text,
          digest: digestOf(text),
        })),
  );
  if (found.length > TEXTS_MAX) throw new Error(`More than ${TEXTS_MAX} texts in one export`);
  return found;
}

/** Those that no decision covers: another text needs another decision. Pure. */
export function undecided(texts: readonly Text[], decisions: readonly TextDecision[]): Text[] {
  const decided = new Set(decisions.map(({ digest }) => digest));
  return texts.filter(({ digest }) => !decided.has(digest));
}

/** The records as they may leave, and what was left out of them. */
export function redacted(
  records: readonly Held[],
  decisions: readonly TextDecision[],
): { readonly records: readonly Held[]; readonly leftOut: readonly LeftOut[] } {
  const byDigest = new Map(decisions.map((decision) => [decision.digest, decision]));
  const leftOut: LeftOut[] = [];
  const shown = records.map((held) => {
    if (held.entity.source === 'data-subject') return held;
    const value = mapTexts(held.value, wordsOf(held.entity).fields, '', (field, text) => {
      const decision = byDigest.get(digestOf(text));
      // Undecided is unshown: the safe side, whatever brought it here.
      const reason = !decision ? 'rights-of-others' : decision.shown === 'whole' ? undefined : decision.reason;
      if (reason === undefined) return text;
      const inPart = decision?.shown === 'in-part';
      leftOut.push({ entity: held.entity.name, field, reason, inPart });
      return inPart ? decision.text : undefined;
    });
    return { ...held, value };
  });
  return { records: shown, leftOut };
}

type Words = Readonly<Record<string, AnyFieldWords>>;

function textsOf(value: unknown, words: Words, path: string) {
  const found: { field: string; label: Bilingual; text: string }[] = [];
  mapTexts(value, words, path, (field, text, { nb, en }) => {
    found.push({ field, label: { nb, en }, text });
    return text;
  });
  return found;
}

/** Calls for each non-empty free text; undefined takes the field away. */
function mapTexts(
  value: unknown,
  words: Words,
  path: string,
  of: (field: string, text: string, label: Bilingual) => string | undefined,
): unknown {
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, words, path, of));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const word = words[name];
      const field = path === '' ? name : `${path}.${name}`;
      if (word?.freeText && typeof member === 'string' && member !== '') {
        const shown = of(field, member, word);
        return shown === undefined ? [] : [[name, shown]];
      }
      return [[name, word?.fields ? mapTexts(member, word.fields, field, of) : member]];
    }),
  );
}
