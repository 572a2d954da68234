import { type Call, personIdsOf } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import type { ActivityLog, ActivityRange, ActivityRow } from '../../platform/activity-log.ts';
import type { SubjectId } from '../../platform/entity.ts';
import type { Page } from '../../platform/records.ts';
import { accountLinkEntity } from '../accounts/account.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { blockedFor } from '../people/blocks.ts';
import { ownerOf } from '../people/person.ts';
import { isIn, monthsOf, type Span, spanOf } from './days.ts';
import { type LoggedEntry, loggedEntry } from './entry.ts';
import type { ActivityFilter, ActivityStore } from './handlers.ts';
import { readCast } from './names.ts';
import { idsOfPeopleIn } from './proof.ts';

/** Rows of one month that are looked at for a page that shows only some of them. */
const LOOKED_AT_MAX = 500;
/** What is about one subject lies in one place, whatever the month. */
const ANY_MONTH = '0000-00';

export const activityStore: ActivityStore = {
  async page(organisationId, filter, { limit, after }, call) {
    const { records, now } = call;
    const [organisation, blocked] = await Promise.all([
      records.get(organisationRef(organisationId)),
      keptAway(organisationId, call),
    ]);
    if (!organisation) return undefined;
    const { timeZone, profile } = organisation.value;
    const isKeptAway = [filter.subject, filter.person].some((id) => id !== undefined && blocked.has(id));
    const span = spanOf(filter, timeZone);
    const mayBeTold = ({ entry }: LoggedEntry) => !names(entry, blocked);
    const isWanted = ({ entry }: LoggedEntry) => isIn(span, entry.at) && isChosen(entry, filter);
    const sources = isKeptAway ? [] : sourcesOf(records.activityLog, organisationId, filter.subject, span, now);
    const looksAt = isFiltered(filter) || blocked.size > 0 ? LOOKED_AT_MAX : limit + 1;
    const wanted = { span, mayBeTold, isWanted, limit, looksAt, ...(after !== undefined && { after }) };
    const page = await newest(sources, wanted);
    return {
      ...page,
      profile,
      cast: await readCast(
        records,
        organisationId,
        page.items.map(({ entry }) => entry),
      ),
    };
  },

  async find(organisationId, id, call) {
    const [row, blocked] = await Promise.all([
      call.records.activityLog.find(organisationId, id),
      keptAway(organisationId, call),
    ]);
    const found = row && loggedEntry(row);
    return found && !names(found.entry, blocked) ? found : undefined;
  },
};

const isFiltered = ({ event, subject, person }: ActivityFilter) =>
  event !== undefined || person !== undefined || subject !== undefined;

const isChosen = (entry: LoggedEntry['entry'], { event, subject, person }: ActivityFilter) =>
  (event === undefined || entry.event === event) &&
  (subject === undefined || entry.subject === subject) &&
  (person === undefined || entry.person === person);

/** Those whom a block keeps from the reader, and their accounts, under which they act in no role; two round trips. */
async function keptAway(organisationId: OrganisationId, { records, role }: Call): Promise<ReadonlySet<string>> {
  const blocked = await blockedFor(records, organisationId, personIdsOf(role!));
  if (blocked.size === 0) return blocked;
  const owners = [...blocked].map((id) => ownerOf(organisationId, id as PersonId));
  const links = await records.getMany(owners.map((owner) => ({ entity: accountLinkEntity, owner })));
  return new Set([...blocked, ...links.flatMap((link) => link?.value.accountId ?? [])]);
}

/** A block between the reader and a person beats the reader's role: nothing that names that person, wherever it does. */
const names = (entry: LoggedEntry['entry'], ids: ReadonlySet<string>) => idsOfPeopleIn(entry).some((id) => ids.has(id));

/** Where to look, newest first: partitions of which each begins where the one before ended. */
interface Source {
  /** Orders the sources, and stands in the cursor. */
  readonly month: string;
  read(range: ActivityRange): Promise<Page<ActivityRow>>;
}

function sourcesOf(
  log: ActivityLog,
  organisationId: OrganisationId,
  subject: OrganisationId | PersonId | undefined,
  span: Span,
  now: Date,
): readonly Source[] {
  const months = monthsOf(span, now);
  if (subject === undefined)
    return months.map((month) => ({ month, read: (range) => log.inMonth(organisationId, month, range) }));
  if (months.length === 0) return [];
  const owner = { controller: organisationId, subject: subject as SubjectId };
  return [{ month: ANY_MONTH, read: (range) => log.ofSubject(owner, range) }];
}

interface Wanted {
  readonly span: Span;
  /** What may not be told is passed over: neither a short page nor a cursor shows that it is there. */
  readonly mayBeTold: (found: LoggedEntry) => boolean;
  readonly isWanted: (found: LoggedEntry) => boolean;
  readonly limit: number;
  /** Rows of one source. */
  readonly looksAt: number;
  /** `<month>#<id>` */
  readonly after?: string;
}

/**
 * The newest records that are wanted. Two round trips at most: the newest month, and if that is not enough all months
 * before it side by side. A page may hold fewer than there are; then it has a `next`.
 */
async function newest(all: readonly Source[], wanted: Wanted): Promise<Page<LoggedEntry>> {
  const { span, mayBeTold, isWanted, limit, looksAt } = wanted;
  const [fromMonth, after] = wanted.after?.split('#') ?? [];
  const sources = all.filter(({ month }) => fromMonth === undefined || month <= fromMonth);
  const read = (source: Source) =>
    source.read({
      ...span,
      limit: looksAt,
      ...(after !== undefined && source.month === fromMonth && { after }),
    });

  const items: { readonly month: string; readonly found: LoggedEntry }[] = [];
  let next: string | undefined;
  const take = ({ month }: Source, page: Page<ActivityRow>) => {
    const told = page.items.map(loggedEntry).filter(mayBeTold);
    items.push(...told.filter(isWanted).map((found) => ({ month, found })));
    if (page.next !== undefined) next = `${month}#${told.at(-1)?.entry.id ?? page.next}`;
  };

  const [first, ...rest] = sources;
  if (!first) return { items: [] };
  take(first, await read(first));
  if (next === undefined && items.length <= limit) {
    for (const [i, page] of (await Promise.all(rest.map(read))).entries()) {
      take(rest[i]!, page);
      // What is older waits until this month has been read to its end.
      if (next !== undefined) break;
    }
  }
  const last = items[limit - 1];
  if (items.length > limit && last) next = `${last.month}#${last.found.entry.id}`;
  return { items: items.slice(0, limit).map(({ found }) => found), ...(next !== undefined && { next }) };
}
