import type { Call, RoleCaller } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import type { MessageId, OrganisationId, PersonId, ThreadId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import { FRESH_PROOF_SECONDS } from '../access/admit.ts';
import {
  FOUND_MAX,
  type FoundMessage,
  LISTED_MAX,
  SEARCHED_MESSAGES_MAX,
  SEARCHED_THREADS_MAX,
  ThreadSortKey,
} from './box.ts';
import type { boxRoutes } from './box-routes.ts';
import { DRAFTS_MAX, type Draft, type draftEntity } from './draft.ts';
import type { StoredMessage, StoredThread } from './handlers.ts';
import { type Inbox, inboxAbout, readersAs } from './inbox.ts';
import type { OutOfOffice, outOfOfficeEntity } from './out-of-office.ts';
import { isFoundIn } from './search.ts';
import { isStaffSide, mayRead, type Participant, participantIn } from './thread.ts';
import { summaryOf } from './views.ts';

type StoredDraft = Stored<typeof draftEntity>;
type StoredOutOfOffice = Stored<typeof outOfOfficeEntity>;

/** The way from a person to a conversation. */
export interface Held {
  readonly threadId: ThreadId;
  readonly childId: PersonId;
  readonly at: string;
  readonly isArchived: boolean;
}

export interface BoxStore {
  /** Ids and instants; at most so many of the newest threads (by when they began). One wave. */
  held(organisationId: OrganisationId, personId: PersonId, limit: number, call: Call): Promise<readonly Held[]>;
  inbox(organisationId: OrganisationId, personId: PersonId, call: Call): Promise<Inbox>;
  /** Of these, the children within the reach of the role named, and not kept from the caller. One wave. */
  reachable(organisationId: OrganisationId, childIds: readonly PersonId[], call: Call): Promise<ReadonlySet<PersonId>>;
  /** Two waves; what is gone is left out. */
  threads(organisationId: OrganisationId, threadIds: readonly ThreadId[], call: Call): Promise<readonly StoredThread[]>;
  /** The newest of each; two waves. */
  messagesOf(
    organisationId: OrganisationId,
    threadIds: readonly ThreadId[],
    limit: number,
    call: Call,
  ): Promise<readonly (readonly StoredMessage[])[]>;
  drafts(organisationId: OrganisationId, personId: PersonId, call: Call): Promise<readonly StoredDraft[]>;
  draft(
    organisationId: OrganisationId,
    personId: PersonId,
    draftId: MessageId,
    call: Call,
  ): Promise<StoredDraft | undefined>;
  addDraft<A>(organisationId: OrganisationId, personId: PersonId, draft: Draft, call: Call, answer: A): Promise<A>;
  saveDraft(before: StoredDraft, after: Draft | undefined, call: Call): Promise<void>;
  outOfOffice(organisationId: OrganisationId, personId: PersonId, call: Call): Promise<StoredOutOfOffice | undefined>;
  saveOutOfOffice(
    place: { readonly organisationId: OrganisationId; readonly personId: PersonId },
    change: { readonly before: StoredOutOfOffice | undefined; readonly after: OutOfOffice | undefined },
    call: Call,
  ): Promise<void>;
}

export const boxHandlers = (box: BoxStore): HandlersFor<typeof boxRoutes, Call> => ({
  async listThreads({ params: { organisationId }, query: { cursor, limit, archived } }, call) {
    const caller = callerOf(call);
    const list: List = { name: 'threads', filter: { archived, role: caller.roleId } };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, ThreadSortKey);
    const held = (await box.held(organisationId, caller.personId, LISTED_MAX, call))
      .filter(({ isArchived }) => isArchived === (archived === 'true'))
      .sort((one, other) => (placeOf(one) < placeOf(other) ? 1 : -1))
      .filter((one) => after === undefined || placeOf(one) < after);
    const shown = held.slice(0, limit);
    const mine = await threadsAmong(box, organisationId, shown, call);
    return {
      items: mine.map(({ stored, me }) => summaryOf(stored.value, me, hasFreshProof(call))),
      ...(held.length > limit && { next: encodeCursor(list, placeOf(shown.at(-1)!)) }),
    };
  },

  async getInbox({ params: { organisationId } }, call) {
    const inbox = await box.inbox(organisationId, callerOf(call).personId, call);
    const childIds = inbox.items.flatMap(({ childId }) => childId ?? []);
    const reachable = await box.reachable(organisationId, childIds, call);
    const { waiting, items } = inboxAbout(inbox, readersAs(callerOf(call).role), (childId) => reachable.has(childId));
    return {
      waiting,
      items: items.map(({ id, at, childId }) => ({
        ...(isThread(id) ? { threadId: id } : { announcementId: id }),
        at,
        ...(childId && { childId }),
      })),
    };
  },

  async searchMessages({ params: { organisationId }, body: { text, childId } }, call) {
    const held = (await box.held(organisationId, callerOf(call).personId, LISTED_MAX, call))
      .filter((one) => childId === undefined || one.childId === childId)
      .sort((one, other) => (one.at < other.at ? 1 : -1));
    const among = await threadsAmong(box, organisationId, held.slice(0, SEARCHED_THREADS_MAX), call);
    const open = among.filter(({ stored }) => !stored.value.isSensitive || hasFreshProof(call));
    const ids = open.map(({ stored }) => stored.value.id);
    const messages = await box.messagesOf(organisationId, ids, SEARCHED_MESSAGES_MAX, call);
    const found = open.flatMap(({ stored, me }, i) =>
      messages[i]!.flatMap(({ value }): FoundMessage[] => {
        if (value.text === undefined || !mayRead(value, me.personId)) return [];
        const { id: threadId, childId: about, subject } = stored.value;
        if (!isFoundIn(`${subject}\n${value.text}`, text)) return [];
        return [{ threadId, childId: about, subject, messageId: value.id, at: value.at, text: value.text }];
      }),
    );
    found.sort((one, other) => (one.at < other.at ? 1 : -1));
    return { items: found.slice(0, FOUND_MAX), more: found.length > FOUND_MAX || held.length > SEARCHED_THREADS_MAX };
  },

  async createDraft({ params: { organisationId }, body }, call) {
    const { personId } = callerOf(call);
    const drafts = await box.drafts(organisationId, personId, call);
    if (drafts.length >= DRAFTS_MAX) throw new Problem('too-many', `At most ${DRAFTS_MAX} drafts.`);
    const draft: Draft = { ...body, id: call.newId('msg'), savedAt: call.now.toISOString() };
    return box.addDraft(organisationId, personId, draft, call, { ...draft, version: 1 });
  },

  async listDrafts({ params: { organisationId } }, call) {
    const drafts = await box.drafts(organisationId, callerOf(call).personId, call);
    return { items: drafts.map(({ value, version }) => ({ ...value, version })) };
  },

  async changeDraft({ params, body, ifMatch }, call) {
    const before = await draftToChange(box, params, ifMatch, call);
    const after: Draft = { ...body, id: before.value.id, savedAt: call.now.toISOString() };
    await box.saveDraft(before, after, call);
    return { ...after, version: before.version + 1 };
  },

  async removeDraft({ params, ifMatch }, call) {
    await box.saveDraft(await draftToChange(box, params, ifMatch, call), undefined, call);
  },

  async getOutOfOffice({ params: { organisationId } }, call) {
    const stored = await box.outOfOffice(organisationId, callerOf(call).personId, call);
    return { ...(stored && { period: stored.value }), version: versionOf(stored) };
  },

  async setOutOfOffice({ params: { organisationId }, body, ifMatch }, call) {
    if (body.until < body.from) {
      const errors = [{ pointer: pointer('body', 'until'), detail: 'The last day is before the first.' }];
      throw new Problem('malformed-request', undefined, { errors });
    }
    const { personId } = callerOf(call);
    const before = await box.outOfOffice(organisationId, personId, call);
    if (versionOf(before) !== ifMatch) throw new Problem('stale-version');
    await box.saveOutOfOffice({ organisationId, personId }, { before, after: body }, call);
    return { ...body, version: ifMatch + 1 };
  },

  async endOutOfOffice({ params: { organisationId }, ifMatch }, call) {
    const { personId } = callerOf(call);
    const before = await box.outOfOffice(organisationId, personId, call);
    if (!before) return;
    if (versionOf(before) !== ifMatch) throw new Problem('stale-version');
    await box.saveOutOfOffice({ organisationId, personId }, { before, after: undefined }, call);
  },
});

interface Mine {
  readonly stored: StoredThread;
  readonly me: Participant;
}

/** Of these, the threads that the role named takes part in, about children within its reach (FW-07). */
async function threadsAmong(
  box: BoxStore,
  organisationId: OrganisationId,
  held: readonly Held[],
  call: Call,
): Promise<Mine[]> {
  const caller = callerOf(call);
  const [threads, reachable] = await Promise.all([
    box.threads(
      organisationId,
      held.map(({ threadId }) => threadId),
      call,
    ),
    box.reachable(
      organisationId,
      held.map(({ childId }) => childId),
      call,
    ),
  ]);
  return threads.flatMap((stored) => {
    const me = participantIn(stored.value, caller.personId);
    const isStaff = caller.role === 'leader' || caller.role === 'staff';
    if (!me || isStaffSide(me) !== isStaff || !reachable.has(stored.value.childId)) return [];
    return [{ stored, me }];
  });
}

async function draftToChange(
  box: BoxStore,
  { organisationId, draftId }: { readonly organisationId: OrganisationId; readonly draftId: MessageId },
  ifMatch: number,
  call: Call,
): Promise<StoredDraft> {
  const before = await box.draft(organisationId, callerOf(call).personId, draftId, call);
  if (!before) throw new Problem('draft-not-found');
  if (before.version !== ifMatch) throw new Problem('stale-version');
  return before;
}

/** What was never said has a version too, so that the first word of it can be conditioned like any other. */
const versionOf = (stored: StoredOutOfOffice | undefined): number => (stored?.version ?? 0) + 1;
const placeOf = ({ at, threadId }: Held): string => `${at}#${threadId}`;
const isThread = (id: ThreadId | MessageId): id is ThreadId => id.startsWith('thr_');

const hasFreshProof = ({ account, now }: Call): boolean =>
  account !== undefined && now.getTime() / 1000 - account.authTimeEpochSeconds <= FRESH_PROOF_SECONDS;

/** The chain lets nobody without a role reach a route for roles. */
function callerOf(call: Call): RoleCaller {
  if (!call.role) throw new Error('A route for roles without a role');
  return call.role;
}
