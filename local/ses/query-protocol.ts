import { randomUUID } from 'node:crypto';
import type { Answer } from '../loopback/call-server.ts';
import { invalidParameter, type SesProblem } from './problem.ts';

/** The AWS Query protocol of SES v1: a form in, XML out. */
const NAMESPACE = 'http://ses.amazonaws.com/doc/2010-12-01/';
const MEMBERS_MAX = 1000;

export class QueryForm {
  readonly #values: URLSearchParams;

  constructor(body: Buffer) {
    this.#values = new URLSearchParams(body.toString());
  }

  optional(name: string): string | undefined {
    return this.#values.get(name) ?? undefined;
  }

  required(name: string): string {
    const value = this.#values.get(name);
    if (value) return value;
    throw invalidParameter(`Missing required parameter ${name}`);
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

export function queryAnswer(action: string, result: { readonly [name: string]: XmlContent }): Answer {
  const content = { [`${action}Result`]: result, ResponseMetadata: { RequestId: randomUUID() } };
  return xml(200, `<${action}Response xmlns="${NAMESPACE}">${rendered(content)}</${action}Response>`);
}

export function queryProblem({ code, message }: SesProblem): Answer {
  const content = { Error: { Type: 'Sender', Code: code, Message: message }, RequestId: randomUUID() };
  return xml(400, `<ErrorResponse xmlns="${NAMESPACE}">${rendered(content)}</ErrorResponse>`);
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
