import type { Language } from '../../http/call.ts';
import { escapeHtml, htmlPage, type RichContent } from '../../http/content.ts';
import { complaint } from '../notices/complaint.ts';

/** What a page says: plain text. It names nobody and no organisation, for whoever may look over a shoulder. */
export interface PageWords {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly steps?: readonly string[];
  /** A value to copy by hand. */
  readonly code?: { readonly label: string; readonly value: string };
  /** The one thing that the page does, by POST to its own address. */
  readonly button?: string;
  /** What else the page can send, each to an address of its own. */
  readonly forms?: readonly PageForm[];
  readonly link?: { readonly label: string; readonly url: string };
  /** What was written, by whom and when: shown as it was typed. */
  readonly messages?: readonly { readonly heading: string; readonly text: string }[];
}

export interface PageForm {
  /** A path of ours. */
  readonly action: `/${string}`;
  readonly fields: readonly PageField[];
  readonly button: string;
}
export type PageField =
  | { readonly kind: 'hidden'; readonly name: string; readonly value: string }
  /** Digits; a phone shows its number pad and offers a code that has just arrived. */
  | { readonly kind: 'code'; readonly name: string; readonly label: string; readonly charactersMax: number }
  | { readonly kind: 'text'; readonly name: string; readonly label: string; readonly charactersMax: number };

/** A small page of ours: no script, nothing loaded, readable on a phone, by keyboard and by screen readers. */
export function page(words: PageWords, language: Language): RichContent {
  const { title, paragraphs, steps = [], code, button, forms = [], link, messages = [] } = words;
  const { text, url } = complaint[language];
  const body = [
    `<h1>${escapeHtml(title)}</h1>`,
    ...paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`),
    ...(code ? [`<p>${escapeHtml(code.label)}<br><code>${escapeHtml(code.value)}</code></p>`] : []),
    ...(steps.length > 0 ? [`<ol>${steps.map((step) => `<li>${escapeHtml(step)}</li>`).join('')}</ol>`] : []),
    ...messages.map(
      ({ heading, text: written }) =>
        `<section><h2>${escapeHtml(heading)}</h2><p class="written">${escapeHtml(written)}</p></section>`,
    ),
    ...(button ? [`<form method="post"><button type="submit">${escapeHtml(button)}</button></form>`] : []),
    ...(link ? [`<p><a class="button" href="${escapeHtml(link.url)}">${escapeHtml(link.label)}</a></p>`] : []),
    ...forms.map(formHtml),
  ];
  const html = `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)} – Vern</title>
<style>${STYLE}</style>
</head>
<body>
<header>Vern</header>
<main>
${body.join('\n')}
</main>
<footer><p>${escapeHtml(text)} <a href="${url}" rel="noreferrer">datatilsynet.no</a></p></footer>
</body>
</html>
`;
  return htmlPage(html, [STYLE]);
}

const formHtml = ({ action, fields, button }: PageForm): string =>
  [
    `<form method="post" action="${escapeHtml(action)}">`,
    ...fields.map(fieldHtml),
    `<button type="submit">${escapeHtml(button)}</button>`,
    '</form>',
  ].join('\n');

function fieldHtml(field: PageField): string {
  const name = `name="${escapeHtml(field.name)}"`;
  if (field.kind === 'hidden') return `<input type="hidden" ${name} value="${escapeHtml(field.value)}">`;
  const limits = `maxlength="${field.charactersMax}" required`;
  const box =
    field.kind === 'code'
      ? `<input type="text" ${name} inputmode="numeric" autocomplete="one-time-code" ${limits}>`
      : `<textarea ${name} rows="6" ${limits}></textarea>`;
  return `<label>${escapeHtml(field.label)}<br>${box}</label>`;
}

const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ground:#f3f5f7;--ink:#102a43;--quiet:#52606d;--line:#d9e2ec;--deed:#0b5c4b;--on-deed:#fff}
@media (prefers-color-scheme:dark){:root{--paper:#1b252e;--ground:#11181f;--ink:#e8eef3;--quiet:#b3c0cb;--line:#34424f;--deed:#7fd8c0;--on-deed:#06241d}}
*{box-sizing:border-box}
body{margin:0;padding:1.5rem 1rem 3rem;background:var(--ground);color:var(--ink);font:1.0625rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header,main,footer{max-width:34rem;margin:0 auto}
header{padding:0 .5rem 1rem;font-weight:700;letter-spacing:.02em;color:var(--deed)}
main{padding:1.75rem 1.5rem;background:var(--paper);border:1px solid var(--line);border-radius:.75rem}
h1{margin:0 0 1rem;font-size:1.5rem;line-height:1.25;text-wrap:balance}
p{margin:0 0 1rem}
ol{margin:0 0 1rem;padding-left:1.5rem}
li{margin-bottom:.5rem}
code{display:inline-block;margin-top:.25rem;padding:.5rem .75rem;border:1px solid var(--line);border-radius:.5rem;font:600 1.0625rem/1.4 ui-monospace,Consolas,monospace;overflow-wrap:anywhere;user-select:all}
form{margin:1.5rem 0 0}
h2{margin:0 0 .25rem;font-size:1rem}
.written{white-space:pre-wrap;overflow-wrap:anywhere}
label{display:block;margin:0 0 1rem;font-weight:600}
input,textarea{width:100%;min-height:3rem;margin-top:.25rem;padding:.5rem .75rem;border:1px solid var(--quiet);border-radius:.5rem;background:var(--paper);color:var(--ink);font:inherit;font-weight:400}
button,a.button{display:block;text-align:center;text-decoration:none;width:100%;min-height:3rem;padding:.75rem 1.25rem;border:0;border-radius:.5rem;background:var(--deed);color:var(--on-deed);font:inherit;font-weight:600;cursor:pointer}
button:focus-visible,a:focus-visible,input:focus-visible,textarea:focus-visible{outline:3px solid var(--ink);outline-offset:3px}
main>:last-child{margin-bottom:0}
footer{padding:1.25rem .5rem 0;font-size:.9375rem;color:var(--quiet)}
a{color:var(--deed)}
`;
