import type { Language } from '../../http/call.ts';
import { type Html, html } from '../../http/html.ts';
import { framedPage } from '../../http/page-frame.ts';
import { categories } from '../agreements/categories.ts';
import type { Bilingual } from '../agreements/document.ts';
import { operator } from '../agreements/operator.ts';
import { basisUnder, termWords } from '../agreements/words.ts';
import { complaint } from '../notices/complaint.ts';
import { dayAndTime } from '../notices/instants.ts';
import { safeguardText } from '../registers/sub-processor.ts';
import { subProcessors } from '../registers/sub-processor-list.ts';
import type { Content, Part } from './content.ts';
import { notExported } from './entities.ts';
import { guardianIn, isPortableFor } from './export.ts';
import { wordsOf } from './field-words.ts';
import { STYLE } from './index-style.ts';
import {
  eventWords,
  notExportedWords,
  pageWords,
  redactionWords,
  registerSource,
  sourceWords,
  whoWords,
} from './page-words.ts';
import { staysBehind } from './portable.ts';
import { headingOf, headingText, monthText, recordHtml, type Saying } from './record-html.ts';

/** Lines of the activity log on the page; the files hold them all. */
const LINES_MAX = 300;
/** More entries than this are folded, each under its heading. */
const UNFOLDED_MAX = 3;
const OPERATORS_ZONE = 'Europe/Oslo';

/**
 * One self-contained page: nothing is loaded and no script runs, readable on a phone, in the dark and on paper. Every
 * field is said in words, with the facts of GDPR Art. 15(1) and (2).
 */
export function indexPage(content: Content, at: Date, language: Language, exportId: string): string {
  const say = sayingOf(content, language);
  const title = `${pageWords.heading[language]} ${nameOf(content) ?? pageWords.you[language]}`;
  const sections = [
    ...content.parts.map((part) => partSection(part, content, say)),
    seenSection(content, say),
    aboutSection(say),
    leftOutSection(content, say),
    checkSection(say),
  ];
  const body = html`<main>
<h1>${title}</h1>
<p class="lead">${pageWords.lead[language]}</p>
<dl class="facts">
<dt>${pageWords.controller[language]}</dt><dd>${content.collected.organisation?.name ?? pageWords.operatorName[language]}</dd>
<dt>${pageWords.madeAt[language]}</dt><dd>${dayAndTime(at.toISOString(), say.timeZone, language)}</dd>
<dt>${pageWords.exportId[language]}</dt><dd><code>${exportId}</code></dd>
</dl>
<nav aria-label="${pageWords.contents[language]}"><h2>${pageWords.contents[language]}</h2>
<ol>${sections.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`)}</ol></nav>
${sections.map(({ id, heading, body }) => html`<section id="${id}"><h2>${heading}</h2>${body}</section>`)}
</main>`;
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  return framedPage({ language, title, style: STYLE, policy, meta: { referrer: 'no-referrer' } }, body);
}

interface Section {
  readonly id: string;
  readonly heading: string;
  readonly body: Html;
}

const sayingOf = ({ collected }: Content, language: Language): Saying => ({
  language,
  timeZone: collected.organisation?.timeZone ?? OPERATORS_ZONE,
  selves: collected.selves,
  subject: collected.owner.subject,
  groupNames: collected.groupNames,
});

function nameOf({ parts }: Content): string | undefined {
  const about = parts.find(({ entity }) => entity.name === 'person' || entity.name === 'account')?.records[0];
  const { firstName, lastName } = (about ?? {}) as { firstName?: string; lastName?: string };
  const name = [firstName, lastName].filter((part) => part !== undefined).join(' ');
  return name === '' ? undefined : name;
}

function partSection({ entity, records }: Part, { collected }: Content, say: Saying): Section {
  const { language } = say;
  const { title, fields } = wordsOf(entity);
  const category = categories.find(({ entities }) => entities.some(({ name }) => name === entity.name));
  const source = typeof entity.source === 'string' ? sourceWords[entity.source] : registerSource;
  const basis = basisUnder(collected.organisation?.profile ?? 'family', entity.legalBasis);
  const kept = termWords(category?.keptAtMost ?? entity.retentionClass);
  return {
    id: entity.name,
    heading: records.length > 1 ? `${title[language]} (${records.length})` : title[language],
    body: html`${recordsHtml(records, fields, say)}
<dl class="why">
<dt>${pageWords.purpose[language]}</dt><dd>${category?.purpose[language] ?? entity.purpose}</dd>
<dt>${pageWords.basis[language]}</dt><dd>${basis[language]}</dd>
<dt>${pageWords.source[language]}</dt><dd>${source[language]}</dd>
<dt>${pageWords.kept[language]}</dt><dd>${kept[language]}</dd>
<dt>${pageWords.files[language]}</dt><dd><code>data/${entity.name}.json</code>, <code>data/${entity.name}.csv</code></dd>
</dl>`,
  };
}

/** A few as they are, more of them folded, and those of many months folded by month. */
function recordsHtml(records: readonly unknown[], fields: ReturnType<typeof wordsOf>['fields'], say: Saying): Html[] {
  if (records.length <= UNFOLDED_MAX) {
    return records.map((record) => html`<article>${recordHtml(record, fields, say)}</article>`);
  }
  const folded = records.map((record, i) => {
    const heading = headingOf(record);
    const text = heading === undefined ? `${pageWords.record[say.language]} ${i + 1}` : headingText(heading, say);
    const body = html`<details><summary>${text}</summary>${recordHtml(record, fields, say)}</details>`;
    return { month: /^\d{4}-\d\d/.exec(heading ?? '')?.[0], body };
  });
  const months = [...new Set(folded.map(({ month }) => month))];
  if (months.length === 1 || months.some((month) => month === undefined)) return folded.map(({ body }) => body);
  return months.map((month) => {
    const ofMonth = folded.filter((one) => one.month === month).map(({ body }) => body);
    return html`<details class="month"><summary>${monthText(month ?? '', say)} (${ofMonth.length})</summary><div>${ofMonth}</div></details>`;
  });
}

/** What people did and saw; what the service did by itself stands in the file alone. */
function seenSection({ seen, collected }: Content, { language, timeZone }: Saying): Section {
  const byPeople = seen.filter(({ by }) => by !== 'system');
  const lines = byPeople.slice(0, LINES_MAX);
  const rows = lines.map(
    ({
      at,
      event,
      by,
    }) => html`<tr><td data-column="${pageWords.when[language]}">${dayAndTime(at, timeZone, language)}</td>
<td data-column="${pageWords.what[language]}">${eventWords[event]?.[language] ?? html`<code>${event}</code>`}</td>
<td data-column="${pageWords.who[language]}">${(whoWords[by] ?? whoWords['somebody']!)[language]}</td></tr>`,
  );
  const columns = [pageWords.when, pageWords.what, pageWords.who];
  const table = html`<table><thead><tr>${columns.map((column) => html`<th scope="col">${column[language]}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table>`;
  return {
    id: 'seen',
    heading: pageWords.seen[language],
    body: html`<p>${pageWords.seenLead[language]}</p>
${rows.length > 0 ? table : html`<p>${pageWords.nothing[language]}</p>`}
${(lines.length < byPeople.length || lines.length < seen.length) && html`<p>${pageWords.seenMore[language]}</p>`}
${collected.isActivityCut && html`<p>${pageWords.seenCut[language]}</p>`}`,
  };
}

/** Art. 15(1)(c), (e), (f), (h) and 15(2); (a), (b), (d) and (g) stand with each kind of data. */
function aboutSection({ language }: Saying): Section {
  const { text, url } = complaint[language];
  return {
    id: 'about',
    heading: pageWords.about[language],
    body: html`<h3>${pageWords.recipients[language]}</h3>
<p>${pageWords.recipientsInside[language]}</p>
<ul>${subProcessors.map(
      (one) =>
        html`<li><strong>${one.name}</strong>: ${one.does[language]} ${one.data[language]} ${one.place[language]}. ${safeguardText(one, language)}</li>`,
    )}</ul>
<p>${pageWords.recipientsLaw[language]}</p>
<h3>${pageWords.outside[language]}</h3><p>${pageWords.outsideNone[language]}</p>
<h3>${pageWords.automated[language]}</h3><p>${pageWords.automatedNone[language]}</p>
<h3>${pageWords.rights[language]}</h3><p>${pageWords.rightsList[language]}</p>
<h3>${pageWords.officer[language]}</h3>
<p><a href="mailto:${operator.dataProtectionOfficer}">${operator.dataProtectionOfficer}</a>. ${pageWords.officerWords[language]}</p>
<h3>${pageWords.complaint[language]}</h3><p>${text} <a href="${url}" rel="noreferrer">${url}</a></p>`,
  };
}

function leftOutSection({ collected, leftOut }: Content, { language }: Saying): Section {
  const kept = notExported(collected.subjects).map(({ entity, why }) => {
    const words = notExportedWords[entity.name];
    return html`<li><strong>${words?.what[language] ?? entity.name}</strong>: ${words?.why[language] ?? why}</li>`;
  });
  const redactions = leftOut.map(({ entity, field, inPart, reason }) => {
    const words = wordsOf({ name: entity } as Part['entity']);
    const label = labelOf(words.fields, field)?.[language] ?? field;
    const what = (inPart ? pageWords.leftOutInPart : pageWords.leftOutWhole)[language];
    return html`<li><strong>${words.title[language]}, ${label}</strong>: ${what} ${redactionWords[reason][language]}</li>`;
  });
  const behind = isPortableFor(collected.audience)
    ? Object.entries(staysBehind)
        .filter(([name]) => collected.records.some(({ entity }) => entity.name === name))
        .map(([, words]) => html`<li>${words[language]}</li>`)
    : [];
  return {
    id: 'left-out',
    heading: pageWords.leftOut[language],
    body: html`<ul>${redactions}${guardianIn(collected.audience) && html`<li>${pageWords.otherGuardian[language]}</li>`}
<li>${pageWords.others[language]}</li>${behind}${kept}</ul>`,
  };
}

function labelOf(fields: ReturnType<typeof wordsOf>['fields'], path: string): Bilingual | undefined {
  const [first = '', ...rest] = path.split('.');
  const word = fields[first];
  return rest.length === 0 || !word?.fields ? word : labelOf(word.fields, rest.join('.'));
}

const checkSection = ({ language }: Saying): Section => ({
  id: 'check',
  heading: pageWords.check[language],
  body: html`<p>${pageWords.checkWords[language]}</p>`,
});
