import PostalMime, { type Address, type Email, type Header } from 'postal-mime';
import { plainText } from './plain-text.ts';

/** Addresses in one mail's headers that are looked at. */
const RECIPIENTS_MAX = 50;
export const SUBJECT_CHARACTERS_MAX = 160;
export const TEXT_CHARACTERS_MAX = 8000;

/** What SES, or whoever sent, says of it: `pass`, `fail`, or anything else. */
export type Verdict = 'pass' | 'fail' | 'none';

/** A mail that came in, as far as it is of use: nothing of it is trusted but what SES added. */
export interface Incoming {
  readonly messageId: string | undefined;
  readonly from: { readonly address: string; readonly name: string | undefined } | undefined;
  /** In lower case. */
  readonly recipients: readonly string[];
  readonly subject: string;
  /** What was written anew: without what it answers to. */
  readonly text: string;
  readonly attachments: readonly { readonly name: string; readonly contentType: string; readonly content: Buffer }[];
  readonly verdicts: Readonly<Record<'virus' | 'spam' | 'spf' | 'dkim' | 'dmarc', Verdict>>;
  /** A program's: a holiday answer, a bounce, a list (RFC 3834, section 2). */
  readonly isAutomatic: boolean;
}

/** Reads RFC 5322 octets as SES laid them down (S3 action, "Contents of email": SES's own headers stand first). */
export async function readMail(raw: Uint8Array): Promise<Incoming> {
  const mail = await PostalMime.parse(raw, { attachmentEncoding: 'arraybuffer' });
  const bySes = headersOfSes(mail.headers);
  const results = first(bySes, 'authentication-results') ?? '';
  const sender = senderOf(mail);
  return {
    messageId: mail.messageId,
    from: sender && { address: sender.address.toLowerCase(), name: sender.name || undefined },
    recipients: recipientsOf(mail),
    subject: plainText(mail.subject ?? '')
      .replace(/\s+/g, ' ')
      .slice(0, SUBJECT_CHARACTERS_MAX),
    text: writtenAnew(mail.text ?? textOfHtml(mail.html ?? '')).slice(0, TEXT_CHARACTERS_MAX),
    attachments: mail.attachments.map(({ filename, mimeType, content }) => ({
      name: filename ?? '',
      contentType: mimeType,
      content: typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer),
    })),
    verdicts: {
      virus: verdictIn(first(bySes, 'x-ses-virus-verdict')),
      spam: verdictIn(first(bySes, 'x-ses-spam-verdict')),
      spf: resultOf('spf', results),
      dkim: resultOf('dkim', results),
      dmarc: resultOf('dmarc', results),
    },
    isAutomatic: isAutomatic(mail),
  };
}

/** Down to the receipt, which is the last that SES writes: below it a sender may say whatever SES has left unsaid. */
const headersOfSes = (headers: readonly Header[]): readonly Header[] =>
  headers.slice(0, headers.findIndex(({ key }) => key === 'x-ses-receipt') + 1);

/**
 * Who is named as the sender, if it is one alone: one header, and in it one address outside quotation marks. Of several
 * (RFC 5322, section 3.6.2) DMARC may have vouched for another than is read here.
 */
function senderOf({ headers, from }: Email) {
  const [line = '', ...others] = headers.filter(({ key }) => key === 'from').map(({ value }) => value);
  const addresses = line.replace(/"(?:\\.|[^"\\])*"/g, '').split('@').length - 1;
  return others.length === 0 && addresses === 1 ? addressesIn([from])[0] : undefined;
}

/** The topmost: what stands below it may have been written by the sender. */
const first = (headers: readonly Header[], key: string): string | undefined =>
  headers.find((header) => header.key === key)?.value;

function verdictIn(value: string | undefined): Verdict {
  const said = value?.trim().toLowerCase();
  return said === 'pass' || said === 'fail' ? said : 'none';
}

/** RFC 8601: only of the header that SES itself has put on top (`amazonses.com`). */
function resultOf(method: string, results: string): Verdict {
  if (!/^\s*amazonses\.com\s*;/i.test(results)) return 'none';
  const said = new RegExp(`(?:^|;)\\s*${method}=([a-z]+)`, 'i').exec(results)?.[1];
  return verdictIn(said);
}

function recipientsOf(mail: Email): string[] {
  // Where it was delivered to stands in SES's own trace alone, if it was a blind copy.
  const trace = /\bfor\s+<?([^\s<>;]+@[^\s<>;]+)>?/i.exec(first(headersOfSes(mail.headers), 'received') ?? '')?.[1];
  const named = addressesIn([...(mail.to ?? []), ...(mail.cc ?? [])]).map(({ address }) => address);
  return [...new Set([...(trace ? [trace] : []), ...named].map((address) => address.toLowerCase()))].slice(
    0,
    RECIPIENTS_MAX,
  );
}

const addressesIn = (among: readonly (Address | undefined)[]) =>
  among.flatMap((one) => {
    if (!one) return [];
    return one.group ? one.group : one.address ? [{ address: one.address, name: one.name }] : [];
  });

/** RFC 3834: nobody answers a machine, and no machine's answer is anybody's ticket. */
function isAutomatic({ headers, from }: Email): boolean {
  const submitted = first(headers, 'auto-submitted');
  if (submitted !== undefined && !/^\s*no\b/i.test(submitted)) return true;
  if (/^\s*(?:bulk|junk|list|auto_reply)\b/i.test(first(headers, 'precedence') ?? '')) return true;
  if (headers.some(({ key }) => key === 'x-autoreply' || key === 'x-autorespond' || key === 'list-id')) return true;
  if (first(headers, 'return-path')?.trim() === '<>') return true;
  const [local = ''] = (addressesIn([from])[0]?.address ?? '').split('@');
  return /^(?:mailer-daemon|postmaster|no-?reply|bounces?)\b/i.test(local);
}

/** Where mail programs begin to repeat what is answered to, in the languages of those who write here. */
const repetition =
  /^(?:-{2,}\s*(?:original message|opprinnelig melding|videresendt melding|forwarded message)\s*-{2,}|_{10,}\s*|(?:on|den|på|tor|fre|lør|søn|man|tir|ons)\b.{0,200}\b(?:wrote|skrev|skreiv)\b.{0,80}:|(?:fra|from):\s.+)$/i;

/** Without the signature (RFC 3676, section 4.3) and what is quoted from the mail before. What is nothing but a quote stays. */
function writtenAnew(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const end = lines.findIndex((line, i) => {
    const trimmed = line.trim();
    if (line === '-- ' || (i > 0 && trimmed === '----')) return true;
    // A line that is wrapped in two is still one line to its reader.
    return (
      repetition.test(trimmed) ||
      (i + 1 < lines.length &&
        repetition.test(`${trimmed} ${lines[i + 1]?.trim()}`) &&
        !trimmed.endsWith(':') &&
        /^(?:on|den)\b/i.test(trimmed))
    );
  });
  const kept = (end < 0 ? lines : lines.slice(0, end)).filter((line) => !line.startsWith('>'));
  const anew = plainText(kept.join('\n'));
  return anew === '' ? plainText(text) : anew;
}

/**
 * What an HTML mail says: its blocks as lines. It is shown as text, so nothing in it can be more than text. What is opened
 * and never closed goes on to the end, and no tag reaches over the next: so each character is looked at a few times,
 * however the mail was made.
 */
export function textOfHtml(html: string): string {
  const lines = html
    .replace(/<!--[\s\S]*?(?:-->|$)/g, '')
    .replace(/<(style|script|title)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, '')
    .replace(/<blockquote\b[\s\S]*$/i, '')
    .replace(/\s+/g, ' ')
    .replace(/<(?:br|hr)\b[^<>]*>|<\/(?:p|div|tr|li|h[1-6]|table|ul|ol)\s*>/gi, '\n')
    .replace(/<[^<>]*>/g, '');
  return lines
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,8}));/gi, (whole, decimal, hexadecimal, name) => {
      const code = decimal ? Number(decimal) : hexadecimal ? Number.parseInt(hexadecimal, 16) : undefined;
      if (code !== undefined) return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
      return entities[String(name).toLowerCase()] ?? whole;
    })
    .split('\n')
    .map((line) => line.trim())
    .join('\n');
}
const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  aring: 'å',
  oslash: 'ø',
  aelig: 'æ',
};
