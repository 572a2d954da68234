import type { Call, RoleCaller } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import type { FileId, MessageId, OrganisationId, PersonId, ThreadId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor, InputOf } from '../../http/route.ts';
import type { Page, Range, Stored } from '../../platform/records.ts';
import { demandFreshProof } from '../access/admit.ts';
import type { uploadedFileEntity } from '../files/file.ts';
import { type Around, householdsAround, isOfOneHousehold, staffIdsOf, takesPartAs, teamOf } from './around.ts';
import {
  audienceOfReply,
  demandChangeable,
  edited,
  messageToAnswer,
  newParticipant,
  takenBack,
  withMessage,
  withNewParticipant,
  withoutParticipant,
  withParticipant,
  withReadMark,
} from './decisions.ts';
import { demandRate } from './rate.ts';
import type { threadRoutes } from './routes.ts';
import {
  isStaffSide,
  MessageSortKey,
  mayRead,
  type messageThreadEntity,
  PARTICIPANTS_MAX,
  type Participant,
  type ParticipantRole,
  participantIn,
  type Recipient,
  type Thread,
  type ThreadMessage,
  type threadMessageEntity,
} from './thread.ts';
import { messageFor, threadFor } from './views.ts';

/** Messages looked at to find what an answer answers. */
const ANSWERABLE_MAX = 50;
/**
 * In one transaction of a hundred: a thread, its message, the ways to both from the child and the writer, and its record
 * for each home; the way there, that it waits and a mail (two) for everybody in each thread; and once for each person
 * their two keys, and of a guardian that no block is there. Beside that go the writer's own keys, the answer, a draft,
 * the count of the hour and the child's key.
 */
const WRITES = { max: 100, ofHome: 5, ofEachAddressed: 4, ofPerson: 2, ofGuardian: 2, ofFile: 5, besides: 8 } as const;

export type StoredThread = Stored<typeof messageThreadEntity>;
export type StoredMessage = Stored<typeof threadMessageEntity>;
export type StoredUpload = Stored<typeof uploadedFileEntity>;

/** A message on its way: the thread as it was read (absent when it begins) and as it shall be. */
export interface Sending {
  readonly before: StoredThread | undefined;
  readonly after: Thread;
  readonly message: ThreadMessage;
}

export interface Sent {
  readonly organisationId: OrganisationId;
  readonly around: Around;
  readonly sendings: readonly Sending[];
  readonly uploads: readonly StoredUpload[];
  /** Goes with it. */
  readonly draftId: MessageId | undefined;
  readonly mayTell: boolean;
}

export interface ThreadSave {
  readonly organisationId: OrganisationId;
  readonly around: Around;
  readonly before: StoredThread;
  readonly after: Thread;
  readonly event: 'joined' | 'left' | 'read' | 'kept';
  /** Whose place in the thread changes. */
  readonly personId: PersonId;
}

export interface MessageStore {
  /**
   * Decides anew while others are faster, or somebody who was to get it is gone meanwhile. `mayTell` is false once a
   * record turned out to be closed: no mail can be stored for somebody, which must not keep the message back. Throws
   * `Busy` in the end.
   */
  settled<A>(decide: (mayTell: boolean) => Promise<A>): Promise<A>;
  /** One wave. */
  around(
    organisationId: OrganisationId,
    childId: PersonId,
    asked: { readonly personIds: readonly PersonId[]; readonly staffIds: readonly PersonId[] },
    call: Call,
  ): Promise<Around | undefined>;
  /** All guardians of the child, and all staff: two waves. Throws `too-many`. */
  everybodyAround(
    organisationId: OrganisationId,
    childId: PersonId,
    call: Call,
  ): Promise<{ readonly around: Around; readonly staffIds: readonly PersonId[] } | undefined>;
  /** Two waves. */
  thread(organisationId: OrganisationId, threadId: ThreadId, call: Call): Promise<StoredThread | undefined>;
  /** Newest first; two waves. */
  messages(
    organisationId: OrganisationId,
    threadId: ThreadId,
    range: Pick<Range, 'limit' | 'after'>,
    call: Call,
  ): Promise<Page<StoredMessage>>;
  message(
    organisationId: OrganisationId,
    threadId: ThreadId,
    messageId: MessageId,
    call: Call,
  ): Promise<StoredMessage | undefined>;
  /** When the account wrote within the last hour; oldest first. */
  sentWithinTheHour(call: Call): Promise<readonly Date[]>;
  /** Throws `file-not-found` and `file-not-checked`. */
  uploads(organisationId: OrganisationId, fileIds: readonly FileId[], call: Call): Promise<readonly StoredUpload[]>;
  /** One transaction. Throws `StaleVersion` when a thread moved on meanwhile, or a block came between. */
  send<A>(sent: Sent, call: Call, answer: A): Promise<A>;
  saveThread<A>(save: ThreadSave, call: Call, answer: A): Promise<A>;
  saveMessage(
    organisationId: OrganisationId,
    around: Around,
    change: { readonly threadId: ThreadId; readonly before: StoredMessage; readonly after: ThreadMessage },
    call: Call,
  ): Promise<void>;
}

export const threadHandlers = (store: MessageStore): HandlersFor<typeof threadRoutes, Call> => ({
  async showRecipients({ params: { organisationId, personId } }, call) {
    const { around, staffIds } = await everybody(store, organisationId, personId, call);
    const away = (id: PersonId) => {
      const out = around.away.get(id);
      return out && { away: { until: out.until, text: out.text } };
    };
    const named = (id: PersonId) => {
      const person = around.persons.get(id)!;
      return { name: `${person.firstName} ${person.lastName}`, ...away(id) };
    };
    const team = teamOf(around, staffIds);
    if (!isStaff(callerOf(call))) return { shownTo: 'family', team: team.map(named) };
    return {
      shownTo: 'staff',
      team: team.map((id) => ({ personId: id, ...named(id) })),
      households: householdsAround(around).map((ids) => ids.map((id) => ({ personId: id, ...named(id) }))),
    };
  },

  async beginThread({ params: { organisationId, personId: childId }, body }, call) {
    await demandRate(store, call);
    const caller = callerOf(call);
    return store.settled(async (mayTell) => {
      const { around, staffIds } = await everybody(store, organisationId, childId, call);
      const role = takesPartAs(caller.personId, around);
      if (role === undefined || isStaffSide({ role }) !== isStaff(caller)) throw new Problem('person-not-found');
      const parties = isStaff(caller)
        ? partiesFromStaff(body, around, staffIds, caller.personId)
        : partiesFromFamily(body, around, staffIds, caller.personId);
      if (body.fileIds.length > 0 && parties.length > 1) {
        throw new Problem('too-many', 'Files go to one household at a time.');
      }
      const uploads = await store.uploads(organisationId, body.fileIds, call);
      const sendings = parties.map((party) =>
        beginning(childId, body, { personId: caller.personId, role }, party, call),
      );
      const items = sendings.map(({ after }) => threadFor(after, participantIn(after, caller.personId)!, around));
      return store.send({ organisationId, around, sendings, uploads, draftId: body.draftId, mayTell }, call, { items });
    });
  },

  async getThread({ params }, call) {
    const { stored, me, around } = await opened(store, params, call);
    return threadFor(stored.value, me, around);
  },

  async listMessages({ params, query: { cursor, limit } }, call) {
    const { organisationId, threadId } = params;
    const list: List = { name: 'messages', filter: { threadId } };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, MessageSortKey);
    const page = await store.messages(organisationId, threadId, { limit, ...(after !== undefined && { after }) }, call);
    const { stored, me, around } = await opened(store, params, call, page.items);
    const shown = page.items.filter(({ value }) => mayRead(value, me.personId));
    return {
      items: shown.map((message) => messageFor(message, me, { thread: stored.value, around })),
      ...(page.next !== undefined && { next: encodeCursor(list, page.next) }),
    };
  },

  async reply({ params, body }, call) {
    await demandRate(store, call);
    const { organisationId, threadId } = params;
    return store.settled(async (mayTell) => {
      const [newest, answered] = await Promise.all([
        store.messages(organisationId, threadId, { limit: ANSWERABLE_MAX }, call),
        body.inReplyTo && store.message(organisationId, threadId, body.inReplyTo, call),
      ]);
      const { stored, me, around } = await opened(store, params, call, newest.items);
      if (body.inReplyTo && !(answered && mayRead(answered.value, me.personId))) throw new Problem('message-not-found');
      const replied =
        answered?.value ??
        messageToAnswer(
          newest.items.map(({ value }) => value),
          me.personId,
        );
      const audience = audienceOfReply({
        thread: stored.value,
        by: me.personId,
        replied,
        toAll: body.toAll,
        isReachable: (id) => isReachable(participantIn(stored.value, id), around),
      });
      demandSomebody(audience);
      demandOneHousehold([me, ...audience], around);
      const uploads = await store.uploads(organisationId, body.fileIds, call);
      const message: ThreadMessage = {
        ...messageBy(me, audience, body.text, call),
        number: stored.value.messages + 1,
        // Of a message to everybody some may never have seen what it answers.
        ...(replied && !body.toAll && { inReplyTo: replied.id }),
      };
      const after = withMessage(stored.value, message);
      const sent = { organisationId, around, sendings: [{ before: stored, after, message }], uploads };
      const files = uploads.map(({ value }) => value);
      const shown = messageFor({ value: { ...message, files }, version: 1 }, me, { thread: after, around });
      return store.send({ ...sent, draftId: body.draftId, mayTell }, call, shown);
    });
  },

  async editMessage({ params, body, ifMatch }, call) {
    const { stored, before, me, around } = await toChange(store, params, ifMatch, call);
    const after = edited(before.value, body.text, call.now);
    await store.saveMessage(params.organisationId, around, { threadId: params.threadId, before, after }, call);
    return messageFor({ value: after, version: before.version + 1 }, me, { thread: stored.value, around });
  },

  async takeBackMessage({ params, ifMatch }, call) {
    const { before, around } = await toChange(store, params, ifMatch, call);
    const after = takenBack(before.value, call.now);
    await store.saveMessage(params.organisationId, around, { threadId: params.threadId, before, after }, call);
  },

  markRead: ({ params, body }, call) =>
    store.settled(async () => {
      const { organisationId, threadId } = params;
      const [message, { stored, me, around }] = await Promise.all([
        store.message(organisationId, threadId, body.messageId, call),
        opened(store, params, call),
      ]);
      if (!message || !mayRead(message.value, me.personId)) throw new Problem('message-not-found');
      const after = withReadMark(stored.value, me.personId, message.value.number, call.now.toISOString());
      const view = threadFor(after ?? stored.value, participantIn(after ?? stored.value, me.personId)!, around);
      if (!after) return view;
      const save = { organisationId, around, before: stored, after, event: 'read', personId: me.personId } as const;
      return store.saveThread(save, call, view);
    }),

  keepThread: ({ params, body }, call) =>
    store.settled(async () => {
      const { stored, me, around } = await opened(store, params, call);
      const mine = { ...me, ...body };
      const after = withParticipant(stored.value, mine);
      const change = { before: stored, after, event: 'kept', personId: me.personId } as const;
      return save(store, params.organisationId, around, change, call, threadFor(after, mine, around));
    }),

  addParticipant: ({ params, body: { personId } }, call) =>
    store.settled(async () => {
      const { stored, me, around } = await opened(store, params, call, [], personId);
      if (!isStaffSide(me)) throw new Problem('not-allowed', 'The staff decide who of them takes part.');
      const role = takesPartAs(personId, around);
      if (role === undefined || !isStaffSide({ role })) throw new Problem('person-not-found');
      if (participantIn(stored.value, personId)) throw new Problem('wrong-state', 'They take part already.');
      const added = { personId, role, at: call.now.toISOString() };
      const after = withNewParticipant(stored.value, added, (id) => around.persons.has(id));
      const change = { before: stored, after, event: 'joined', personId } as const;
      return save(store, params.organisationId, around, change, call, threadFor(after, me, around));
    }),

  async removeParticipant({ params }, call) {
    await store.settled(async () => {
      const { stored, me, around } = await opened(store, params, call);
      const { participantId: personId } = params;
      const after = withoutParticipant(stored.value, personId, me);
      const change = { before: stored, after, event: 'left', personId } as const;
      await save(store, params.organisationId, around, change, call, undefined);
    });
  },
});

const save = <A>(
  store: MessageStore,
  organisationId: OrganisationId,
  around: Around,
  change: Pick<ThreadSave, 'before' | 'after' | 'event' | 'personId'>,
  call: Call,
  answer: A,
): Promise<A> => store.saveThread({ organisationId, around, ...change }, call, answer);

type OfThread = InputOf<(typeof threadRoutes)['getThread']>['params'];

/**
 * The thread, for whoever takes part in it in the role named: nobody else, whatever their role, learns that it is there.
 * That the child is within the caller's reach, and not kept from them, has been decided at the gate.
 */
async function opened(
  store: MessageStore,
  { organisationId, personId: childId, threadId }: OfThread,
  call: Call,
  messages: readonly StoredMessage[] = [],
  alsoStaff?: PersonId,
): Promise<{ readonly stored: StoredThread; readonly me: Participant; readonly around: Around }> {
  const caller = callerOf(call);
  const stored = await store.thread(organisationId, threadId, call);
  const me = stored?.value.childId === childId ? participantIn(stored.value, caller.personId) : undefined;
  if (!stored || !me || isStaffSide(me) !== isStaff(caller)) throw new Problem('thread-not-found');
  if (stored.value.isSensitive) demandFreshProof(call.account!, call.now);
  const writers = messages.flatMap(({ value }) => [value.by, ...value.audience.map(({ personId }) => personId)]);
  const personIds = [...stored.value.participants.map(({ personId }) => personId), ...writers];
  const staffIds = [...staffIdsOf(stored.value.participants), ...(alsoStaff ? [alsoStaff] : [])];
  const around = await store.around(organisationId, childId, { personIds, staffIds }, call);
  if (!around) throw new Problem('thread-not-found');
  return { stored, me, around };
}

async function toChange(
  store: MessageStore,
  params: OfThread & { readonly messageId: MessageId },
  ifMatch: number,
  call: Call,
) {
  const { organisationId, threadId, messageId } = params;
  const before = await store.message(organisationId, threadId, messageId, call);
  const { stored, me, around } = await opened(store, params, call, before ? [before] : []);
  if (!before) throw new Problem('message-not-found');
  demandChangeable(before.value, me.personId, call.now);
  if (before.version !== ifMatch) throw new Problem('stale-version');
  return { stored, before, me, around };
}

async function everybody(store: MessageStore, organisationId: OrganisationId, childId: PersonId, call: Call) {
  const found = await store.everybodyAround(organisationId, childId, call);
  if (!found) throw new Problem('person-not-found');
  return found;
}

const isReachable = (participant: Participant | undefined, around: Around): boolean => {
  const role = participant && takesPartAs(participant.personId, around);
  return participant !== undefined && role !== undefined && isStaffSide({ role }) === isStaffSide(participant);
};

type Beginning = InputOf<(typeof threadRoutes)['beginThread']>['body'];
type Party = readonly Recipient[];

/** To the guardians, home by home: each home a conversation of its own, that knows nothing of the other. */
function partiesFromStaff(body: Beginning, around: Around, staffIds: readonly PersonId[], by: PersonId): Party[] {
  const { guardianIds } = body;
  const homes = householdsAround(around);
  const reachable = [...homes.flat(), ...(around.child.kind === 'member' ? [around.child.id] : [])];
  if (guardianIds?.some((id) => !reachable.includes(id))) throw new Problem('person-not-found');
  const isWanted = (id: PersonId) => guardianIds === undefined || guardianIds.includes(id);
  const families = [
    ...homes.map((home) => home.filter(isWanted).map((personId) => ({ personId, role: 'guardian' as const }))),
    ...(isWanted(around.child.id) && reachable.includes(around.child.id)
      ? [[{ personId: around.child.id, role: 'member' as const }]]
      : []),
  ].filter((family) => family.length > 0);
  demandSomebody(families);
  const team = body.withTeam ? teamOf(around, staffIds).filter((id) => id !== by) : [];
  const colleagues = team.map((personId) => ({ personId, role: 'staff' as const }));
  const parties = families.map((family) => [...family, ...colleagues]);
  demandFew(parties, body.fileIds.length);
  return parties;
}

/** To the team of the child's group, as it is at this moment. */
function partiesFromFamily(body: Beginning, around: Around, staffIds: readonly PersonId[], by: PersonId): Party[] {
  if (body.guardianIds) {
    const errors = [{ pointer: pointer('body', 'guardianIds'), detail: 'Families write to the staff.' }];
    throw new Problem('malformed-request', undefined, { errors });
  }
  const party = teamOf(around, staffIds)
    .filter((id) => id !== by)
    .map((personId) => ({ personId, role: 'staff' as const }));
  demandSomebody(party);
  demandFew([party], body.fileIds.length);
  return [party];
}

function demandSomebody(reached: readonly unknown[]): void {
  if (reached.length === 0) throw new Problem('wrong-state', 'There is nobody who could get this message now.');
}

function demandFew(parties: readonly Party[], files: number): void {
  const isTooLong = parties.some((party) => party.length + 1 > PARTICIPANTS_MAX);
  const addressed = parties.flat();
  const people = [...new Map(addressed.map((one) => [one.personId, one])).values()];
  const guardians = people.filter(({ role }) => role === 'guardian');
  const writes =
    parties.length * WRITES.ofHome +
    addressed.length * WRITES.ofEachAddressed +
    people.length * WRITES.ofPerson +
    guardians.length * WRITES.ofGuardian +
    files * WRITES.ofFile +
    WRITES.besides;
  if (!isTooLong && writes <= WRITES.max) return;
  throw new Problem('too-many', `At most ${PARTICIPANTS_MAX} take part; these homes are too many for one message.`);
}

/** They may have lived together when the conversation began. */
function demandOneHousehold(readers: readonly { readonly personId: PersonId }[], around: Around): void {
  const ids = readers.map(({ personId }) => personId);
  if (isOfOneHousehold(ids, around)) return;
  throw new Problem('wrong-state', 'This conversation does not go on for all of its people. Begin a new one.');
}

function beginning(
  childId: PersonId,
  body: Beginning,
  writer: { readonly personId: PersonId; readonly role: ParticipantRole },
  party: Party,
  call: Call,
): Sending {
  const at = call.now.toISOString();
  const message: ThreadMessage = { ...messageBy(writer, party, body.text, call), number: 1 };
  const thread: Thread = {
    id: call.newId('thr'),
    childId,
    subject: body.subject,
    isSensitive: body.isSensitive,
    messages: 1,
    startedAt: at,
    participants: [writer, ...party].map(({ personId, role }) => newParticipant({ personId, role, at })),
  };
  return { before: undefined, after: withMessage(thread, message), message };
}

const messageBy = (
  { personId, role }: { readonly personId: PersonId; readonly role: ParticipantRole },
  audience: readonly Recipient[],
  text: string,
  call: Call,
): Omit<ThreadMessage, 'number'> => ({
  id: call.newId('msg'),
  by: personId,
  role,
  at: call.now.toISOString(),
  audience: [...audience],
  text,
  files: [],
});

const isStaff = ({ role }: Pick<RoleCaller, 'role'>): boolean => role === 'leader' || role === 'staff';

/** The chain lets nobody without a role reach a route for roles. */
function callerOf(call: Call): RoleCaller {
  if (!call.role) throw new Error('A route for roles without a role');
  return call.role;
}
