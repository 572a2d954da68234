import { S3Error } from './errors.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const DEPTH_MAX = 8;
export const XML_BYTES_MAX = 2 * 1024 * 1024;

/** A tree to write: an array repeats its element, `undefined` leaves it out. */
export type XmlContent =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlContent[]
  | { readonly [name: string]: XmlContent };

/** A tree that was read; `text` is what stands directly in the element. */
export interface XmlElement {
  name: string;
  text: string;
  children: XmlElement[];
}

/** Writes a document with S3's namespace, or without any (`Error` has none). */
export function renderXml(rootName: string, content: XmlContent, namespace: string | null = NAMESPACE): string {
  const attributes = namespace === null ? '' : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${rootName}${attributes}>${renderContent(content)}</${rootName}>`;
}

function renderContent(content: XmlContent): string {
  if (content === undefined) return '';
  if (typeof content !== 'object') return escapeXml(String(content));
  return Object.entries(content)
    .map(([name, value]) => renderElement(name, value))
    .join('');
}

function renderElement(name: string, value: XmlContent): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((item: XmlContent) => renderElement(name, item)).join('');
  return `<${name}>${renderContent(value)}</${name}>`;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"'\p{Cc}]/gu, (character) => `&#${character.codePointAt(0)};`);
}

const token = /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([\w.:-]+)([^<>]*?)(\/?)>|([^<]+)/gy;

/** Reads what S3's requests consist of: elements and text. Throws MalformedXML for the rest, DOCTYPE included. */
export function parseXml(source: string): XmlElement {
  const document: XmlElement = { name: '', text: '', children: [] };
  const open = [document];
  const text = source.replace(/^\uFEFF/, '');
  let end = 0;
  for (const match of text.matchAll(token)) {
    end = match.index + match[0].length;
    const [, closing, name, , selfClosing, characters] = match;
    const current = open.at(-1);
    if (!current) throw new S3Error('MalformedXML');
    if (characters !== undefined) current.text += unescapeXml(characters);
    if (name === undefined) continue;
    if (closing) {
      if (open.length === 1 || current.name !== name) throw new S3Error('MalformedXML');
      open.pop();
      continue;
    }
    const element = { name, text: '', children: [] };
    current.children.push(element);
    if (!selfClosing) open.push(element);
    if (open.length > DEPTH_MAX) throw new S3Error('MalformedXML');
  }
  const root = document.children[0];
  const isWhole = end === text.length && open.length === 1 && document.children.length === 1;
  if (!root || !isWhole || document.text.trim() !== '') throw new S3Error('MalformedXML');
  return root;
}

export function childrenNamed(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The text of the named child, or undefined where it is absent. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}

/** The text of the named child; MalformedXML where it is absent. */
export function requiredText(element: XmlElement, name: string): string {
  const text = childText(element, name);
  if (text === undefined) throw new S3Error('MalformedXML');
  return text;
}

const namedEntities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const CODE_POINT_MAX = 0x10ffff;

function unescapeXml(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);|&/gi, (_, entity: string | undefined) => {
    if (entity === undefined) throw new S3Error('MalformedXML');
    if (!entity.startsWith('#')) {
      const character = namedEntities[entity];
      if (character === undefined) throw new S3Error('MalformedXML');
      return character;
    }
    const isHex = entity[1] === 'x' || entity[1] === 'X';
    const codePoint = Number.parseInt(entity.slice(isHex ? 2 : 1), isHex ? 16 : 10);
    if (codePoint > CODE_POINT_MAX) throw new S3Error('MalformedXML');
    return String.fromCodePoint(codePoint);
  });
}
