import type { Language } from '../../http/call.ts';
import { htmlPage, type RichContent } from '../../http/content.ts';
import { type Html, html } from '../../http/html.ts';
import { framedPage } from '../../http/page-frame.ts';
import { complaint } from '../notices/complaint.ts';
import { dayAndTime } from '../notices/instants.ts';
import { type FittedRow, fitted } from './fit.ts';
import { deadlineWords, type Item, itemsOf, type Times, wordsOf } from './items.ts';
import { STYLE } from './page-style.ts';
import { dayWords, listWords, pageWords, rangeWords } from './page-words.ts';
import type { Week, WeekEntry } from './week.ts';

/** Where most organisations are: the others say which clock theirs is. */
const USUAL_ZONE = 'Europe/Oslo';
const WORKING_DAYS = 5;
/** Lines above the table on paper; on a screen there are all. */
const WAITING_PRINTED_MAX = 3;

/** A week as a page: a table on a desktop and on one sheet of A4, one person after the other on a phone. */
export function weekPage(week: Week, madeAt: Date, language: Language): RichContent {
  const words = pageWords[language];
  const heading = words.week(String(Number(week.week.slice(-2))));
  const { text, url } = complaint[language];
  const body = html`<header>
<p class="brand">Vern</p>
<h1>${heading}</h1>
<p class="range">${rangeWords(week.from, week.to, language)}</p>
</header>
<main>
${waitingSection(week, language)}
${week.entries.length > 0 ? table(week, heading, language) : html`<p>${words.nobody}</p>`}
</main>
<footer>
<p>${words.made(dayAndTime(madeAt.toISOString(), USUAL_ZONE, language))} <span class="screen">${words.print}</span></p>
<p class="screen">${text} <a href="${url}" rel="noreferrer">datatilsynet.no</a></p>
</footer>`;
  const frame = { language, title: `${heading} – Vern`, style: STYLE, meta: { robots: 'noindex' } };
  return htmlPage(framedPage(frame, body), [STYLE]);
}

function waitingSection(week: Week, language: Language): Html | undefined {
  const words = pageWords[language];
  const lines = [
    ...deadlines(week, language),
    ...week.organisations
      .filter(({ messagesWaiting }) => messagesWaiting > 0)
      .map(({ messagesWaiting, organisationName }) => words.messages(messagesWaiting, organisationName)),
  ];
  if (lines.length === 0) return undefined;
  const printed = lines.length > WAITING_PRINTED_MAX ? WAITING_PRINTED_MAX - 1 : lines.length;
  return html`<section class="waiting" aria-labelledby="waiting">
<h2 id="waiting">${words.waiting}</h2>
<ul role="list">${lines.map((line, i) => html`<li${i >= printed && html` class="beyond"`}>${line}</li>`)}${
    printed < lines.length && html`<li class="more">${words.more(lines.length - printed)}</li>`
  }</ul>
</section>`;
}

/** What is still to be said, once for each organisation and deadline. */
function deadlines({ entries }: Week, language: Language): string[] {
  const found = entries.flatMap((entry) =>
    entry.days.flatMap(({ answerBefore, home }) =>
      answerBefore === undefined || home === 'not-with-me' ? [] : [{ entry, answerBefore }],
    ),
  );
  const together = Map.groupBy(found, ({ entry, answerBefore }) => `${answerBefore} ${entry.organisationId}`);
  return [...together]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([, [first, ...others]]) => {
      const { entry, answerBefore } = first!;
      const names = [entry, ...others.map((other) => other.entry)].map(({ firstName }) => firstName);
      const { day, time } = deadlineWords(answerBefore, entry.timeZone, language, 'long');
      return pageWords[language].answer(entry.organisationName, listWords([...new Set(names)], language), day, time);
    });
}

/** Roles are spelled: a table that a phone sets as blocks is none to a screen reader otherwise. */
function table({ entries, publicHolidays }: Week, heading: string, language: Language): Html {
  const words = pageWords[language];
  const rows = entries.map((entry) => ({
    entry,
    headings: headingsOf(entry, language),
    cells: entry.days.map((day) => itemsOf(day, language)),
  }));
  const sheet = fitted(
    rows.map(({ headings, cells }) => ({
      headings: headings.length + 1,
      cells: cells.map((items) => items.map(wordsOf)),
    })),
  );
  const holidays = new Map(publicHolidays.map(({ day, names }) => [day, listWords(names, language)]));
  const columns = entries[0]!.days.map(
    ({ day }) =>
      html`<th scope="col" role="columnheader"><span class="day">${dayWords(day, language, 'short')}</span>${
        holidays.has(day) && html` <span class="holiday">${holidays.get(day)}</span>`
      }</th>`,
  );
  const isWeekendFree = rows.every(({ cells }) => cells.slice(WORKING_DAYS).every((items) => items.every(isClosing)));
  return html`<table role="table" class="${sheet.size}${isWeekendFree && ' weekdays'}">
<caption>${heading}</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">${words.who}</th>${columns}</tr></thead>
<tbody role="rowgroup">
${rows.map((one, i) => rowHtml({ ...one, fitted: sheet.rows[i], holidays }, language))}</tbody>
</table>
${sheet.rows.length < rows.length && html`<p class="more">${words.moreRows(rows.length - sheet.rows.length)}</p>`}`;
}

interface Row {
  readonly entry: WeekEntry;
  /** Below the name. */
  readonly headings: readonly string[];
  readonly cells: readonly (readonly Item[])[];
  /** Absent for a row that has no place on paper. */
  readonly fitted: FittedRow | undefined;
  readonly holidays: ReadonlyMap<string, string>;
}

function headingsOf({ organisationName, relation, timeZone }: WeekEntry, language: Language): string[] {
  const words = pageWords[language];
  const organisation = relation === 'me' ? `${organisationName} (${words.me})` : organisationName;
  return [organisation, ...(timeZone === USUAL_ZONE ? [] : [words.timesIn(timeZone)])];
}

function rowHtml({ entry, headings, cells, fitted: onPaper, holidays }: Row, language: Language): Html {
  const days = entry.days.map(({ day, opening }, i) => {
    const label = [dayWords(day, language, 'long'), holidays.get(day)].filter((part) => part !== undefined);
    const shut = opening === 'closed' && html` class="shut"`;
    return html`<td role="cell" data-day="${label.join(', ')}"${shut}>${cellHtml(cells[i]!, onPaper, i, language)}</td>\n`;
  });
  return html`<tr role="row"${!onPaper && html` class="beyond"`}>
<th scope="row" role="rowheader"><span class="name">${entry.firstName} ${entry.lastName}</span>${headings.map(
    (heading) => html`<span class="at">${heading}</span>`,
  )}</th>
${days}</tr>
`;
}

function cellHtml(items: readonly Item[], onPaper: FittedRow | undefined, column: number, language: Language): Html {
  if (items.length === 0) return html`<span class="nothing">–</span>`;
  const lines = onPaper?.lines[column] ?? [];
  const shown = onPaper?.shown[column] ?? items.length;
  const texts = items.map(({ kind, lead, time, text }, i) => {
    const classes = [kind, `l${lines[i] ?? 1}`, ...(i < shown ? [] : ['beyond'])].join(' ');
    const parts = [lead, time && timesHtml(time), text].filter((part) => part !== undefined);
    return html`<li class="${classes}">${parts.map((part, at) => [at > 0 && ' ', part])}</li>`;
  });
  const more = shown < items.length && html`<li class="more">${pageWords[language].more(items.length - shown)}</li>`;
  return html`<ul role="list">${texts}${more}</ul>`;
}

const isClosing = ({ kind }: Item): boolean => kind === 'closed';

/** On paper, where a line has no room for both, the beginning alone. */
const timesHtml = ({ from, until }: Times): Html =>
  html`<span class="time">${from}${until !== undefined && html`<span class="end">–${until}</span>`}</span>`;
