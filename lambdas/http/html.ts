import { escapeHtml } from './content.ts';

/** Markup that is known to be safe: written by us, with everything put into it escaped. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

type Inserted = string | number | Html | undefined | false | readonly Inserted[];

/** A template whose insertions are escaped, unless they are markup of this kind themselves. */
export const html = (parts: TemplateStringsArray, ...inserted: readonly Inserted[]): Html =>
  new Html(parts.map((part, place) => (place === 0 ? part : markupOf(inserted[place - 1]) + part)).join(''));

function markupOf(value: Inserted): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map(markupOf).join('');
  return escapeHtml(String(value));
}
