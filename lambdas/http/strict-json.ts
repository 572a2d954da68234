import { pointer } from './pointer.ts';
import { Problem } from './problem.ts';

export const BODY_BYTES_MAX = 256 * 1024;
export const DEPTH_MAX = 20;

const dangerousKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * JSON as RFC 8259 allows it and RFC 7493 (I-JSON) narrows it: UTF-8, no duplicate names, no lone surrogates; beyond
 * that no NUL, no name that could reach a prototype, no more than `DEPTH_MAX` levels. Throws `body-too-large` or
 * `malformed-request`, whose pointer names the place and never the value.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  if (bytes.byteLength > BODY_BYTES_MAX) throw new Problem('body-too-large');
  const text = decodeUtf8(bytes);
  const value = parse(text);
  // The grammar is JSON.parse's; what it does not tell (a name given twice) is read from the text, which is valid now.
  scan(text);
  return value;
}

/** The same text for the same JSON value: names sorted, no white space. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refused([], 'The body is not valid UTF-8.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not the parser's own words: they quote the text.
    throw refused([], 'The body is not JSON.');
  }
}

type Level = { readonly names: Set<string> | undefined; at: string | number };

/** Walks the strings and brackets of a valid JSON text; everything between them is of no interest here. */
function scan(text: string): void {
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;
  const levels: Level[] = [];
  const path = () => levels.map(({ at }) => at);
  let expectsName = false;

  for (const [lexeme] of text.matchAll(token)) {
    const level = levels.at(-1);
    if (lexeme === '{' || lexeme === '[') {
      if (levels.length === DEPTH_MAX) throw refused(path(), `More than ${DEPTH_MAX} levels.`);
      levels.push(lexeme === '{' ? { names: new Set(), at: '' } : { names: undefined, at: 0 });
      expectsName = lexeme === '{';
    } else if (lexeme === '}' || lexeme === ']') {
      levels.pop();
      expectsName = false;
    } else if (lexeme === ',') {
      if (typeof level?.at === 'number') level.at++;
      expectsName = true;
    } else if (lexeme === ':') {
      expectsName = false;
    } else if (expectsName && level?.names) {
      level.at = unquoted(lexeme);
      checkName(level.at, level.names, path());
      level.names.add(level.at);
    } else {
      checkText(unquoted(lexeme), path());
    }
  }
}

const unquoted = (lexeme: string): string => (lexeme.includes('\\') ? String(JSON.parse(lexeme)) : lexeme.slice(1, -1));

function checkName(name: string, seen: ReadonlySet<string>, path: readonly (string | number)[]): void {
  if (seen.has(name)) throw refused(path, 'This field is given twice.');
  if (dangerousKeys.has(name)) throw refused(path, 'This name is not allowed.');
  checkText(name, path);
}

function checkText(text: string, path: readonly (string | number)[]): void {
  if (!text.isWellFormed()) throw refused(path, 'Half a surrogate pair is not a character.');
  if (text.includes('\0')) throw refused(path, 'NUL is not allowed.');
}

const refused = (path: readonly (string | number)[], detail: string): Problem =>
  new Problem('malformed-request', undefined, { errors: [{ pointer: pointer('body', ...path), detail }] });
