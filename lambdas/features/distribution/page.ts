import type { Language } from '../../http/call.ts';
import { htmlPage, type RichContent } from '../../http/content.ts';
import { html } from '../../http/html.ts';
import { framedPage } from '../../http/page-frame.ts';
import { complaint } from '../notices/complaint.ts';
import { dayAndTime } from '../notices/instants.ts';
import type { DistributionJob } from './job.ts';
import type { MailState } from './progress.ts';

/** The page names no organisation, so it has none to take a zone from. */
const ZONE = 'Europe/Oslo';

interface Shown extends Readonly<Record<MailState, number>> {
  readonly percentage: number;
  readonly countedAt?: string;
  readonly estimatedEndAt?: string;
}

const words = {
  nb: {
    title: 'Utsending',
    states: {
      draft: 'Kladd: ingenting er sendt.',
      running: 'Sendes nå.',
      paused: 'Satt på pause.',
      'paused-by-quota': 'Venter til det kan sendes mer. Den fortsetter av seg selv.',
      done: 'Ferdig.',
      cancelled: 'Avbrutt.',
    },
    percentage: (percentage: number) => `${percentage} prosent er behandlet`,
    counts: {
      queued: 'Venter',
      sent: 'Sendt',
      delivered: 'Levert',
      failed: 'Kom ikke fram',
      skipped: 'Skal ikke ha den, eller mangler adresse',
    },
    caption: 'E-poster etter hvordan det gikk',
    heads: ['Tilstand', 'Antall'],
    counted: (at: string) => `Talt ${at}.`,
    end: (at: string) => `Ventes ferdig ${at}.`,
    reload: 'Hent nye tall',
  },
  en: {
    title: 'Distribution',
    states: {
      draft: 'Draft: nothing has been sent.',
      running: 'Being sent now.',
      paused: 'Paused.',
      'paused-by-quota': 'Waiting until more can be sent. It goes on by itself.',
      done: 'Done.',
      cancelled: 'Cancelled.',
    },
    percentage: (percentage: number) => `${percentage} per cent dealt with`,
    counts: {
      queued: 'Waiting',
      sent: 'Sent',
      delivered: 'Delivered',
      failed: 'Did not arrive',
      skipped: 'Not to get it, or without an address',
    },
    caption: 'E-mails by what became of them',
    heads: ['State', 'Number'],
    counted: (at: string) => `Counted ${at}.`,
    end: (at: string) => `Expected to be done ${at}.`,
    reload: 'Get new numbers',
  },
} as const;

const shownStates = ['queued', 'sent', 'delivered', 'failed', 'skipped'] as const satisfies readonly MailState[];

const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#102a43;--quiet:#52606d;--line:#cbd5df;--mark:#0b5c4b}
@media (prefers-color-scheme:dark){:root{--paper:#11181f;--ink:#e8eef3;--quiet:#b3c0cb;--line:#34424f;--mark:#7fd8c0}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:40rem;padding:1.5rem 1rem 3rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header{color:var(--mark);font-weight:700}
h1{font-size:1.75rem;line-height:1.2;margin:.5rem 0 1rem}
label{display:block;font-weight:600}
progress{display:block;width:100%;height:1.25rem;margin:.5rem 0 1.5rem;accent-color:var(--mark)}
table{width:100%;border-collapse:collapse}
caption{text-align:left;color:var(--quiet);padding-bottom:.5rem}
th,td{padding:.5rem 0;border-bottom:1px solid var(--line);text-align:left;font-weight:400}
thead th{font-weight:600}
td,thead th:last-child{text-align:right;font-variant-numeric:tabular-nums}
footer{margin-top:2rem;color:var(--quiet);font-size:.875rem}
a{color:var(--mark)}
`;

/**
 * How far a job has come, without a script. Whoever watches asks for new numbers: a page that loads itself again takes
 * the place from under those who read slowly or listen (WCAG 2.2, 2.2.1). Says nothing of who sends it, to whom, or what.
 */
export function distributionPage({ state }: DistributionJob, progress: Shown, language: Language): RichContent {
  const say = words[language];
  const isMoving = state === 'running' || state === 'paused-by-quota';
  const at = (instant: string) => dayAndTime(instant, ZONE, language);
  const { text, url } = complaint[language];
  const body = html`<header>Vern</header>
<main>
<h1>${say.title}</h1>
<p>${say.states[state]}</p>
<label for="done">${say.percentage(progress.percentage)}</label>
<progress id="done" max="100" value="${progress.percentage}">${progress.percentage}</progress>
<table>
<caption>${say.caption}</caption>
<thead><tr>${say.heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${shownStates.map(
    (one) => html`<tr><th scope="row">${say.counts[one]}</th><td>${progress[one].toLocaleString(language)}</td></tr>`,
  )}</tbody>
</table>
<p>${progress.countedAt !== undefined && say.counted(at(progress.countedAt))} ${
    progress.estimatedEndAt !== undefined && say.end(at(progress.estimatedEndAt))
  }</p>
${isMoving && html`<p><a href="">${say.reload}</a></p>`}
</main>
<footer><p>${text} <a href="${url}" rel="noreferrer">datatilsynet.no</a></p></footer>`;
  const frame = { language, title: `${say.title} – Vern`, style: STYLE, meta: { robots: 'noindex' } };
  return htmlPage(framedPage(frame, body), [STYLE]);
}
