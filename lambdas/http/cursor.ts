import { createHash } from 'node:crypto';
import * as z from 'zod';
import { pointer } from './pointer.ts';
import { Problem } from './problem.ts';
import { canonicalJson } from './strict-json.ts';

const PAGE_ITEMS_MAX = 100;
const PAGE_ITEMS_DEFAULT = 25;
const CURSOR_CHARACTERS_MAX = 512;

/** The query of a list: `z.strictObject({ ...pageQuery, … })`. */
export const pageQuery = {
  cursor: z
    .string()
    .regex(/^[\w-]+$/)
    .max(CURSOR_CHARACTERS_MAX)
    .optional()
    .meta({ description: 'The `next` of the page before; the rest of the query must be the same.' }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(PAGE_ITEMS_MAX)
    .default(PAGE_ITEMS_DEFAULT)
    .meta({ description: 'How many items a page holds at most.' }),
} as const;

/** One page of a list; `next` is absent on the last one. */
export const page = <S extends z.ZodType>(item: S) =>
  z.object({
    items: z.array(item).max(PAGE_ITEMS_MAX),
    next: z.string().optional().meta({ description: 'The cursor of the next page; absent on the last one.' }),
  });

/** Which list a cursor belongs to: its name, and the part of the query that chooses its items. */
export interface List {
  readonly name: string;
  readonly filter: Readonly<Record<string, string | number | boolean | undefined>>;
}

/**
 * An opaque cursor: the sort key where the page ended, and a digest of the list, so that a cursor of another list or
 * another filter is refused. It is no secret and no authority: the partition comes from the request, every time.
 */
export const encodeCursor = (list: List, sortKey: string): string =>
  Buffer.from(JSON.stringify([digestOf(list), sortKey])).toString('base64url');

/** The sort key to begin after. Throws `malformed-request` for a cursor that this list did not give. */
export function decodeCursor(list: List, cursor: string, sortKeySchema: z.ZodType<string>): string {
  const parsed = z.tuple([z.literal(digestOf(list)), sortKeySchema]).safeParse(jsonIn(cursor));
  if (parsed.success) return parsed.data[1];
  const errors = [{ pointer: pointer('query', 'cursor'), detail: 'This list did not give this cursor.' }];
  throw new Problem('malformed-request', undefined, { errors });
}

const DIGEST_CHARACTERS = 12;

const digestOf = ({ name, filter }: List): string =>
  createHash('sha256')
    .update(canonicalJson([name, JSON.parse(JSON.stringify(filter))]))
    .digest('base64url')
    .slice(0, DIGEST_CHARACTERS);

function jsonIn(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
