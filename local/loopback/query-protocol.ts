import { randomUUID } from 'node:crypto';
import type { Answer } from './call-server.ts';

/* The AWS Query protocol of SES v1 and SNS: a form in, XML out. */

const MEMBERS_MAX = 1000;

export class QueryForm {
  readonly #values: URLSearchParams;

  constructor(body: Buffer) {
    this.#values = new URLSearchParams(body.toString());
  }

  optional(name: string): string | undefined {
    return this.#values.get(name) ?? undefined;
  }

  /** The list `<name>.member.1`, `<name>.member.2`, …; `part` picks one field of each member. */
  members(name: string, part = ''): string[] {
    const members: string[] = [];
    for (let index = 1; index <= MEMBERS_MAX; index++) {
      const value = this.#values.get(`${name}.member.${index}${part && `.${part}`}`);
      if (value === null) break;
      members.push(value);
    }
    return members;
  }

  /** The map `<name>.entry.1.key` and `.value`, and so on; SNS has other words for the two in some maps. */
  entries(name: string, keyPart = 'key', valuePart = 'value'): ReadonlyMap<string, string> {
    const entries = new Map<string, string>();
    for (let index = 1; index <= MEMBERS_MAX; index++) {
      const key = this.#values.get(`${name}.entry.${index}.${keyPart}`);
      if (key === null) break;
      entries.set(key, this.#values.get(`${name}.entry.${index}.${valuePart}`) ?? '');
    }
    return entries;
  }
}

/** A map, in this protocol a row of `<entry><key/><value/></entry>`. */
export class XmlMap {
  readonly entries: readonly { readonly key: string; readonly value: XmlContent }[];

  constructor(entries: XmlMap['entries']) {
    this.entries = entries;
  }
}

/** An XML element's content: text, named children, or a list whose members each get that name. */
export type XmlContent =
  | string
  | number
  | boolean
  | readonly XmlContent[]
  | XmlMap
  | { readonly [name: string]: XmlContent };

/** `namespace`: the service's, such as `http://ses.amazonaws.com/doc/2010-12-01/`. */
export function queryAnswer(
  namespace: string,
  action: string,
  result: { readonly [name: string]: XmlContent },
): Answer {
  const content = { [`${action}Result`]: result, ResponseMetadata: { RequestId: randomUUID() } };
  return xml(200, `<${action}Response xmlns="${namespace}">${rendered(content)}</${action}Response>`);
}

/** Always the caller's fault. */
export function queryProblem(
  namespace: string,
  { code, message, status = 400 }: { readonly code: string; readonly message: string; readonly status?: number },
): Answer {
  const content = { Error: { Type: 'Sender', Code: code, Message: message }, RequestId: randomUUID() };
  return xml(status, `<ErrorResponse xmlns="${namespace}">${rendered(content)}</ErrorResponse>`);
}

function xml(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

function rendered(content: XmlContent): string {
  if (Array.isArray(content)) return content.map((member) => `<member>${rendered(member)}</member>`).join('');
  if (content instanceof XmlMap) return content.entries.map((entry) => `<entry>${rendered(entry)}</entry>`).join('');
  if (typeof content !== 'object') return escaped(String(content));
  return Object.entries(content)
    .map(([name, child]) => `<${name}>${rendered(child)}</${name}>`)
    .join('');
}

function escaped(text: string): string {
  // XML 1.0 has no way to write most control characters, and parsers refuse them.
  const writable = text.replace(/[^\P{Cc}\t\n\r]/gu, '');
  return writable.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
