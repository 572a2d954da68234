import type { Language } from '../../http/call.ts';
import { html } from '../../http/html.ts';
import { framedPage } from '../../http/page-frame.ts';
import { STYLE } from '../exports/index-style.ts';
import { complaint } from '../notices/complaint.ts';
import { dayAndTime } from '../notices/instants.ts';

/** One record as people read it. */
export interface Told {
  readonly leaf: number;
  readonly id: string;
  readonly at: string;
  readonly event: string;
  readonly sentence: Readonly<Record<Language, string>>;
}

export interface AboutExport {
  readonly organisationName: string;
  readonly timeZone: string;
  readonly from: string;
  readonly to: string;
  readonly madeAt: string;
  readonly exportId: string;
  /** Of the log, and what of it is in the file: [first, last). */
  readonly leaves: { readonly from: number; readonly to: number; readonly size: number };
}

/** Lines on the page; the spreadsheet holds them all. */
const LINES_MAX = 5_000;

const words = {
  title: { nb: 'Aktivitetsloggen for', en: 'The activity log of' },
  lead: {
    nb: 'Hvem som så og gjorde hva, de nyeste først. Navnene er slik de er i dag. Den som er slettet, heter «tidligere bruker».',
    en: 'Who saw and did what, the newest first. Names are as they are today. Whoever has been erased is a “former user”.',
  },
  days: { nb: 'Dager', en: 'Days' },
  madeAt: { nb: 'Laget', en: 'Made' },
  number: { nb: 'Hendelser i filen', en: 'Events in the file' },
  when: { nb: 'Når', en: 'When' },
  what: { nb: 'Hva', en: 'What' },
  more: {
    nb: 'Det er flere hendelser enn siden viser. Alle står i activity.csv.',
    en: 'There are more events than the page shows. All of them are in activity.csv.',
  },
  none: { nb: 'Det skjedde ingenting disse dagene.', en: 'Nothing happened on these days.' },
  check: {
    nb: 'Hvordan du kontrollerer at ingenting er endret, står i README.txt.',
    en: 'README.txt says how to check that nothing was changed.',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<Language, string>>>>;

/** One self-contained page: nothing is loaded and no script runs. `told` is newest first. */
export function activityPage(told: readonly Told[], about: AboutExport, language: Language): string {
  const { organisationName, timeZone, from, to, madeAt } = about;
  const title = `${words.title[language]} ${organisationName}`;
  const row = ({ at, sentence }: Told) => html`<tr>
<td data-column="${words.when[language]}">${dayAndTime(at, timeZone, language)}</td>
<td data-column="${words.what[language]}">${sentence[language]}</td>
</tr>`;
  const table = html`<table>
<thead><tr><th scope="col">${words.when[language]}</th><th scope="col">${words.what[language]}</th></tr></thead>
<tbody>${told.slice(0, LINES_MAX).map(row)}</tbody>
</table>`;
  const body = html`<main>
<h1>${title}</h1>
<p class="lead">${words.lead[language]}</p>
<dl class="facts">
<dt>${words.days[language]}</dt><dd>${from} – ${to}</dd>
<dt>${words.madeAt[language]}</dt><dd>${dayAndTime(madeAt, timeZone, language)}</dd>
<dt>${words.number[language]}</dt><dd>${String(told.length)}</dd>
</dl>
${told.length === 0 ? html`<p>${words.none[language]}</p>` : table}
${told.length > LINES_MAX ? html`<p>${words.more[language]}</p>` : ''}
<p>${words.check[language]}</p>
<p>${complaint[language].text} ${complaint[language].url}</p>
</main>`;
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  return framedPage({ language, title, style: STYLE, policy, meta: { referrer: 'no-referrer' } }, body);
}

/** Windows line ends: it is read in whatever opens a text file. */
export const activityReadme = (about: AboutExport): string =>
  `${norwegian(about)}\n\n${'-'.repeat(72)}\n\n${english(about)}\n`.replaceAll('\n', '\r\n');

const commandFor = ({ leaves: { from, to, size } }: AboutExport) =>
  `npm run verify:log -- ${from === 0 && to === size ? 'FIL.zip' : 'FIL.zip --part'} --key public-key.pem`;

const norwegian = (about: AboutExport) => `LES MEG

Dette er aktivitetsloggen til ${about.organisationName}, ${about.from} til ${about.to}.
Begynn med index.nb.html: åpne den i en nettleser. Den virker uten nett og
sender ingenting.

  index.nb.html, index.en.html   loggen i setninger
  activity.csv                   det samme for regneark
  log/log.jsonl                  loggen selv, med bevisene
  public-key.pem                 nøkkelen som signaturen kontrolleres med

Slik kontrollerer du at ingen har endret noe, heller ikke vi:

  ${commandFor(about)}

Programmet trenger ikke nett. Det ligger i kildekoden til Vern
(bin/verify-log.ts). Nøkkelen i filen er vår egen påstand: hent den også fra
tjenesten (GET /v1/proofs/keys) og sammenlign. Legg ved brevene med
kontrollpunkter som du har fått: --witness BREV.txt. De viser at loggen ikke er
skrevet om siden.

Filen sier hvem som har sett hvem. Oppbevar den trygt, og slett den når du ikke
trenger den lenger.

${complaint.nb.text}
${complaint.nb.url}`;

const english = (about: AboutExport) => `README

This is the activity log of ${about.organisationName}, ${about.from} to ${about.to}.
Begin with index.en.html: open it in a browser. It works offline and sends
nothing.

  index.nb.html, index.en.html   the log in sentences
  activity.csv                   the same for spreadsheets
  log/log.jsonl                  the log itself, with its proofs
  public-key.pem                 the key that the signature is checked with

How to check that nobody has changed anything, we included:

  ${commandFor(about).replace('FIL', 'FILE')}

The program needs no network. It is in the source of Vern (bin/verify-log.ts).
The key in the file is our own claim: fetch it from the service as well
(GET /v1/proofs/keys) and compare. Add the letters with checkpoints that you
have been sent: --witness LETTER.txt. They show that the log has not been
rewritten since.

The file says who has seen whom. Keep it safe, and delete it when you no longer
need it.

${complaint.en.text}
${complaint.en.url}`;
