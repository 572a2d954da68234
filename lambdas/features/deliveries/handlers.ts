import type { Call, RoleCaller } from '../../http/call.ts';
import { personIdsOf } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { type AccountId, NoticeId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Page, Range, Stored } from '../../platform/records.ts';
import type { Notice } from '../notices/notice.ts';
import type { UndeliverableAddress, undeliverableAddressEntity } from '../notices/undeliverable.ts';
import type { PersonRecord } from '../people/person.ts';
import { COUNTED_MAX, countsOf, mayKnowOf, type Onlooker, sentNoticeOf, statusOf } from './delivery.ts';
import type { deliveryRoutes, myDeliveryRoutes, ownAddressRoutes } from './routes.ts';

type PageRange = Pick<Range, 'limit' | 'after'>;

export interface Sent {
  readonly to: Owner;
  readonly notice: Notice;
}

/** A stop that is in force: of the address that its owner has today. */
export interface Stop {
  readonly owner: Owner;
  readonly stored: Stored<typeof undeliverableAddressEntity>;
}

export interface DeliveryStore {
  /** Notices about something, in the order in which they were written; those whose recipient is gone are left out. */
  about(about: string, range: PageRange, call: Call): Promise<Page<Sent>>;
  /** The newest first. Lines of digests have the state of their digest. */
  noticesOf(owner: Owner, range: PageRange, call: Call): Promise<Page<Notice>>;
  /** Those of the persons whom the caller may see: within the scope, and kept apart by no block. */
  seenBy(
    caller: RoleCaller,
    organisationId: OrganisationId,
    personIds: readonly PersonId[],
    call: Call,
  ): Promise<ReadonlySet<string>>;
  /** A page of the organisation's list; who has another address by now is left out. */
  undeliverable(
    organisationId: OrganisationId,
    range: PageRange,
    call: Call,
  ): Promise<Page<{ readonly person: PersonRecord; readonly stop: UndeliverableAddress }>>;
  stopsOf(owners: readonly Owner[], call: Call): Promise<readonly Stop[]>;
  lift(stop: Stop, call: Call): Promise<void>;
}

export const deliveryHandlers = (store: DeliveryStore): HandlersFor<typeof deliveryRoutes, Call> => ({
  async listNoticesAbout({ params: { organisationId }, query: { about, cursor, limit } }, call) {
    const caller = callerOf(call);
    const list: List = { name: 'notices-about', filter: { about } };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, NoticeId);
    // The first page counts them all, and is a part of what was counted.
    const range = after === undefined ? { limit: COUNTED_MAX } : { limit, after };
    const found = await store.about(about, range, call);
    const mine = found.items.filter((sent) => isFor(sent, organisationId, caller));
    // What another sent, and what nobody sent, are the same.
    if (after === undefined && mine.length === 0) throw new Problem('notices-not-found');
    const shown = mine.slice(0, limit);
    const recipients = shown.flatMap(({ to }) => PersonId.safeParse(to.subject).data ?? []);
    const seen = await store.seenBy(caller, organisationId, recipients, call);
    const next = mine.length > limit ? shown.at(-1)?.notice.id : found.next;
    return {
      items: shown.map(({ to, notice }) =>
        sentNoticeOf(notice, seen.has(to.subject) ? (to.subject as PersonId) : undefined),
      ),
      ...(next !== undefined && { next: encodeCursor(list, next) }),
      ...(after === undefined && {
        counts: { states: countsOf(mine.map(({ notice }) => notice)), isWhole: found.next === undefined },
      }),
    };
  },

  async listPersonNotices({ params: { organisationId, personId }, query: { cursor, limit } }, call) {
    const caller = callerOf(call);
    const owner: Owner = { controller: organisationId, subject: personId };
    const [answer, [stop]] = await Promise.all([
      pageOf(store, owner, { cursor, limit }, onlookerOf(caller, personId), call),
      store.stopsOf([owner], call),
    ]);
    return { ...answer, ...(stop && { undeliverableSince: stop.stored.value.since }) };
  },

  async listUndeliverableAddresses({ params: { organisationId }, query: { cursor, limit } }, call) {
    const caller = callerOf(call);
    const list: List = { name: 'undeliverable-addresses', filter: {} };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, PersonId);
    const { items, next } = await store.undeliverable(
      organisationId,
      { limit, ...(after !== undefined && { after }) },
      call,
    );
    const ids = items.map(({ person }) => person.id);
    const seen = await store.seenBy(caller, organisationId, ids, call);
    return {
      items: items
        .filter(({ person }) => seen.has(person.id))
        .map(({ person: { id: personId, kind, firstName, lastName }, stop: { address, since } }) => ({
          personId,
          kind,
          firstName,
          lastName,
          address,
          since,
        })),
      ...(next !== undefined && { next: encodeCursor(list, next) }),
    };
  },
});

export const myDeliveryHandlers = (store: DeliveryStore): HandlersFor<typeof myDeliveryRoutes, Call> => ({
  async listMyNotices({ query }, call) {
    return pageOf(store, accountOwnerOf(call), query, 'self', call);
  },
});

export const ownAddressHandlers = (
  store: DeliveryStore,
  suppressed: { remove(address: string): Promise<void> },
): HandlersFor<typeof ownAddressRoutes, Call> => ({
  async listMyUndeliverableAddresses(_, call) {
    const stops = await store.stopsOf(ownersOf(call), call);
    return {
      items: stops.map(({ owner: { controller, subject }, stored: { value } }) => ({
        ownerId: subject,
        ...(controller !== 'operator' && { organisationId: controller }),
        ...value,
      })),
    };
  },

  async resumeMail({ params: { ownerId } }, call) {
    const owners = ownersOf(call).filter(({ subject }) => subject === ownerId);
    const [stop] = await store.stopsOf(owners, call);
    if (!stop) throw new Problem('undeliverable-address-not-found');
    // Before ours: a stop of SES's own that nobody sees would stay for good.
    await suppressed.remove(stop.stored.value.address);
    await store.lift(stop, call);
  },
});

async function pageOf(
  store: DeliveryStore,
  owner: Owner,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
  as: Onlooker,
  call: Call,
) {
  const list: List = { name: 'notices', filter: { owner: owner.subject } };
  const after = cursor === undefined ? undefined : decodeCursor(list, cursor, NoticeId);
  const { items, next } = await store.noticesOf(owner, { limit, ...(after !== undefined && { after }) }, call);
  return {
    items: items.filter((notice) => mayKnowOf(notice, as)).map(statusOf),
    ...(next !== undefined && { next: encodeCursor(list, next) }),
  };
}

const isFor = ({ to, notice }: Sent, organisationId: OrganisationId, { role, personId }: RoleCaller): boolean =>
  to.controller === organisationId && (role === 'administrator' || notice.sentBy === personId);

function onlookerOf(caller: RoleCaller, personId: PersonId): Onlooker {
  if (personIdsOf(caller).includes(personId)) return 'self';
  return caller.role === 'administrator' ? 'administrator' : 'leader';
}

const ownersOf = (call: Call): Owner[] => [
  accountOwnerOf(call),
  ...(call.ownPersons ?? []).map(({ organisationId, personId }) => ({ controller: organisationId, subject: personId })),
];

/** The chain lets nobody who is not signed in reach a route for accounts. */
function accountOwnerOf({ account }: Call): Owner & { readonly subject: AccountId } {
  if (!account) throw new Error('A route for accounts without an account');
  return { controller: 'operator', subject: account.accountId };
}

/** The chain lets nobody without a role reach a route for roles. */
function callerOf(call: Call): RoleCaller {
  if (!call.role) throw new Error('A route for roles without a role');
  return call.role;
}
