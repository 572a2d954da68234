import type { Owner } from '../../platform/entity.ts';
import { factsOf, type Known, readKnown, reasonNotToSend } from './facts.ts';
import type { Letter } from './letter.ts';
import { letterFor } from './letters.ts';
import { categoryOf, Notice, type NoticeContent } from './notice.ts';
import type { DeliveryCall } from './outbox-call.ts';
import { isGatheredByWish } from './preferences.ts';
import { isAboutRights } from './rights.ts';
import type { DigestItem } from './templates/digest.ts';

/** What a digest says when it is sent. */
export interface Gathered {
  /** Empty when nothing is left to tell. */
  readonly lines: NonNullable<Letter['lines']>;
  /** A child in it has a protected address: then the whole mail names no organisation. */
  readonly isProtected: boolean;
  /** Something in it is gathered because its reader wishes so, and not because the day had had its mails. */
  readonly canBeDeclined: boolean;
}

interface Wanted {
  readonly content: NoticeContent;
  readonly known: Known;
}

/**
 * Looks at everything in a digest as if it were sent by itself: what is no longer wanted, allowed or unread is left out.
 * The words of a line are the heading and the action of the letter that it stands for; what reads alike is counted.
 */
export async function readDigest(
  { parameters }: Extract<NoticeContent, { template: 'digest' }>,
  owner: Owner,
  call: Pick<DeliveryCall, 'now' | 'records' | 'throughRestriction'>,
  linkUrl: (token: string) => string,
): Promise<Gathered> {
  const read = await Promise.all(parameters.items.map((item) => readItem(item, owner, call)));
  const wanted = read
    .filter((item) => item !== undefined)
    .map((item) => ({ ...item, facts: factsOf(item.known, item.content, { linkUrl }) }));
  const isProtected = wanted.some(({ facts }) => facts.isProtected);
  const letters = wanted.map(({ content, facts }) => letterFor(content, { ...facts, isProtected }));
  return { lines: countedLines(letters), isProtected, canBeDeclined: wanted.some(isGathered) };
}

async function readItem(
  item: DigestItem,
  owner: Owner,
  { records, throughRestriction, now }: Pick<DeliveryCall, 'now' | 'records' | 'throughRestriction'>,
): Promise<Wanted | undefined> {
  const content = contentOf(item);
  if (!content) return undefined;
  const reader = isAboutRights(content.template) ? throughRestriction : records;
  const known = await readKnown(reader, owner, content, now, item.about);
  return known && !reasonNotToSend({}, content, known, now) ? { content, known } : undefined;
}

/** Undefined for what no template of today takes any more. */
function contentOf({ template, parameters }: DigestItem): NoticeContent | undefined {
  const { data } = Notice.shape.content.safeParse({ template, parameters });
  return data?.template === 'done' ? undefined : data;
}

function isGathered({ content, known: { wishes } }: Wanted): boolean {
  const category = categoryOf(content.template);
  return category !== undefined && wishes !== undefined && isGatheredByWish(category, wishes);
}

function countedLines(letters: readonly Pick<Letter, 'heading' | 'action'>[]): Gathered['lines'] {
  const counts = new Map<string, { readonly text: string; readonly url?: string; count: number }>();
  for (const { heading, action } of letters) {
    const key = JSON.stringify([heading, action?.url]);
    const alike = counts.get(key) ?? { text: heading, ...(action && { url: action.url }), count: 0 };
    counts.set(key, { ...alike, count: alike.count + 1 });
  }
  return [...counts.values()].map(({ count, text, ...line }) => ({
    text: count === 1 ? text : `${text} (${count})`,
    ...line,
  }));
}
