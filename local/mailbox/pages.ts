import type { Attachment, Mail } from '../ses/mail.ts';
import type { PhoneMessage } from '../sns/phone-store.ts';
import { type Markup, markup } from './escape.ts';

const clockForm = { PT1H: '+1 hour', P1D: '+1 day', P1W: '+1 week', P1M: '+1 month' } as const;

const timeShown = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Oslo',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

export interface ListView {
  readonly mails: readonly Mail[];
  readonly count: number;
  /** 1 is the newest page. */
  readonly page: number;
  readonly pageCount: number;
  readonly to: string;
  readonly recipients: readonly string[];
  readonly nowEpochMilliseconds: number;
  readonly offsetMilliseconds: number;
}

export function listPage(view: ListView): string {
  const { to, count, page, pageCount } = view;
  const counted = count === 1 ? '1 mail' : `${count} mails`;
  return document(
    `Mailbox (${count})`,
    markup`
<header class="top">
  <div>
    <h1>Mailbox</h1>
    <p class="quiet">Every mail the service has sent. None has left this machine. <a href="/phones">SMS and pushes</a></p>
  </div>
  <section class="card clock" aria-label="Clock">
    <p>${timeShown.format(view.nowEpochMilliseconds)} in Oslo <span class="quiet">${aheadBy(view.offsetMilliseconds)}</span></p>
    <form method="post" action="/clock/moved">
      ${Object.entries(clockForm).map(([duration, label]) => markup`<button name="advance" value="${duration}">${label}</button>`)}
    </form>
  </section>
</header>
<main>
  <form class="filter" method="get" action="/">
    <label>Recipient
      <input name="to" type="search" value="${to}" list="recipients" autocomplete="off" placeholder="everyone">
    </label>
    <datalist id="recipients">${view.recipients.map((address) => markup`<option value="${address}"></option>`)}</datalist>
    <button class="primary">Show</button>
    ${to ? markup`<a class="button" href="/">Everyone</a>` : markup`<a class="button" href="/">Refresh</a>`}
  </form>
  <p class="quiet count">${to ? markup`${counted} to <strong>${to}</strong>` : counted}, newest first</p>
  ${
    view.mails.length > 0
      ? markup`<ul class="card mails">${view.mails.map(row)}</ul>`
      : markup`<p class="card empty">${to ? 'Nothing has been sent to this address.' : 'Nothing has been sent yet.'}</p>`
  }
  <nav class="pages" aria-label="Pages">
    ${page > 1 ? markup`<a class="button" rel="prev" href="${pagePath(to, page - 1)}">Newer</a>` : markup`<span></span>`}
    ${page < pageCount ? markup`<a class="button" rel="next" href="${pagePath(to, page + 1)}">Older</a>` : markup``}
  </nav>
</main>`,
  );
}

function row(mail: Mail): Markup {
  const bounced = mail.undelivered.length > 0 ? markup` <span class="bad">not delivered</span>` : markup``;
  return markup`
<li><a href="${`/messages/${mail.id}`}">
  <span class="initial" aria-hidden="true">${[...(mail.to[0] ?? '?')][0] ?? '?'}</span>
  <span class="who">To ${mail.to.join(', ')}</span>
  <time class="when" datetime="${mail.sentAt}">${timeShown.format(Date.parse(mail.sentAt))}</time>
  <span class="subject"${language(mail)}>${mail.subject || '(no subject)'}${bounced}</span>
  <span class="start"${language(mail)}>${mail.text.slice(0, 200)}</span>
</a></li>`;
}

export function messagePage(mail: Mail, attachments: readonly Attachment[]): string {
  const path = `/messages/${mail.id}`;
  const rows: [string, Markup][] = [
    ['From', markup`${mail.from}`],
    ['To', markup`${mail.headers['to'] ?? mail.to.join(', ')}`],
    ...(mail.headers['cc'] ? [['Cc', markup`${mail.headers['cc']}`] as [string, Markup]] : []),
    ['Sent', markup`<time datetime="${mail.sentAt}">${timeShown.format(Date.parse(mail.sentAt))}</time>`],
  ];
  return document(
    mail.subject || '(no subject)',
    markup`
<p><a href="/">← All mails</a></p>
<main>
  <h1${language(mail)}>${mail.subject || '(no subject)'}</h1>
  <dl class="meta">${rows.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
  ${mail.undelivered.map(({ address, reason }) => markup`<p class="bad">Not delivered to ${address}: ${reason}</p>`)}
  ${
    mail.html
      ? markup`<div class="card"><iframe title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" src="${`${path}/html`}"></iframe></div>`
      : markup``
  }
  ${
    attachments.length > 0
      ? markup`<h2>Attachments</h2><ul class="files">${attachments.map(
          ({ name, content }, index) =>
            markup`<li><a class="button" href="${`${path}/attachments/${index}`}">${name} (${sizeShown(content.length)})</a></li>`,
        )}</ul>`
      : markup``
  }
  ${
    mail.text || !mail.html
      ? markup`<h2>As plain text</h2><div class="card"><pre class="text"${language(mail)}>${withLinks(mail.text)}</pre></div>`
      : markup``
  }
  <details class="card"><summary>Headers</summary><table>
    ${Object.entries(mail.headers).map(([name, value]) => markup`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}
  </table></details>
  <p><a class="button" href="${`${path}/raw`}">Raw source</a></p>
</main>`,
  );
}

/** What came to phones, newest first. */
export function phonesPage(messages: readonly PhoneMessage[], to: string): string {
  return document(
    'Phones',
    markup`
<p><a href="/">← All mails</a></p>
<header class="top"><div>
  <h1>Phones</h1>
  <p class="quiet">Every SMS and push the service has sent. None has left this machine.</p>
</div></header>
<main>
  <form class="filter" method="get" action="/phones">
    <label>Number or device
      <input name="to" type="search" value="${to}" autocomplete="off" placeholder="everyone">
    </label>
    <button class="primary">Show</button>
  </form>
  ${
    messages.length > 0
      ? markup`<ul class="card mails phones">${messages.map(phoneRow)}</ul>`
      : markup`<p class="card empty">Nothing has been sent.</p>`
  }
</main>`,
  );
}

function phoneRow({ channel, to, from, title, text, sentAt }: PhoneMessage): Markup {
  const kind = channel === 'sms' ? `SMS from ${from}` : `Push through ${from}`;
  return markup`
<li><div>
  <span class="initial" aria-hidden="true">${channel === 'sms' ? 'S' : 'P'}</span>
  <span class="who">${kind}, to ${to}</span>
  <time class="when" datetime="${sentAt}">${timeShown.format(Date.parse(sentAt))}</time>
  ${title ? markup`<span class="subject">${title}</span>` : markup``}
  <span class="start">${text}</span>
</div></li>`;
}

export function errorPage(title: string): string {
  return document(title, markup`<main><h1>${title}</h1><p><a href="/">← All mails</a></p></main>`);
}

/**
 * Put in front of a mail's own HTML: its links open beside the mailbox, and tell nobody where they were pressed. The
 * parser passes over the mail's own doctype, and merges its html and head elements with those begun here.
 */
export const framePrelude = '<!doctype html><base target="_blank"><meta name="referrer" content="no-referrer">';

function document(title: string, body: Markup): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/mailbox.css">
</head>
<body><div class="page">${body}</div></body>
</html>
`.html;
}

/** A mail says its language itself (RFC 3282); the first one counts. */
function language(mail: Mail): Markup {
  const [tag] = (mail.headers['content-language'] ?? '').split(/[,\s]/);
  return tag ? markup` lang="${tag}"` : markup``;
}

function withLinks(text: string): Markup {
  const pieces = text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/);
  return markup`${pieces.map((piece, index) =>
    index % 2 === 1
      ? markup`<a href="${piece}" target="_blank" rel="noopener noreferrer">${piece}</a>`
      : markup`${piece}`,
  )}`;
}

function pagePath(to: string, page: number): string {
  return `/?${new URLSearchParams({ ...(to && { to }), page: String(page) })}`;
}

function sizeShown(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function aheadBy(offsetMilliseconds: number): string {
  if (offsetMilliseconds === 0) return 'real time';
  const minutes = Math.round(offsetMilliseconds / 60_000);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const parts = [days && `${days} d`, hours && `${hours} h`, minutes % 60 && `${minutes % 60} min`].filter(Boolean);
  return `${parts.join(' ') || 'under a minute'} ahead of real time`;
}
