import { type Html, html } from '../../http/html.ts';
import { framedPage } from '../../http/page-frame.ts';
import { style } from './style.ts';

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M8 1l6 2v5c0 4-3 6-6 7-3-1-6-3-6-7V3z' fill='%230b5c6b'/%3E%3C/svg%3E";

/** A whole page around its content. */
export const documentPage = (title: string, content: Html): string =>
  framedPage({ language: 'en', title, style, icon }, content);

/** The little Markdown that our own texts use: paragraphs, lists, `code` and **strong**. */
export function markdown(text: string): Html {
  const blocks = text.split(/\n{2,}/).map((block) => {
    const lines = block.split('\n');
    if (!lines.every((line) => line.startsWith('- '))) return html`<p>${inline(block)}</p>`;
    return html`<ul>${lines.map((line) => html`<li>${inline(line.slice(2))}</li>`)}</ul>`;
  });
  return html`${blocks}`;
}

/** Splitting by a pattern with one group puts what was marked at every odd place. */
export const inline = (text: string): Html =>
  html`${text
    .split(/`([^`]+)`/)
    .map((part, place) => (place % 2 === 1 ? html`<code>${part}</code>` : html`${strong(part)}`))}`;

const strong = (text: string): Html[] =>
  text
    .split(/\*\*([^*]+)\*\*/)
    .map((part, place) => (place % 2 === 1 ? html`<strong>${part}</strong>` : html`${part}`));
