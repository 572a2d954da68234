import { type Profile, rolesOfProfile } from '../../access/roles.ts';
import { type Call, personIdsOf } from '../../http/call.ts';
import { decodeCursor, encodeCursor } from '../../http/cursor.ts';
import { ActivityRecordId, type OrganisationId, type PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Page } from '../../platform/records.ts';
import type { Days } from '../activity/days.ts';
import type { LoggedEntry } from '../activity/entry.ts';
import { namesIn } from '../activity/names.ts';
import { sentenceOf } from '../activity/sentences.ts';
import type { Logged } from '../activity/several-logs.ts';
import type { Somebody } from '../activity/somebody.ts';
import type { viewRoutes } from './routes.ts';
import { kindOf, type Look, type ReaderOfViews, type ViewKind, viewerOf } from './view.ts';

/** Somebody whose list of looks is read. */
export interface Viewed extends Logged {
  readonly as: ReaderOfViews;
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
  readonly name: string;
  readonly profile: Profile;
}

export interface Told extends LoggedEntry {
  readonly subject: Viewed;
  readonly look: Look;
}

export interface ViewFilter extends Days {
  readonly kind?: ViewKind | undefined;
}

export interface ViewStore {
  /** Undefined when there is no such person; one round trip. */
  person(organisationId: OrganisationId, personId: PersonId, call: Call): Promise<Omit<Viewed, 'as'> | undefined>;
  /** Who the caller is in each organisation; three round trips. */
  self(call: Call): Promise<{ readonly viewed: readonly Viewed[]; readonly selves: ReadonlySet<string> }>;
  /** Newest first; two round trips. `selves`: ids of all that the reader is. */
  page(
    viewed: readonly Viewed[],
    selves: ReadonlySet<string>,
    filter: ViewFilter,
    range: { readonly limit: number; readonly after: string | undefined },
    call: Call,
  ): Promise<Page<Told>>;
}

export const viewHandlers = (store: ViewStore): HandlersFor<typeof viewRoutes, Call> => ({
  async listViews({ params: { organisationId, personId }, query }, call) {
    const { cursor, limit, ...filter } = query;
    const list = { name: 'views', filter: { ...filter, personId } };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, ActivityRecordId);
    if (!call.role || !call.account) throw new Error('A route for roles without a role');
    const person = await store.person(organisationId, personId, call);
    if (!person) throw new Problem('person-not-found');
    const own = personIdsOf(call.role);
    const as = call.role.role === 'privacy-officer' ? 'officer' : own.includes(personId) ? 'self' : 'guardian';
    const selves = new Set<string>([call.account.accountId, ...own]);
    const { items, next } = await store.page([{ ...person, as }], selves, filter, { limit, after }, call);
    return {
      items: items.map((told) => viewOf(told, call)),
      ...(next !== undefined && { next: encodeCursor(list, next) }),
    };
  },

  async listMyViews({ query }, call) {
    const { cursor, limit, organisationId, ...filter } = query;
    const list = { name: 'my-views', filter: { ...filter, organisationId } };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, ActivityRecordId);
    const { viewed, selves } = await store.self(call);
    const wanted = viewed.filter((one) => organisationId === undefined || one.organisationId === organisationId);
    const { items, next } = await store.page(wanted, selves, filter, { limit, after }, call);
    return {
      items: items.map((told) => viewOf(told, call)),
      ...(next !== undefined && { next: encodeCursor(list, next) }),
    };
  },
});

function viewOf({ entry, subject, look }: Told, { language }: Call) {
  const { organisationId, personId, profile, timeZone } = subject;
  const kind = kindOf(entry.event);
  if (!kind) throw new Error('Only looks are told');
  const { by, hasHour } = viewerOf(look);
  const { kind: byKind, name, role } = by;
  const title = role && rolesOfProfile[profile][role]?.[language];
  const cast = { actorOf: () => by, subjectOf: () => about(subject) };
  return {
    organisationId,
    personId,
    day: dayIn(timeZone, new Date(entry.at)),
    ...(hasHour && { at: entry.at }),
    kind,
    by: {
      kind: byKind,
      ...(name !== undefined && { name }),
      ...(role !== undefined && { role }),
      ...(title !== undefined && { title }),
    },
    sentence: sentenceOf(entry, language, namesIn(cast, profile)),
  };
}

const about = ({ as, personId, name }: Viewed): Somebody =>
  as === 'self' ? { kind: 'you' } : { kind: 'person', personId, name };
