import { htmlPage, type RichContent } from '../../http/content.ts';
import { type Html, html } from '../../http/html.ts';
import { framedPage } from '../../http/page-frame.ts';
import type { Block, LegalDocument, Section } from './document.ts';

/** The document as a page: no script, nothing loaded, readable on a phone, in the dark and on paper. */
export function renderHtml(document: LegalDocument): RichContent {
  const { language, title, version, versionLabel, parties, sections } = document;
  const body = html`<main>
<h1>${title}</h1>
<dl>${parties.map(({ label, value }) => html`<dt>${label}</dt><dd>${value}</dd>`)}<dt>${versionLabel}</dt><dd>${version}</dd></dl>
${sections.map(sectionHtml)}
</main>`;
  return htmlPage(framedPage({ language, title: `${title} – Vern`, style: STYLE }, body), [STYLE]);
}

const sectionHtml = ({ title, blocks }: Section): Html => html`<section>
<h2>${title}</h2>
${blocks.map(blockHtml)}
</section>
`;

function blockHtml(block: Block): Html {
  if (block.kind === 'paragraph') return html`<p>${block.text}</p>`;
  if (block.kind === 'list') return html`<ul>${block.items.map((item) => html`<li>${item}</li>`)}</ul>`;
  const { columns, rows } = block;
  // On a phone each row becomes a card; the column's name then stands in the cell.
  return html`<table>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell, i) => html`<td data-column="${columns[i]}">${cell}</td>`)}</tr>`)}</tbody>
</table>`;
}

const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#102a43;--quiet:#52606d;--line:#d9e2ec;--mark:#0b5c4b}
@media (prefers-color-scheme:dark){:root{--paper:#11181f;--ink:#e8eef3;--quiet:#b3c0cb;--line:#34424f;--mark:#7fd8c0}}
*{box-sizing:border-box}
body{margin:0;padding:2rem 1.25rem 4rem;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:46rem;margin:0 auto;overflow-wrap:anywhere}
h1{margin:0 0 1.25rem;font-size:clamp(1.375rem,6.5vw,2rem);line-height:1.2}
h2{margin:2.25rem 0 .75rem;font-size:1.25rem;line-height:1.3;color:var(--mark)}
p{margin:0 0 1rem}
ul{margin:0 0 1rem;padding-left:1.25rem}
li{margin-bottom:.375rem}
dl{margin:0;padding:1rem 1.25rem;border:1px solid var(--line);border-radius:.75rem}
dt{font-size:.875rem;color:var(--quiet)}
dd{margin:0 0 .625rem}
dd:last-child{margin-bottom:0}
table{width:100%;margin:0 0 1rem;border-collapse:collapse;font-size:.9375rem;line-height:1.45;overflow-wrap:normal}
th,td{padding:.5rem .75rem .5rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{font-size:.8125rem;color:var(--quiet)}
@media (max-width:40rem){
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,tbody,tr,td{display:block}
tr{padding:.75rem 0;border-bottom:1px solid var(--line)}
td{padding:.125rem 0;border:0}
td::before{content:attr(data-column) ": ";color:var(--quiet)}
}
@media print{body{padding:0;font-size:11pt}}
`;
