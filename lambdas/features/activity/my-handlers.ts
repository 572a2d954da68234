import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor } from '../../http/cursor.ts';
import { ActivityRecordId, type ActivityRecordId as Id } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Page } from '../../platform/records.ts';
import type { TransparencyLog } from '../transparency/log.ts';
import { lineOf } from './activity.ts';
import type { Days } from './days.ts';
import type { LoggedEntry } from './entry.ts';
import type { Mine, MyLog } from './mine.ts';
import { type Cast, namesIn } from './names.ts';
import { namesNobodyElse, proofOf } from './proof.ts';
import type { myActivityRoutes } from './routes.ts';

/** A record that the caller may know of. */
export interface Told extends LoggedEntry {
  readonly subject: Mine;
  readonly cast: Cast;
}

export interface MyActivityStore {
  /** Three round trips. */
  mine(call: Call): Promise<MyLog>;
  /** Newest first, from the logs of all subjects; two round trips. */
  page(
    log: MyLog,
    filter: { readonly days: Days; readonly event: string | undefined },
    range: { readonly limit: number; readonly after?: string },
    call: Call,
  ): Promise<Page<Told>>;
  find(log: MyLog, id: Id, call: Call): Promise<Told | undefined>;
}

export const myActivityHandlers = (
  store: MyActivityStore,
  transparencyLog: TransparencyLog,
): HandlersFor<typeof myActivityRoutes, Call> => ({
  async listMyActivity({ query }, call) {
    const { cursor, limit, from, to, event, organisationId, personId } = query;
    const list = { name: 'my-activity', filter: { from, to, event, organisationId, personId } };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, ActivityRecordId);
    const log = await store.mine(call);
    const subjects = log.subjects.filter(
      (one) =>
        (organisationId === undefined || one.organisationId === organisationId) &&
        (personId === undefined || one.personId === personId),
    );
    // Somebody else's id, and one that nobody has, are the same.
    if (subjects.length === 0) throw new Problem('person-not-found');
    const range = { limit, ...(after !== undefined && { after }) };
    const { items, next } = await store.page({ ...log, subjects }, { days: { from, to }, event }, range, call);
    return {
      items: items.map((told) => myLineOf(told, call)),
      ...(next !== undefined && { next: encodeCursor(list, next) }),
    };
  },

  async getMyActivityProof({ params }, call) {
    const log = await store.mine(call);
    const told = await store.find(log, params.eventId, call);
    if (!told) throw new Problem('activity-record-not-found');
    const { subject } = told;
    const selves = new Set([...log.selves, ...(subject.personId ? [subject.personId] : [])]);
    return proofOf(told, transparencyLog, { withEntry: namesNobodyElse(told.entry, selves) });
  },
});

function myLineOf({ subject, cast, ...logged }: Told, { language }: Call) {
  const { organisationId, personId, profile } = subject;
  return {
    ...lineOf(logged, cast, namesIn(cast, profile), language),
    ...(organisationId !== undefined && { organisationId }),
    ...(personId !== undefined && { personId }),
  };
}
