import type { Language } from '../../http/call.ts';
import { htmlPage, type RichContent } from '../../http/content.ts';
import { type Html, html } from '../../http/html.ts';
import { framedPage } from '../../http/page-frame.ts';
import { palettes } from '../../http/palette.ts';
import { dayWords, rangeWords } from '../week/page-words.ts';
import { barChart } from './chart.ts';
import { browserWords, type ChartName, chartNames, chartOf, moduleWords } from './charts.ts';
import { wordsOfFunction } from './function-words.ts';
import { SHOWN_MIN, type Statistics } from './statistics.ts';

/** The report of an organisation: charts, and every number of them in tables beneath. Pure. */
export function statisticsPage(statistics: Statistics, organisation: string, language: Language): RichContent {
  const say = words[language];
  const title = `${say.title}: ${organisation}`;
  const { from, until, days, functions, browsers } = statistics;
  const charts = chartNames.map((name) => ({ name, chart: chartOf(name, statistics, language) }));
  const titleOf = (wanted: ChartName) => charts.find(({ name }) => name === wanted)?.chart.title ?? '';
  const body = html`<main>
<h1>${title}</h1>
<p>${rangeWords(from, until, language)}. ${say.suppressed}</p>
${charts.map(
  ({ name, chart }) => html`<section><h2>${chart.title}</h2>
<figure>${barChart(chart, name)}</figure></section>
`,
)}<section><h2>${say.numbers}</h2>
${table(
  titleOf('people-per-day'),
  say.dayColumns,
  days.map(({ day, people }) => [
    dayWords(day, language, 'long'),
    people === undefined ? say.fewer : numberWords(people, language),
  ]),
)}
${table(
  say.functions,
  say.functionColumns,
  functions.map(({ module, function: id, uses }) => [
    wordsOfFunction(id, language),
    moduleWords(module, language),
    numberWords(uses, language),
  ]),
)}
${table(
  titleOf('browsers'),
  say.browserColumns,
  browsers.map(({ browser, version, percent }) => [browserWords(browser, version, language), `${percent} %`]),
)}</section>
</main>`;
  return htmlPage(framedPage({ language, title: `${title} – Vern`, style: STYLE, meta: { robots: 'noindex' } }, body), [
    STYLE,
  ]);
}

/** Nothing where nothing is shown: a heading over no rows says less than the chart above. */
const table = (caption: string, columns: readonly string[], rows: readonly (readonly string[])[]): Html | false =>
  rows.length > 0 &&
  html`<table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows.map(([first, ...cells]) => html`<tr><th scope="row">${first}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
</table>`;

const numberWords = (number: number, language: Language): string =>
  new Intl.NumberFormat(language === 'nb' ? 'nb-NO' : 'en-GB').format(number);

const words = {
  nb: {
    title: 'Bruk av Vern',
    suppressed: `Tallene er talt uten å vite hvem. Det som er brukt av færre enn ${SHOWN_MIN}, er ikke med, heller ikke i summene.`,
    numbers: 'Tallene',
    fewer: `færre enn ${SHOWN_MIN}`,
    dayColumns: ['Dag', 'Brukere'],
    functions: 'Bruk per funksjon',
    functionColumns: ['Funksjon', 'Område', 'Ganger'],
    browserColumns: ['Nettleser', 'Andel'],
  },
  en: {
    title: 'Use of Vern',
    suppressed: `The numbers were counted without knowing whom. What fewer than ${SHOWN_MIN} used is left out, in sums as well.`,
    numbers: 'The numbers',
    fewer: `fewer than ${SHOWN_MIN}`,
    dayColumns: ['Day', 'Users'],
    functions: 'Use by function',
    functionColumns: ['Function', 'Area', 'Times'],
    browserColumns: ['Browser', 'Share'],
  },
} as const;

const coloursOf = ({ paper, ink, quiet, line, deed }: (typeof palettes)['light' | 'dark']) =>
  `--paper:${paper};--ink:${ink};--quiet:${quiet};--line:${line};--mark:${deed}`;
const STYLE = `
:root{color-scheme:light dark;${coloursOf(palettes.light)}}
@media (prefers-color-scheme:dark){:root{${coloursOf(palettes.dark)}}}
*{box-sizing:border-box}
body{margin:0;padding:2rem 1.25rem 4rem;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:46rem;margin:0 auto;overflow-wrap:anywhere}
h1{margin:0 0 1rem;font-size:clamp(1.375rem,6.5vw,2rem);line-height:1.2}
h2{margin:2.25rem 0 .75rem;font-size:1.25rem;line-height:1.3;color:var(--mark)}
p{margin:0 0 1rem}
figure{margin:0;max-width:34rem}
caption{padding:0 0 .5rem;text-align:left;font-weight:600}
svg{display:block}
.bar{fill:var(--mark)}
table{width:100%;margin:0 0 2rem;border-collapse:collapse;font-size:.9375rem;line-height:1.45}
th,td{padding:.375rem .75rem .375rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{font-weight:400}
thead th{font-size:.8125rem;color:var(--quiet)}
td:last-child{text-align:right;font-variant-numeric:tabular-nums}
thead th:last-child{text-align:right}
@media print{body{padding:0;font-size:11pt}}
`;
