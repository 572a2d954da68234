import PostalMime, { decodeWords } from 'postal-mime';
import type { Attachment, Mail } from './mail.ts';
import { invalidParameter } from './problem.ts';

/** RFC 5322, section 2.1.1, without the line's end. */
const LINE_OCTETS_MAX = 998;
const LINE_OCTETS_ADVISED = 78;

export interface HeaderField {
  readonly name: string;
  /** Unfolded, still encoded (RFC 2047). */
  readonly value: string;
}

export interface RawMessage {
  readonly fields: readonly HeaderField[];
  /** From the blank line's end on. */
  readonly body: Buffer;
}

const onlyOnce = [
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'bcc',
  'subject',
  'content-type',
  'content-transfer-encoding',
  'mime-version',
];

/** Takes a raw message apart. @throws SesProblem InvalidParameterValue where SES would refuse it. */
export function rawMessage(raw: Buffer): RawMessage {
  const text = raw.toString('latin1');
  const blankLine = /\r?\n\r?\n/.exec(text);
  if (!blankLine) throw invalidParameter('Missing the blank line between header and body');
  const header = text.slice(0, blankLine.index);
  const body = raw.subarray(blankLine.index + blankLine[0].length);
  if (text.split(/\r?\n/).some((line) => line.length > LINE_OCTETS_MAX)) {
    throw invalidParameter(`A line is longer than ${LINE_OCTETS_MAX} octets`);
  }
  const fields = header
    .replace(/\r?\n(?=[ \t])/g, '')
    .split(/\r?\n/)
    .map(headerField);
  for (const name of onlyOnce) {
    if (valuesOf(fields, name).length > 1) throw invalidParameter(`Duplicate header '${name}'.`);
  }
  if (valuesOf(fields, 'from').length === 0) throw invalidParameter("Missing required header 'From'.");
  demandWholeParts(valuesOf(fields, 'content-type')[0] ?? 'text/plain', body);
  return { fields, body };
}

export function valuesOf(fields: readonly HeaderField[], name: string): string[] {
  return fields.filter((field) => field.name.toLowerCase() === name).map(({ value }) => value);
}

/** What SES takes out before it sends: its own marks, hidden recipients, and the two headers that it sets itself. */
const replaced = new Set(['message-id', 'date', 'bcc', 'return-path', 'x-ses-configuration-set', 'x-ses-message-tags']);

/** The message as it leaves SES, with SES's own Message-ID and Date. */
export function stamped(message: RawMessage, messageId: string, sentAt: Date): Buffer {
  const kept = message.fields.filter(({ name }) => !replaced.has(name.toLowerCase()));
  const own = [
    { name: 'Message-ID', value: `<${messageId}>` },
    { name: 'Date', value: sentAt.toUTCString().replace('GMT', '+0000') },
  ];
  const header = [...kept, ...own].map(({ name, value }) => folded(`${name}: ${value}`)).join('\r\n');
  return Buffer.concat([Buffer.from(`${header}\r\n\r\n`, 'latin1'), message.body]);
}

type Content = Pick<Mail, 'from' | 'subject' | 'headers' | 'text' | 'html'>;

/** The readable content of a stamped message. @throws SesProblem InvalidParameterValue where it cannot be read. */
export async function contentOf(raw: Buffer): Promise<Content> {
  const email = await PostalMime.parse(raw).catch((error: unknown) => {
    throw invalidParameter(`The message cannot be parsed: ${String(error)}`);
  });
  const headers: Record<string, string> = {};
  for (const { key, value } of email.headers) {
    const decoded = decodeWords(value);
    headers[key] = key in headers ? `${headers[key]}, ${decoded}` : decoded;
  }
  return {
    from: headers['from'] ?? '',
    subject: email.subject ?? '',
    headers,
    // The parser ends some parts with a line break of its own, depending on their encoding.
    text: (email.text ?? '').replace(/\n$/, ''),
    html: (email.html ?? '').replace(/\n$/, ''),
  };
}

export async function attachmentsOf(raw: Buffer): Promise<Attachment[]> {
  const { attachments } = await PostalMime.parse(raw, { attachmentEncoding: 'arraybuffer' });
  return attachments.map(({ filename, mimeType, content }) => ({
    name: filename ?? 'unnamed',
    mimeType,
    content: typeof content === 'string' ? Buffer.from(content) : Buffer.from(new Uint8Array(content)),
  }));
}

function headerField(line: string): HeaderField {
  const match = /^([!-9;-~]+):[ \t]*(.*?)[ \t]*$/.exec(line);
  if (!match) throw invalidParameter('A header line has no name');
  const [, name = '', value = ''] = match;
  if (/[^\t\x20-\x7e]/.test(value)) throw invalidParameter(`Header '${name}' must be 7-bit ASCII without controls.`);
  return { name, value };
}

function demandWholeParts(contentType: string, body: Buffer): void {
  if (!/^multipart\//i.test(contentType)) return;
  const match = /;[ \t]*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (!boundary) throw invalidParameter('A multipart message needs a boundary');
  const lines = new Set(
    body
      .toString('latin1')
      .split(/\r?\n/)
      .map((line) => line.trimEnd()),
  );
  if (lines.has(`--${boundary}`) && lines.has(`--${boundary}--`)) return;
  throw invalidParameter('A multipart message must open and close its parts with its boundary');
}

/** Folded anew at blanks (RFC 5322, section 2.2.3), because unfolding made one long line of each field. */
function folded(field: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of field.split(/(?=[ \t])/)) {
    // Never a line of blanks alone, and never one with the name alone: both are obsolete syntax.
    const mayBreak = line.trim() !== '' && (lines.length > 0 || !line.endsWith(':'));
    const isFull = mayBreak && line.length + word.length > LINE_OCTETS_ADVISED;
    if (isFull) {
      lines.push(line);
      line = '';
    }
    line += word;
  }
  return [...lines, line].join('\r\n');
}
