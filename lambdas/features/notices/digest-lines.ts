import type { Call } from '../../http/call.ts';
import type { Owner } from '../../platform/entity.ts';
import { factsOf, type Known, readKnown, reasonNotToSend } from './facts.ts';
import type { Letter } from './letter.ts';
import { letterFor } from './letters.ts';
import { Notice, type NoticeContent } from './notice.ts';
import { whyOver } from './still-due.ts';
import type { DigestItem } from './templates/digest.ts';

/** What a digest says when it is sent. */
export interface Gathered {
  /** Empty when nothing is left to tell. */
  readonly lines: NonNullable<Letter['lines']>;
  /** A child in it has a protected address: then the whole mail names no organisation. */
  readonly isProtected: boolean;
}

/**
 * Looks at everything in a digest as if it were sent by itself: what is no longer wanted, allowed or unread is left out.
 * The words of a line are the heading and the action of the letter that it stands for; what reads alike is counted.
 */
export async function readDigest(
  { parameters }: Extract<NoticeContent, { template: 'digest' }>,
  owner: Owner,
  call: Pick<Call, 'now' | 'records'>,
  linkUrl: (token: string) => string,
): Promise<Gathered> {
  const read = await Promise.all(parameters.items.map((item) => readItem(item, owner, call)));
  const wanted = read.filter((item) => item !== undefined);
  const facts = wanted.map(({ content, known }) => factsOf(known, content, { linkUrl }));
  const isProtected = facts.some((one) => one.isProtected);
  const letters = wanted.map(({ content }, i) => letterFor(content, { ...facts[i]!, isProtected }));
  const counted = new Map<string, { readonly line: Gathered['lines'][number]; count: number }>();
  for (const { heading, action } of letters) {
    const line = { text: heading, ...(action && { url: action.url }) };
    const key = JSON.stringify(line);
    const alike = counted.get(key) ?? { line, count: 0 };
    counted.set(key, { line, count: alike.count + 1 });
  }
  const lines = [...counted.values()].map(({ line, count }) =>
    count === 1 ? line : { ...line, text: `${line.text} (${count})` },
  );
  return { lines, isProtected };
}

async function readItem(
  item: DigestItem,
  owner: Owner,
  { records, now }: Pick<Call, 'now' | 'records'>,
): Promise<{ readonly content: NoticeContent; readonly known: Known } | undefined> {
  const content = contentOf(item);
  if (!content) return undefined;
  const [known, over] = await Promise.all([
    readKnown(records, owner, content, now),
    whyOver(records, owner, content, item.about),
  ]);
  return known && !over && !reasonNotToSend({}, content, known, now) ? { content, known } : undefined;
}

/** Undefined for what no template of today takes any more. */
function contentOf({ template, parameters }: DigestItem): NoticeContent | undefined {
  const { data } = Notice.shape.content.safeParse({ template, parameters });
  return data?.template === 'done' ? undefined : data;
}
