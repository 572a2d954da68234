import type { Language } from '../../http/call.ts';
import { type Html, html } from '../../http/html.ts';
import { dayAndTime } from '../notices/instants.ts';
import type { AnyFieldWords } from './field-words-type.ts';
import { isOtherLabel } from './others.ts';
import { otherWords, pageWords } from './page-words.ts';

/** What the values of a record are said with. */
export interface Saying {
  readonly language: Language;
  readonly timeZone: string;
  /** Ids of whoever reads it: the subject, their account, and for a child the guardian. */
  readonly selves: ReadonlySet<string>;
  readonly subject: string;
  readonly groupNames: ReadonlyMap<string, string>;
}

type Words = Readonly<Record<string, AnyFieldWords>>;

const instant = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const day = /^\d{4}-\d\d-\d\d$/;
const anId = /^[a-z]{3}_[0-9a-z]{26}$/;
const picture = /^image\/(?:jpeg|png|webp)$/;
const locale = { nb: 'nb-NO', en: 'en-GB' } as const;

/** One record, field by field: what it is called, and what it says. */
export function recordHtml(record: unknown, words: Words, say: Saying): Html {
  if (typeof record !== 'object' || record === null) return html`<p>${valueText(record, undefined, say)}</p>`;
  // In the order in which a person reads them: names before ids.
  const order = Object.keys(words);
  const place = ([name]: readonly [string, unknown]) => order.indexOf(name) + 1 || order.length + 1;
  const fields = Object.entries(record)
    .filter(([, value]) => value !== undefined && value !== null)
    .sort((one, other) => place(one) - place(other));
  const { contentType, content } = record as { contentType?: unknown; content?: unknown };
  if (typeof contentType === 'string' && picture.test(contentType) && typeof content === 'string') {
    return html`<img alt="${pageWords.picture[say.language]}" src="data:${contentType};base64,${content}">`;
  }
  return html`<dl>${fields.map(([name, value]) => {
    const word = words[name];
    return html`<div><dt>${word?.[say.language] ?? name}</dt><dd>${valueHtml(value, word, say)}</dd></div>`;
  })}</dl>`;
}

function valueHtml(value: unknown, word: AnyFieldWords | undefined, say: Saying): Html | string {
  if (Array.isArray(value)) {
    if (value.length === 0) return '–';
    if (value.every((item) => typeof item !== 'object')) {
      return value.map((item) => valueText(item, word, say)).join(', ');
    }
    return html`<ol>${value.map((item) => html`<li>${recordHtml(item, word?.fields ?? {}, say)}</li>`)}</ol>`;
  }
  if (typeof value === 'object' && value !== null) return recordHtml(value, word?.fields ?? {}, say);
  const text = valueText(value, word, say);
  return anId.test(text) ? html`<code>${text}</code>` : text;
}

function valueText(value: unknown, word: AnyFieldWords | undefined, say: Saying): string {
  const { language } = say;
  if (typeof value === 'boolean') return pageWords[value ? 'yes' : 'no'][language];
  if (typeof value !== 'string') return String(value);
  const code = word?.codes?.[value];
  if (code) return code[language];
  if (isOtherLabel(value)) {
    const [, kind = 'person', number = ''] = value.split('-');
    return `${(otherWords[kind] ?? otherWords['person']!)[language]} (${number})`;
  }
  if (value !== say.subject && say.selves.has(value) && value.startsWith('per_')) return pageWords.you[language];
  const group = say.groupNames.get(value);
  if (group !== undefined) return group;
  if (instant.test(value)) return dayAndTime(value, say.timeZone, language);
  return day.test(value) ? longDay(value, language) : value;
}

const longDay = (value: string, language: Language) =>
  new Intl.DateTimeFormat(locale[language], { timeZone: 'UTC', dateStyle: 'long' }).format(
    new Date(`${value}T00:00:00Z`),
  );

/** The day or the instant that a folded entry is known by, as it is stored. */
export function headingOf(record: unknown): string | undefined {
  const fields = (typeof record === 'object' && record !== null ? record : {}) as Readonly<Record<string, unknown>>;
  const name = ['day', 'at', 'createdAt', 'since', 'from', 'validFrom', 'receivedAt', 'name'].find(
    (one) => typeof fields[one] === 'string',
  );
  return name === undefined ? undefined : String(fields[name]);
}

export const headingText = (heading: string, say: Saying): string => valueText(heading, undefined, say);

/** `november 2026` and `November 2026`. */
export const monthText = (month: string, { language }: Saying): string =>
  new Intl.DateTimeFormat(locale[language], { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(
    new Date(`${month}-01T00:00:00Z`),
  );
