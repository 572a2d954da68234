import type { ActivityLog } from '../../platform/activity-log.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Page } from '../../platform/records.ts';
import { type Days, isIn, spanOf } from './days.ts';
import { type LoggedEntry, loggedEntry } from './entry.ts';

/**
 * Records of one subject that are looked at for a page: more than it shows, because some may not be told, and neither a
 * short page nor a cursor may tell that there are such.
 */
const LOOKED_AT_MAX = 200;

export interface Logged {
  readonly owner: Owner;
  readonly timeZone: string;
}
export type FoundIn<S> = LoggedEntry & { readonly subject: S };

/** Newest first, from the logs of several subjects; `end`: what is older has not been looked at. One round trip. */
export async function newestOfLogs<S extends Logged>(
  log: ActivityLog,
  subjects: readonly S[],
  days: Days,
  after: string | undefined,
): Promise<{ readonly found: readonly FoundIn<S>[]; readonly end: string | undefined }> {
  const pages = await Promise.all(
    subjects.map(async (subject) => {
      const span = spanOf(days, subject.timeZone);
      const range = { ...span, limit: LOOKED_AT_MAX, ...(after !== undefined && { after }) };
      const { items, next } = await log.ofSubject(subject.owner, range);
      const found = items.map((row) => ({ ...loggedEntry(row), subject }));
      return { next, found: found.filter(({ entry }) => isIn(span, entry.at)) };
    }),
  );
  // No log is told further back than every other one has been read: the youngest end of those that go on.
  const end = pages
    .flatMap(({ next }) => next ?? [])
    .sort()
    .at(-1);
  const found = pages
    .flatMap((page) => page.found)
    .filter(({ entry }) => end === undefined || entry.id >= end)
    .sort((one, other) => (one.entry.id < other.entry.id ? 1 : -1));
  return { found, end };
}

/** The page of those that are wanted, of all that the reader may know of. Pure. */
export function pageOf<T extends LoggedEntry>(
  told: readonly T[],
  isWanted: (one: T) => boolean,
  limit: number,
  end: string | undefined,
): Page<T> {
  const wanted = told.filter(isWanted);
  const items = wanted.slice(0, limit);
  // The next page begins behind one that the caller may know of, and looks at what may not be told again.
  const last = wanted.length > limit ? items.at(-1) : end === undefined ? undefined : told.at(-1);
  const next = last?.entry.id ?? end;
  return { items, ...(next !== undefined && { next }) };
}
