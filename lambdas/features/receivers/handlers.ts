import type { Call } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import { RECEIVERS_MAX, type Receiver, type receiverEntity } from './receiver.ts';
import type { receiverRoutes } from './routes.ts';

export type StoredReceiver = Stored<typeof receiverEntity>;
export interface Place {
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
}

export interface ReceiverStore {
  /** In their order, with the names that are open; two round trips. */
  list(place: Place, call: Call): Promise<readonly { readonly receiver: StoredReceiver; readonly name?: string }[]>;
  /** What somebody would receive as; undefined where nothing lets them. Three round trips. */
  standing(
    place: Place,
    receiverId: PersonId,
    call: Call,
  ): Promise<{ readonly isRecipient: boolean; readonly as: Receiver['as'] | undefined }>;
  get(place: Place, receiverId: PersonId, call: Call): Promise<StoredReceiver | undefined>;
  create<A>(place: Place, receiver: Receiver, call: Call, answer: A): Promise<A>;
  change(before: StoredReceiver, place: Place, after: Receiver, call: Call): Promise<void>;
  remove(before: StoredReceiver, place: Place, call: Call): Promise<void>;
}

export const receiverHandlers = (store: ReceiverStore): HandlersFor<typeof receiverRoutes, Call> => ({
  async listReceivers({ params }, call) {
    const all = await store.list(params, call);
    // What another relative may see, and when, is that one's own.
    const isOwnAlone = call.role!.role === 'guardian';
    const shown = isOwnAlone ? all.filter(({ receiver }) => receiver.value.personId === call.role!.personId) : all;
    return { items: shown.map(({ receiver, name }) => viewOf(receiver, name)) };
  },

  async addReceiver({ params, body: { hours, ...body } }, call) {
    const [{ isRecipient, as }, all] = await Promise.all([
      store.standing(params, body.personId, call),
      store.list(params, call),
    ]);
    if (!isRecipient) throw new Problem('not-a-service-recipient');
    if (!as) throw new Problem('may-not-receive');
    if (all.some(({ receiver }) => receiver.value.personId === body.personId)) {
      throw new Problem('wrong-state', 'They are a receiver already.');
    }
    if (all.length >= RECEIVERS_MAX) throw new Problem('too-many', `At most ${RECEIVERS_MAX} receivers.`);
    const receiver: Receiver = { ...body, as, ...(hours && { hours }) };
    return store.create(params, receiver, call, viewOf({ value: receiver, version: 1 }));
  },

  async changeReceiver({ params, body: { hours, ...body }, ifMatch }, call) {
    const before = await theReceiver(params, ifMatch, call, store);
    const { personId, as } = before.value;
    const after: Receiver = { personId, as, ...body, ...(hours && { hours }) };
    await store.change(before, params, after, call);
    return viewOf({ value: after, version: before.version + 1 });
  },

  async removeReceiver({ params, ifMatch }, call) {
    await store.remove(await theReceiver(params, ifMatch, call, store), params, call);
  },
});

async function theReceiver(
  { receiverId, ...place }: Place & { readonly receiverId: PersonId },
  ifMatch: number,
  call: Call,
  store: ReceiverStore,
): Promise<StoredReceiver> {
  const before = await store.get(place, receiverId, call);
  if (!before) throw new Problem('receiver-not-found');
  if (before.version !== ifMatch) throw new Problem('stale-version');
  return before;
}

const viewOf = ({ value, version }: Pick<StoredReceiver, 'value' | 'version'>, name?: string) => ({
  ...value,
  version,
  ...(name !== undefined && { name }),
});
