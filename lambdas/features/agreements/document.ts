import type { Language } from '../../http/call.ts';

/** A document that people agree to or are told: the same structure becomes JSON, a page and a PDF. All text is plain. */
export interface LegalDocument {
  readonly language: Language;
  readonly title: string;
  /** What identifies the text; see `versionOf`. */
  readonly version: string;
  readonly versionLabel: string;
  /** Who it is between, or from. */
  readonly parties: readonly Fact[];
  readonly sections: readonly Section[];
}

export interface Fact {
  readonly label: string;
  readonly value: string;
}

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

export const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
export const list = (...items: readonly string[]): Block => ({ kind: 'list', items });
export const table = (columns: readonly string[], rows: readonly (readonly string[])[]): Block => ({
  kind: 'table',
  columns,
  rows,
});
export const section = (title: string, ...blocks: readonly Block[]): Section => ({ title, blocks });

/** A text in both languages (AT-14); what is missing in one does not compile. */
export type Bilingual<T = string> = Readonly<Record<Language, T>>;
