import type { Call, RoleCaller } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import type { MessageId, OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Page, Range } from '../../platform/records.ts';
import type { Department, Group } from '../organisations/organisation.ts';
import { type AnnouncedTo, type Announcement, mayAnnounceTo, type WriterRole } from './announcement.ts';
import type { announcementRoutes } from './announcement-routes.ts';
import { type Readers, readersAs } from './inbox.ts';
import { demandRate } from './rate.ts';
import { MessageSortKey } from './thread.ts';

export interface Received {
  readonly id: MessageId;
  /** Through whom it came; absent for staff, and for whoever is served themselves. */
  readonly childId: PersonId | undefined;
  readonly at: string;
  /** As one of whom they got it. */
  readonly readers: Readers | undefined;
  readonly readAt: string | undefined;
}

type PageRange = Pick<Range, 'limit' | 'after'>;

export interface AnnouncementStore {
  /** One wave. */
  structure(
    organisationId: OrganisationId,
    call: Call,
  ): Promise<{ readonly groups: readonly Group[]; readonly departments: readonly Department[] }>;
  sentWithinTheHour(call: Call): Promise<readonly Date[]>;
  add<A>(organisationId: OrganisationId, announcement: Announcement, call: Call, answer: A): Promise<A>;
  all(organisationId: OrganisationId, range: PageRange, call: Call): Promise<Page<Announcement>>;
  /** Of one person, the newest first; one wave. */
  received(organisationId: OrganisationId, personId: PersonId, range: PageRange, call: Call): Promise<Page<Received>>;
  receivedOne(
    organisationId: OrganisationId,
    personId: PersonId,
    id: MessageId,
    call: Call,
  ): Promise<Received | undefined>;
  markRead(organisationId: OrganisationId, personId: PersonId, received: Received, call: Call): Promise<void>;
  /** In the order asked for; one wave. */
  announcements(
    organisationId: OrganisationId,
    ids: readonly MessageId[],
    call: Call,
  ): Promise<readonly (Announcement | undefined)[]>;
  /** Full names, of those who are not gone; one wave. */
  names(
    organisationId: OrganisationId,
    personIds: readonly PersonId[],
    call: Call,
  ): Promise<ReadonlyMap<PersonId, string>>;
  reachable(organisationId: OrganisationId, childIds: readonly PersonId[], call: Call): Promise<ReadonlySet<PersonId>>;
}

export const announcementHandlers = (store: AnnouncementStore): HandlersFor<typeof announcementRoutes, Call> => ({
  async announce({ params: { organisationId }, body }, call) {
    await demandRate(store, call);
    const caller = callerOf(call);
    demandReach(body.to, await store.structure(organisationId, call), caller);
    const role = caller.role as WriterRole;
    const announcement: Announcement = {
      id: call.newId('msg'),
      by: caller.personId,
      role,
      ...body,
      at: call.now.toISOString(),
      recipients: 0,
      progress: { source: 0 },
    };
    const { by, progress: _, ...shown } = announcement;
    const names = await store.names(organisationId, [by], call);
    return store.add(organisationId, announcement, call, { ...shown, by: writerOf(announcement, names) });
  },

  async listSentAnnouncements({ params: { organisationId }, query: { cursor, limit } }, call) {
    const caller = callerOf(call);
    const list: List = { name: 'sent-announcements', filter: {} };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, MessageSortKey);
    const [page, { groups }] = await Promise.all([
      store.all(organisationId, { limit, ...(after !== undefined && { after }) }, call),
      store.structure(organisationId, call),
    ]);
    const departmentOf = (id: string) => groups.find((group) => group.id === id)?.departmentId;
    const shown = page.items.filter(({ to }) => mayAnnounceTo(to, caller.scope, departmentOf));
    const names = await store.names(
      organisationId,
      shown.map(({ by }) => by),
      call,
    );
    return {
      items: shown.map(({ progress: _, ...one }) => ({ ...one, by: writerOf(one, names) })),
      ...(page.next !== undefined && { next: encodeCursor(list, page.next) }),
    };
  },

  async listAnnouncements({ params: { organisationId }, query: { cursor, limit } }, call) {
    const { personId } = callerOf(call);
    const list: List = { name: 'announcements', filter: {} };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, MessageSortKey);
    const range = { limit, ...(after !== undefined && { after }) };
    const page = await store.received(organisationId, personId, range, call);
    const mine = await stillMine(store, organisationId, page.items, call);
    const announcements = await store.announcements(
      organisationId,
      mine.map(({ id }) => id),
      call,
    );
    const writers = announcements.flatMap((one) => one?.by ?? []);
    const names = await store.names(organisationId, writers, call);
    return {
      items: mine.flatMap(({ readAt }, i) => {
        const announcement = announcements[i];
        if (!announcement) return [];
        const { id, to, subject, text, at } = announcement;
        return [
          { id, to, subject, text, at, by: writerOf(announcement, names), ...(readAt !== undefined && { readAt }) },
        ];
      }),
      ...(page.next !== undefined && { next: encodeCursor(list, page.next) }),
    };
  },

  async markAnnouncementRead({ params: { organisationId, announcementId } }, call) {
    const { personId } = callerOf(call);
    const received = await store.receivedOne(organisationId, personId, announcementId, call);
    const [mine] = received ? await stillMine(store, organisationId, [received], call) : [];
    if (!mine) throw new Problem('announcement-not-found');
    if (mine.readAt === undefined) await store.markRead(organisationId, personId, mine, call);
  },
});

/**
 * What came through a child that is kept from the caller, or is none of theirs any more, is not shown any more; and what
 * came to them as one of the staff is for their role there alone (FW-07).
 */
async function stillMine(
  store: AnnouncementStore,
  organisationId: OrganisationId,
  received: readonly Received[],
  call: Call,
): Promise<readonly Received[]> {
  const as = readersAs(callerOf(call).role);
  const inRole = received.filter(({ readers }) => readers === undefined || readers === as);
  const childIds = inRole.flatMap(({ childId }) => childId ?? []);
  const reachable = await store.reachable(organisationId, childIds, call);
  return inRole.filter(({ childId }) => childId === undefined || reachable.has(childId));
}

function demandReach(
  to: AnnouncedTo,
  { groups, departments }: Awaited<ReturnType<AnnouncementStore['structure']>>,
  { scope }: RoleCaller,
): void {
  const isThere =
    to.kind === 'organisation' || (to.kind === 'group' ? groups : departments).some(({ id }) => id === to.id);
  const departmentOf = (id: string) => groups.find((group) => group.id === id)?.departmentId;
  if (isThere && mayAnnounceTo(to, scope, departmentOf)) return;
  if (to.kind === 'organisation') throw new Problem('not-allowed');
  // 404, not 403: what lies outside one's reach is answered as if there were none.
  throw new Problem(to.kind === 'group' ? 'group-not-found' : 'department-not-found');
}

const writerOf = ({ by, role }: Announcement, names: ReadonlyMap<PersonId, string>) => {
  const name = names.get(by);
  return { role, ...(name !== undefined && { name }) };
};

/** The chain lets nobody without a role reach a route for roles. */
function callerOf(call: Call): RoleCaller {
  if (!call.role) throw new Error('A route for roles without a role');
  return call.role;
}
