export interface Element {
  readonly name: string;
  readonly children: readonly Element[];
  readonly text: string;
}

const TOKEN = /<\?[^>]*\?>|<(\/?)([\w:]+)((?:\s+[\w:]+="[^"]*")*)\s*(\/?)>|([^<]+)/gy;

/** XML without comments, CDATA and mixed content; throws for anything that is not well-formed. */
export function parseXml(xml: string): Element {
  interface Open {
    readonly name: string;
    readonly children: Element[];
    text: string;
  }
  const stack: Open[] = [{ name: '', children: [], text: '' }];
  let at = 0;
  for (const match of xml.matchAll(TOKEN)) {
    if (match.index !== at) break;
    at += match[0].length;
    const [, closing, name, , isEmpty, text] = match;
    const top = stack.at(-1)!;
    if (text !== undefined) top.text += unescaped(text);
    else if (name !== undefined && closing === '/') {
      if (top.name !== name) throw new Error(`</${name}> closes <${top.name}>`);
      stack.pop();
    } else if (name !== undefined) {
      const element: Open = { name, children: [], text: '' };
      top.children.push(element);
      if (isEmpty !== '/') stack.push(element);
    }
  }
  const [root] = stack[0]!.children;
  if (at !== xml.length || stack.length !== 1 || !root) throw new Error(`Not well-formed at ${at}`);
  return root;
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const unescaped = (text: string) =>
  text.replace(/&(\w+);|&/g, (whole, name: string | undefined) => {
    const character = name === undefined ? undefined : entities[name];
    if (character === undefined) throw new Error(`${whole} is no entity`);
    return character;
  });

/** The elements at a path of names, in their order. */
export function elementsOf(from: Element | undefined, path: string): readonly Element[] {
  return path
    .split('/')
    .reduce<readonly Element[]>(
      (found, name) => found.flatMap(({ children }) => children.filter((child) => child.name === name)),
      from ? [from] : [],
    );
}
/** The text of the first one there; empty where there is none. */
export const textAt = (from: Element | undefined, path: string): string => elementsOf(from, path)[0]?.text ?? '';
