import type { MovableClock } from '../clock.ts';
import { type TableDisk, UnknownTable } from '../dynamodb/lost-tables.ts';
import { type Answer, type Call, serveCalls } from '../loopback/call-server.ts';
import type { Listening } from '../loopback/listen.ts';
import { newMessageId } from '../ses/accept.ts';
import { addressesIn } from '../ses/address.ts';
import { composed, type MailParts } from '../ses/compose.ts';
import type { Mail } from '../ses/mail.ts';
import type { MailStore, StoredMail } from '../ses/mail-store.ts';
import { attachmentsOf, contentOf, rawMessage, stamped } from '../ses/mime.ts';
import { INCOMING_BYTES_MAX, type Receiving } from '../ses/receiving.ts';
import type { PhoneStore } from '../sns/phone-store.ts';
import { inboundAnswer } from './inbound.ts';
import { errorPage, framePrelude, listPage, messagePage, phonesPage } from './pages.ts';
import { style } from './style.ts';

export interface EmbeddedMailbox extends Listening {
  /** Puts a mail in the box that did not come through SES, such as Cognito's own; resolves with its id once it is kept. */
  add(mail: MailParts): Promise<string>;
}

const MAILS_PER_PAGE = 50;
const RECIPIENTS_SUGGESTED_MAX = 500;
const PHONE_MESSAGES_SHOWN_MAX = 200;

/**
 * The mailbox of everyone, and the control of the clock, on 127.0.0.1. `GET /` and `GET /messages/{id}` are pages;
 * `GET /messages[?to=]` is JSON, newest first, and `DELETE /messages` empties the box; `GET /counts` tells how many mails
 * went out, ever, and how many the address got that got most; `/phones[?to=]` does for SMS and pushes; `POST /inbound?to=` brings a raw mail from outside; `GET /clock` and `POST /clock {"advance":"P1D"}` show and move the clock; `GET /disk` names the tables, and `POST /disk {"lose":[…]}` loses some.
 */
export async function startMailbox(options: {
  port?: number;
  messages: MailStore;
  phones: PhoneStore;
  clock: MovableClock;
  disk(): TableDisk;
  /** Where mail from outside comes in, if it does. */
  receiving?: Receiving;
}): Promise<EmbeddedMailbox> {
  const { messages, phones, clock, disk, receiving } = options;
  const inbound = async (call: Call) => {
    if (call.method !== 'GET' && isFromElsewhere(call)) return changeRefused;
    return receiving && inboundAnswer(call, receiving);
  };
  const server = await serveCalls({
    port: options.port,
    clock,
    bodyBytesMax: INCOMING_BYTES_MAX,
    answer: async (call) =>
      (await inbound(call)) ?? (await (phoneAnswer(call, phones) ?? answerTo(call, messages, clock, disk))),
  });
  return {
    ...server,
    async add(parts) {
      const sentAt = new Date(clock.now());
      const id = newMessageId(sentAt);
      const raw = stamped(rawMessage(await composed(parts)), `${id}@embedded.invalid`, sentAt);
      const content = await contentOf(raw);
      messages.add(
        {
          id,
          to: [...parts.to, ...(parts.cc ?? [])].flatMap(addressesIn),
          ...content,
          sentAt: sentAt.toISOString(),
          tags: {},
          configurationSetName: null,
          undelivered: [],
        },
        raw,
      );
      return id;
    },
  };
}

/** `GET /phones` is the page of what came to phones; undefined for every other path. */
function phoneAnswer(call: Call, phones: PhoneStore): Promise<Answer> | undefined {
  const { method, url } = call;
  if (url.pathname !== '/phones') return undefined;
  const to = url.searchParams.get('to')?.trim() || undefined;
  if (method === 'DELETE') {
    if (isFromElsewhere(call)) return Promise.resolve(changeRefused);
    phones.clear();
    return Promise.resolve({ status: 204 });
  }
  if (method !== 'GET' && method !== 'HEAD') return Promise.resolve(missing(call));
  if (!wantsPage(call)) return Promise.resolve(json(phones.list({ to })));
  const shown = phones.list({ to, limit: PHONE_MESSAGES_SHOWN_MAX });
  return Promise.resolve(page(200, phonesPage(shown, to ?? '')));
}

async function answerTo(call: Call, messages: MailStore, clock: MovableClock, disk: () => TableDisk): Promise<Answer> {
  const { method, url } = call;
  const reads = method === 'GET' || method === 'HEAD';
  if (!reads && isFromElsewhere(call)) return changeRefused;
  if (url.pathname === '/' && reads) return page(200, listPage(listView(url.searchParams, messages, clock)));
  if (url.pathname === '/mailbox.css' && reads) {
    return { status: 200, headers: { 'content-type': 'text/css; charset=utf-8' }, body: style };
  }
  if (url.pathname === '/messages' && reads) {
    return json(messages.list({ to: url.searchParams.get('to') ?? undefined }).map(inJson));
  }
  if (url.pathname === '/counts' && reads) return json(messages.mailCounts());
  if (url.pathname === '/messages' && method === 'DELETE') {
    messages.clear();
    return { status: 204 };
  }
  if (url.pathname === '/clock' && reads) return json(clockState(clock));
  if (url.pathname === '/clock' && method === 'POST') return movedBy(memberInJson(call.body, 'advance'), clock);
  if (url.pathname === '/clock/moved' && method === 'POST') {
    const moved = movedBy(new URLSearchParams(call.body.toString()).get('advance'), clock);
    return moved.status === 200 ? { status: 303, headers: { location: '/' } } : moved;
  }
  if (url.pathname === '/disk' && reads) return json({ tables: await disk().tables() });
  if (url.pathname === '/disk' && method === 'POST') return lostTables(call.body, disk());
  const [, id, part = '', index = ''] =
    /^\/messages\/([\w-]+)(?:\/(html|raw|attachments\/(\d{1,4})))?$/.exec(url.pathname) ?? [];
  const found = id === undefined ? undefined : messages.find(id);
  if (!found || !reads) return missing(call);
  return messageAnswer(call, found, part, Number(index));
}

async function messageAnswer(call: Call, { mail, raw }: StoredMail, part: string, index: number): Promise<Answer> {
  if (part === 'raw') return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: raw };
  if (part === 'html') return { status: 200, headers: frameHeaders, body: framePrelude + mail.html };
  if (part === '' && !wantsPage(call)) return json(inJson({ mail, raw }));
  const attachments = await attachmentsOf(raw);
  if (part === '') return page(200, messagePage(mail, attachments));
  const attachment = attachments[index];
  if (!attachment) return missing(call);
  // Always a download, never shown: whatever it is, it must not run as a page of ours.
  const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(attachment.name).replaceAll("'", '%27')}`;
  return {
    status: 200,
    headers: { 'content-type': 'application/octet-stream', 'content-disposition': disposition },
    body: attachment.content,
  };
}

function listView(query: URLSearchParams, messages: MailStore, clock: MovableClock) {
  const to = (query.get('to') ?? '').trim();
  const filter = to === '' ? undefined : to;
  const count = messages.count(filter);
  const pageCount = Math.max(1, Math.ceil(count / MAILS_PER_PAGE));
  const asked = Number(query.get('page') ?? 1);
  const number = Number.isInteger(asked) ? Math.min(Math.max(asked, 1), pageCount) : 1;
  const skipped = (number - 1) * MAILS_PER_PAGE;
  return {
    mails: messages.list({ to: filter, limit: MAILS_PER_PAGE, skipped }).map(({ mail }) => mail),
    count,
    page: number,
    pageCount,
    to,
    recipients: messages.recipients(RECIPIENTS_SUGGESTED_MAX),
    nowEpochMilliseconds: clock.now(),
    offsetMilliseconds: clock.offsetMilliseconds,
  };
}

/** A browser tells which page a change comes from; other programs say nothing, and may. */
function isFromElsewhere({ headers, url }: Call): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  return headers.origin !== undefined && headers.origin !== url.origin;
}

async function lostTables(body: Buffer, disk: TableDisk): Promise<Answer> {
  const names = memberInJson(body, 'lose');
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
    return problem(400, 'The body must be {"lose": a list of tables}');
  }
  try {
    await disk.lose(names);
  } catch (error) {
    if (error instanceof UnknownTable) return problem(404, error.message);
    throw error;
  }
  return json({ tables: await disk.tables() });
}

function memberInJson(body: Buffer, name: string): unknown {
  try {
    return Object(JSON.parse(body.toString()))[name];
  } catch {
    return undefined;
  }
}

function movedBy(duration: unknown, clock: MovableClock): Answer {
  if (typeof duration !== 'string') return problem(400, 'The body must be {"advance": an ISO 8601 duration}');
  try {
    clock.advance(duration);
  } catch (error) {
    if (error instanceof RangeError) return problem(400, error.message);
    throw error;
  }
  return json(clockState(clock));
}

function clockState(clock: MovableClock): object {
  return { now: new Date(clock.now()).toISOString(), offsetMilliseconds: clock.offsetMilliseconds };
}

function inJson({ mail, raw }: StoredMail): Mail & { raw: string } {
  return { ...mail, raw: raw.toString() };
}

function wantsPage({ headers }: Call): boolean {
  return (headers.accept ?? '').includes('text/html');
}

function missing(call: Call): Answer {
  return wantsPage(call)
    ? page(404, errorPage('There is no such mail'))
    : problem(404, 'There is nothing at this address');
}

const pagePolicy =
  "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

function page(status: number, body: string): Answer {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': pagePolicy,
    // Not "no-referrer": it would blank the Origin by which our own forms are known.
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
  };
  return { status, headers, body };
}

/** A mail's own HTML: an origin of its own, no scripts, nothing from the network, wherever it is opened. */
const frameHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'",
  'referrer-policy': 'no-referrer',
};

function json(body: object): Answer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** RFC 9457. */
function problem(status: number, detail: string): Answer {
  const titles: Record<number, string> = { 400: 'Bad Request', 403: 'Forbidden', 404: 'Not Found' };
  const body = JSON.stringify({ type: 'about:blank', title: titles[status], status, detail });
  return { status, headers: { 'content-type': 'application/problem+json' }, body };
}

const changeRefused = problem(403, 'Only the mailbox itself and programs may change anything');
