import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { type OpenEventId, type OrganisationId, SignUpId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import { changed, OPEN_EVENTS_MAX, type OpenEvent, type openEventEntity, type SignUp } from './open-event.ts';
import type { openEventRoutes } from './routes.ts';

export type StoredEvent = Stored<typeof openEventEntity>;
export interface OneSignUp {
  readonly signUp: SignUp;
  readonly email: string | undefined;
}

export interface OpenEventStore {
  list(organisationId: OrganisationId, call: Call): Promise<readonly StoredEvent[]>;
  find(organisationId: OrganisationId, id: OpenEventId, call: Call): Promise<StoredEvent | undefined>;
  create<A>(organisationId: OrganisationId, event: OpenEvent, call: Call, answer: A): Promise<A>;
  /** Saves over the version that was read; the clock tells who has signed up, and lets those who wait move up. */
  save(before: StoredEvent, after: OpenEvent, call: Call): Promise<void>;
  signUps(
    event: StoredEvent,
    range: { readonly limit: number; readonly after?: string },
    call: Call,
  ): Promise<{ readonly signUps: readonly OneSignUp[]; readonly next?: string }>;
  /** False when there is none (any more). */
  cancel(event: StoredEvent, id: SignUpId, call: Call): Promise<boolean>;
}

export const openEventHandlers = (store: OpenEventStore): HandlersFor<typeof openEventRoutes, Call> => ({
  async createOpenEvent({ params: { organisationId }, body }, call) {
    const events = await store.list(organisationId, call);
    if (events.length >= OPEN_EVENTS_MAX) throw new Problem('too-many', `At most ${OPEN_EVENTS_MAX} open events.`);
    const event: OpenEvent = { ...body, id: call.newId('opn'), state: 'open', taken: 0, waiting: 0 };
    return store.create(organisationId, event, call, viewOf(organisationId, event, 1));
  },

  async listOpenEvents({ params: { organisationId } }, call) {
    const events = await store.list(organisationId, call);
    return { items: events.map(({ value, version }) => viewOf(organisationId, value, version)) };
  },

  async getOpenEvent({ params }, call) {
    const { value, version } = await existing(store, params, call);
    return viewOf(params.organisationId, value, version);
  },

  async changeOpenEvent({ params, body, ifMatch }, call) {
    const before = await existing(store, params, call);
    if (before.version !== ifMatch) throw new Problem('stale-version');
    const after = changed(before.value, body, call.now);
    await store.save(before, after, call);
    return viewOf(params.organisationId, after, ifMatch + 1);
  },

  async listSignUps({ params, query: { cursor, limit } }, call) {
    const event = await existing(store, params, call);
    const list: List = { name: 'sign-ups', filter: params };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, SignUpId);
    const page = await store.signUps(event, { limit, ...(after !== undefined && { after }) }, call);
    return {
      items: page.signUps.map(({ signUp, email }) => ({ ...signUp, ...(email !== undefined && { email }) })),
      ...(page.next !== undefined && { next: encodeCursor(list, page.next) }),
    };
  },

  async removeSignUp({ params }, call) {
    const event = await existing(store, params, call);
    if (!(await store.cancel(event, params.signUpId, call))) throw new Problem('sign-up-not-found');
  },
});

async function existing(
  store: OpenEventStore,
  { organisationId, openEventId }: { readonly organisationId: OrganisationId; readonly openEventId: OpenEventId },
  call: Call,
): Promise<StoredEvent> {
  const stored = await store.find(organisationId, openEventId, call);
  if (!stored) throw new Problem('open-event-not-found');
  return stored;
}

function viewOf(organisationId: OrganisationId, { tell: _, ...event }: OpenEvent, version: number) {
  return { ...event, version, formPath: `/o/${organisationId}/events/${event.id}` };
}
