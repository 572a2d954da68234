import type { Owner } from '../../platform/entity.ts';
import { factsOf, type Known, readKnown, reasonNotToSend } from './facts.ts';
import type { Letter } from './letter.ts';
import { letterFor } from './letters.ts';
import { categoryOf, Notice, type NoticeContent } from './notice.ts';
import type { DeliveryCall } from './outbox-call.ts';
import { isGatheredByWish } from './preferences.ts';
import { isAboutRights } from './rights.ts';
import type { DigestItem } from './templates/digest.ts';
import { distributionTemplates } from './templates/distribution.ts';

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
 * A line is the heading and the action of the letter that it stands for, with its first paragraph: what follows that
 * speaks of the day on which the letter would have come. What was written to many stands nowhere else, so that it is
 * whole. What reads alike is counted.
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
  const lines = wanted.map(({ content, facts }) => lineOf(content, letterFor(content, { ...facts, isProtected })));
  return { lines: counted(lines), isProtected, canBeDeclined: wanted.some(isGathered) };
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

type Line = Gathered['lines'][number];

function lineOf({ template }: NoticeContent, { heading, paragraphs, action }: Omit<Letter, 'language'>): Line {
  const isWhole = template in distributionTemplates;
  const said = isWhole ? paragraphs : paragraphs.slice(0, 1);
  return { text: heading, paragraphs: said, ...(action && { url: action.url }) };
}

function counted(lines: readonly Line[]): Line[] {
  const counts = new Map<string, { readonly line: Line; readonly count: number }>();
  for (const line of lines) {
    const key = JSON.stringify(line);
    counts.set(key, { line, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].map(({ line, count }) =>
    count === 1 ? line : { ...line, text: `${line.text} (${count})` },
  );
}
