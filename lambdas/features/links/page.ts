import type { Language } from '../../http/call.ts';
import { htmlPage, type RichContent } from '../../http/content.ts';
import { type Html, html } from '../../http/html.ts';
import { framedPage } from '../../http/page-frame.ts';
import { type Palette, palettes } from '../../http/palette.ts';
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
  /** On a narrow screen each row is a card of its own: nothing is moved sideways. */
  readonly table?: {
    readonly caption: string;
    readonly columns: readonly string[];
    readonly rows: readonly (readonly string[])[];
  };
  /** Said beneath the forms. */
  readonly notes?: {
    readonly heading: string;
    readonly lines: readonly string[];
    readonly link?: { readonly label: string; readonly url: string };
  };
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
  | {
      readonly kind: 'text';
      readonly name: string;
      readonly label: string;
      readonly charactersMax: number;
      /** What was written before, and has to be written anew. */
      readonly value?: string;
      readonly isOptional?: true;
      readonly error?: string;
    }
  /** One of a few values, all of them seen at once. */
  | {
      readonly kind: 'pick';
      readonly name: string;
      readonly legend: string;
      readonly options: readonly { readonly value: string; readonly label: string }[];
      readonly picked?: string;
      readonly error?: string;
    }
  /** One line; what a browser knows already it offers (HTML, 4.10.18.7). */
  | {
      readonly kind: 'line';
      readonly name: string;
      readonly label: string;
      readonly type: 'text' | 'email' | 'tel' | 'number';
      readonly autocomplete: string;
      readonly charactersMax: number;
      readonly required: boolean;
      readonly value?: string;
    }
  /** Out of sight of people and their programs; what fills it in is neither. */
  | { readonly kind: 'trap'; readonly name: string; readonly label: string }
  /** One of a few values. */
  | {
      readonly kind: 'choice';
      readonly name: string;
      readonly label: string;
      readonly options: readonly { readonly value: string; readonly label: string }[];
      readonly chosen: string;
    };

/** A small page of ours: no script, nothing loaded, readable on a phone, by keyboard and by screen readers. */
export function page(words: PageWords, language: Language): RichContent {
  const { title, paragraphs, steps = [], code, button, forms = [], link, messages = [], table, notes } = words;
  const { text, url } = complaint[language];
  const parts: Html[] = [
    html`<h1>${jointed(title)}</h1>`,
    ...paragraphs.map((paragraph) => html`<p>${paragraph}</p>`),
    ...(code ? [html`<p>${code.label}<br><code>${code.value}</code></p>`] : []),
    ...(steps.length > 0 ? [html`<ol>${steps.map((step) => html`<li>${step}</li>`)}</ol>`] : []),
    ...messages.map(
      ({ heading, text: written }) => html`<section><h2>${heading}</h2><p class="written">${written}</p></section>`,
    ),
    ...(table ? [tableHtml(table)] : []),
    ...(button ? [html`<form method="post"><button type="submit">${button}</button></form>`] : []),
    ...(link ? [html`<p><a class="button" href="${link.url}">${link.label}</a></p>`] : []),
    ...forms.map((form) => formHtml(form, language)),
    ...(notes
      ? [
          html`<section class="notes"><h2>${notes.heading}</h2><ul>${notes.lines.map((line) => html`<li>${line}</li>`)}${notes.link && html`<li><a href="${notes.link.url}">${notes.link.label}</a></li>`}</ul></section>`,
        ]
      : []),
  ];
  const body = html`<header>Vern</header>
<main>
${onLines(parts)}
</main>
<footer><p>${text} <a href="${url}" rel="noreferrer">datatilsynet.no</a></p></footer>`;
  const frame = { language, title: `${title} – Vern`, style: STYLE, meta: { robots: 'noindex' } };
  return htmlPage(framedPage(frame, body), [STYLE]);
}

/** A short word before a hyphen does not stay behind at the end of a line, and a word longer than a phone is wide has a joint. */
const jointed = (title: string) =>
  title
    .replace(/\be-(?=\p{L})/giu, (start) => start.replace('-', '\u2011'))
    .replace(/(?:personvern|totrinns)(?=\p{L}{6})/giu, (start) => `${start}\u00ad`);

/** The first cell of a row is what it is about. The roles are said, because a card is no row to every screen reader. */
const tableHtml = ({ caption, columns, rows }: NonNullable<PageWords['table']>): Html => html`<table role="table">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map((column) => html`<th scope="col" role="columnheader">${column}</th>`)}</tr></thead>
<tbody role="rowgroup">
${onLines(
  rows.map(
    ([first = '', ...cells]) =>
      html`<tr role="row"><th scope="row" role="rowheader">${first}</th>${cells.map(
        (cell, i) => html`<td role="cell" data-column="${columns[i + 1]}">${cell}</td>`,
      )}</tr>`,
  ),
)}
</tbody></table>`;

const onLines = (parts: readonly Html[]): Html => html`${parts.map((part, i) => (i === 0 ? part : html`\n${part}`))}`;

/** What a form sends is answered in the language of the page: its route declares {@link inLanguage}. */
const formHtml = (
  { action, fields, button }: PageForm,
  language: Language,
): Html => html`<form method="post" action="${action}?language=${language}">
${onLines(fields.map(fieldHtml))}
<button type="submit">${button}</button>
</form>`;

function fieldHtml(field: PageField): Html {
  const { kind, name } = field;
  if (kind === 'pick') return pickHtml(field);
  if (kind === 'hidden') return html`<input type="hidden" name="${name}" value="${field.value}">`;
  const { label } = field;
  if (kind === 'trap') {
    return html`<div class="trap" aria-hidden="true"><label>${label}<br><input type="text" name="${name}" tabindex="-1" autocomplete="off"></label></div>`;
  }
  if (kind === 'line') {
    const { type, autocomplete, value = '', required } = field;
    return html`<label>${label}<br><input type="${type}" name="${name}" value="${value}" autocomplete="${autocomplete}" maxlength="${field.charactersMax}"${required && html` required`}></label>`;
  }
  if (kind === 'choice') {
    const { options, chosen } = field;
    return html`<label>${label}<br><select name="${name}">${options.map(
      (option) =>
        html`<option value="${option.value}"${option.value === chosen && html` selected`}>${option.label}</option>`,
    )}</select></label>`;
  }
  const { charactersMax } = field;
  if (kind === 'code') {
    return html`<label>${label}<br><input type="text" name="${name}" inputmode="numeric" autocomplete="one-time-code" maxlength="${charactersMax}" required></label>`;
  }
  const { value = '', isOptional = false, error } = field;
  // The line break after the tag is not part of the text (HTML, 13.2.6.4.7), so that one of the text's own stays.
  return html`<label>${label}${error === undefined ? html`<br>` : errorHtml(error)}<textarea name="${name}" rows="6" maxlength="${charactersMax}"${!isOptional && html` required`}>${value !== '' && `\n${value}`}</textarea></label>`;
}

const errorHtml = (error: string | undefined) => error !== undefined && html` <strong class="error">${error}</strong>`;

const pickHtml = ({
  name,
  legend,
  options,
  picked,
  error,
}: Extract<PageField, { kind: 'pick' }>): Html => html`<fieldset><legend>${legend}${errorHtml(error)}</legend>
${onLines(
  options.map(
    ({ value, label }) =>
      html`<label class="pick"><input type="radio" name="${name}" value="${value}" required${value === picked && html` checked`}> ${label}</label>`,
  ),
)}
</fieldset>`;

const variables = ({ paper, ground, ink, quiet, line, deed, onDeed }: Palette) =>
  `--paper:${paper};--ground:${ground};--ink:${ink};--quiet:${quiet};--line:${line};--deed:${deed};--on-deed:${onDeed}`;

const STYLE = `
:root{color-scheme:light dark;${variables(palettes.light)}}
@media (prefers-color-scheme:dark){:root{${variables(palettes.dark)}}}
*{box-sizing:border-box}
body{margin:0;padding:1.5rem 1rem 3rem;background:var(--ground);color:var(--ink);font:1.0625rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header,main,footer{max-width:34rem;margin:0 auto}
header{padding:0 .5rem 1rem;font-weight:700;letter-spacing:.02em;color:var(--deed)}
main{padding:1.75rem 1.5rem;background:var(--paper);border:1px solid var(--line);border-radius:.75rem}
h1{margin:0 0 1rem;font-size:1.5rem;line-height:1.25;text-wrap:balance}
h1,h2,button,a.button{overflow-wrap:break-word;hyphens:auto}
p{margin:0 0 1rem}
ol{margin:0 0 1rem;padding-left:1.5rem}
li{margin-bottom:.5rem}
code{display:inline-block;margin-top:.25rem;padding:.5rem .75rem;border:1px solid var(--line);border-radius:.5rem;font:600 1.0625rem/1.4 ui-monospace,Consolas,monospace;overflow-wrap:anywhere;user-select:all}
form{margin:1.5rem 0 0}
.trap{position:absolute;left:-100vw;width:1px;height:1px;overflow:hidden}
h2{margin:0 0 .25rem;font-size:1rem}
body:has(table) :is(header,main,footer){max-width:66rem}
table{width:100%;margin:0 0 1rem;border-collapse:collapse;font-size:.9375rem}
caption{padding:0 0 .5rem;text-align:left;font-weight:600}
th,td{padding:.375rem .75rem .375rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;overflow-wrap:break-word}
tbody th{font-weight:400}
@media (max-width:60rem){
table,caption,tbody,tr,th{display:block}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tbody tr{padding:.75rem 0;border-top:1px solid var(--line)}
th,td{padding:0 0 .25rem;border:0}
tbody th{font-weight:600}
td{display:grid;grid-template-columns:10rem minmax(0,1fr);gap:.5rem;align-items:baseline}
td::before{content:attr(data-column);color:var(--quiet);font-size:.875rem}
}
@media (max-width:22rem){td{display:block}td::before{display:block}}
.notes{margin-top:2rem}
ul{margin:0;padding-left:1.25rem}
.written{white-space:pre-wrap;overflow-wrap:anywhere}
label{display:block;margin:0 0 1rem;font-weight:600}
fieldset{margin:0 0 1.5rem;padding:0;border:0;min-width:0}
legend{margin:0 0 .5rem;padding:0;font-weight:600}
.pick{display:flex;align-items:center;gap:.75rem;min-height:2.75rem;margin:0;font-weight:400}
.pick input{flex:none;width:1.25rem;height:1.25rem;min-height:0;margin:0;accent-color:var(--deed)}
.error{display:block;margin:.25rem 0;padding:.25rem 0 .25rem .75rem;border-left:.25rem solid var(--ink);font-weight:400}
input,select,textarea{width:100%;min-height:3rem;margin-top:.25rem;padding:.5rem .75rem;border:1px solid var(--quiet);border-radius:.5rem;background:var(--paper);color:var(--ink);font:inherit;font-weight:400}
button,a.button{display:block;text-align:center;text-decoration:none;width:100%;min-height:3rem;padding:.75rem 1.25rem;border:0;border-radius:.5rem;background:var(--deed);color:var(--on-deed);font:inherit;font-weight:600;cursor:pointer}
button:focus-visible,a:focus-visible,input:focus-visible,select:focus-visible,textarea:focus-visible{outline:3px solid var(--ink);outline-offset:3px}
main>:last-child{margin-bottom:0}
footer{padding:1.25rem .5rem 0;font-size:.9375rem;color:var(--quiet)}
a{color:var(--deed)}
`;
