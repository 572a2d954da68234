import type { Call } from '../../http/call.ts';
import type { MessageId, OrganisationId, PersonId, ThreadId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { keyOf, sharedPointers } from '../../platform/entity.ts';
import { Busy, type Change, Closed, StaleVersion } from '../../platform/records.ts';
import { guardiansOf } from '../attendance/guardians.ts';
import { claimFile, releaseFile, uploadsOf } from '../files/claim.ts';
import type { FilePlace } from '../files/home.ts';
import { queueNotice } from '../notices/notice.ts';
import { blocksBetween } from '../people/blocks.ts';
import { ownerOf, peoplePointers } from '../people/person.ts';
import { readAround } from './around.ts';
import { draftRef } from './draft.ts';
import type { MessageStore, Sending, Sent } from './handlers.ts';
import { inboxPointers, readersAs } from './inbox.ts';
import { pointSent, sentWithinTheHour } from './sent.ts';
import {
  isStaffSide,
  messageRef,
  type Participant,
  participantIn,
  type Thread,
  type ThreadMessage,
  threadMessageEntity,
  threadOwner,
  threadRef,
  waitsFor,
} from './thread.ts';

/** Times a message is decided anew because somebody else was faster. */
const DECISIONS_MAX = 8;
/** Members of staff that a team is looked for among. */
const STAFF_MAX = 200;

export const messageStore: MessageStore = {
  async settled(decide) {
    let mayTell = true;
    for (let decisions = 0; decisions < DECISIONS_MAX; decisions++) {
      try {
        return await decide(mayTell);
      } catch (error) {
        // Somebody who was to get it is being erased: read anew, they are not among those who are there.
        if (error instanceof Closed && mayTell) mayTell = false;
        else if (!(error instanceof StaleVersion)) throw error;
      }
    }
    throw new Busy('Others kept being faster');
  },

  around: (organisationId, childId, asked, { records, now }) =>
    readAround(records, organisationId, childId, { ...asked, now }),

  async everybodyAround(organisationId, childId, { records, now, role }) {
    const { pk, sk: prefix } = peoplePointers.person(organisationId, 'staff', '' as PersonId);
    const [guardians, staff] = await Promise.all([
      guardiansOf(records, organisationId, childId),
      records.pointers('core', pk, { prefix, limit: STAFF_MAX }),
    ]);
    if (staff.next !== undefined) throw new Problem('too-many', `At most ${STAFF_MAX} members of staff.`);
    const staffIds = staff.items.map(({ sk }) => sk.slice(prefix.length) as PersonId);
    const personIds = [...guardians.map(({ link }) => link.guardianId), childId];
    const asked = { personIds, staffIds: role ? [...new Set([role.personId, ...staffIds])] : staffIds, now };
    const around = await readAround(records, organisationId, childId, asked);
    return around && { around, staffIds };
  },

  thread: (organisationId, threadId, { records }) => records.getShared(threadRef(organisationId, threadId)),

  messages: (organisationId, threadId, range, { records }) =>
    records.listShared(threadMessageEntity, threadOwner(organisationId, threadId), { ...range, newestFirst: true }),

  message: (organisationId, threadId, messageId, { records }) =>
    records.getShared(messageRef(organisationId, threadId, messageId)),

  sentWithinTheHour,

  async uploads(organisationId, fileIds, { records, role }) {
    return fileIds.length === 0 ? [] : uploadsOf(records, organisationId, role!.personId, [...new Set(fileIds)]);
  },

  async send(sent, call, answer) {
    const { organisationId, around, draftId } = sent;
    const isOpen = call.role === undefined || around.persons.has(call.role.personId);
    if (!isOpen) throw new Closed('The writer objects to what is kept of conversations');
    const child = ownerOf(organisationId, around.child.id);
    const change = call.records.change();
    for (const sending of sent.sendings) {
      writeSending(change, sending, sent, call);
      const { id, messages } = sending.after;
      change.activity({
        event: messages === 1 ? 'thread.begun' : 'thread.message-written',
        subject: child,
        about: [id, sending.message.id],
        detail: { readers: sending.message.audience.length, files: sent.uploads.length },
      });
    }
    if (draftId && call.role) change.unpoint(draftKey(organisationId, call.role.personId, draftId));
    return pointSent(change, call).requireUnerased(child).commit(answer);
  },

  async saveThread({ organisationId, around, before, after, event, personId }, call, answer) {
    const change = call.records.change();
    const child = ownerOf(organisationId, around.child.id);
    change.putShared(before.ref, after, openHolders(after, { organisationId, around }), { version: before.version });
    const mine = participantIn(after, personId);
    const waiting = inboxPointers.waiting(organisationId, personId, after.id);
    if (mine) pointHeld(change, organisationId, after, mine);
    if (!mine || mine.muted || !waitsFor(mine)) change.unpoint(waiting);
    else if (event === 'kept') change.point({ ...waiting, attributes: waitingOf(mine.lastAt, after, mine) });
    return change
      .requireUnerased(child)
      .activity({ event: `thread.${event}`, subject: child, about: [after.id, personId] })
      .commit(answer);
  },

  async saveMessage(organisationId, around, { threadId, before, after }, call) {
    const change = call.records.change();
    const child = ownerOf(organisationId, around.child.id);
    const isBack = after.deletedAt !== undefined;
    if (isBack) {
      const home = homeOf(organisationId, threadId, after);
      for (const file of before.value.files) releaseFile(change, file, home, call.now);
    }
    await change
      .putShared(before.ref, after, readersOf(after, { organisationId, around }), { version: before.version })
      .requireUnerased(child)
      .activity({
        event: isBack ? 'thread.message-taken-back' : 'thread.message-edited',
        subject: child,
        about: [threadId, after.id],
      })
      .commit();
  },
};

type Here = Pick<Sent, 'organisationId' | 'around'>;

function writeSending(change: Change, { before, after, message }: Sending, sent: Sent, call: Call): void {
  const { organisationId, uploads } = sent;
  const { id: threadId, childId, isSensitive } = after;
  const home = homeOf(organisationId, threadId, message);
  const files = uploads.map((upload) => claimFile(change, upload, home));
  change
    .putShared(
      threadRef(organisationId, threadId),
      after,
      openHolders(after, sent),
      before ? { version: before.version } : 'new',
    )
    .putShared(
      messageRef(organisationId, threadId, message.id),
      { ...message, files },
      readersOf(message, sent),
      'new',
    );
  if (!before) change.point(sharedPointers.about(ownerOf(organisationId, childId), threadId));
  for (const participant of after.participants) {
    const isReached = message.audience.some(({ personId }) => personId === participant.personId);
    if (!before || isReached || participant.personId === message.by)
      pointHeld(change, organisationId, after, participant);
    if (!isReached) continue;
    if (!isStaffSide(participant)) demandNoBlock(change, organisationId, participant.personId, childId);
    if (participant.muted) continue;
    const waiting = inboxPointers.waiting(organisationId, participant.personId, threadId);
    change.point({ ...waiting, attributes: waitingOf(message.at, after, participant) });
    const was = before && participantIn(before.value, participant.personId);
    // One mail until it is read: more of them say nothing more.
    if (sent.mayTell && !(was && waitsFor(was)))
      tell(change, participant, { organisationId, threadId, childId, isSensitive, message }, call);
  }
}

const waitingOf = (at: string, { childId }: Thread, { role }: Participant) => ({
  at,
  childId,
  readers: readersAs(role),
});

/** Whoever has been erased, has restricted their data or objects can hold no share of what is sealed now. */
const openHolders = ({ participants }: Thread, here: Here) =>
  sharedBy(
    participants.map(({ personId }) => personId),
    here,
  );
const readersOf = ({ by, audience }: ThreadMessage, here: Here) =>
  sharedBy([by, ...audience.map(({ personId }) => personId)], here);

const sharedBy = (personIds: readonly PersonId[], { organisationId, around }: Here) =>
  ({
    holders: personIds.filter((id) => around.persons.has(id)).map((id) => ownerOf(organisationId, id)),
    opensWhile: 'any',
    about: [ownerOf(organisationId, around.child.id)],
  }) as const;

/** The person’s way to the thread, in the order of what was last written for or by them. */
function pointHeld(change: Change, organisationId: OrganisationId, { id, childId }: Thread, mine: Participant): void {
  const { personId, lastAt: at, archived } = mine;
  change.point({
    ...sharedPointers.held(ownerOf(organisationId, personId), id),
    attributes: { at, childId, ...(archived && { archived }) },
  });
}

/** A block that is put at this moment keeps the message from going: it is decided anew, without whom it keeps away. */
function demandNoBlock(change: Change, organisationId: OrganisationId, personId: PersonId, childId: PersonId): void {
  if (personId === childId) return;
  for (const block of blocksBetween(organisationId, [personId], childId)) {
    change.requireAbsent(block, () => new StaleVersion('A block came between'));
  }
}

interface News {
  readonly organisationId: OrganisationId;
  readonly threadId: ThreadId;
  readonly childId: PersonId;
  readonly isSensitive: boolean;
  readonly message: ThreadMessage;
}

function tell(change: Change, { personId, role }: Participant, news: News, call: Call): void {
  // Read meanwhile, it is not told any more.
  const to = { to: ownerOf(news.organisationId, personId), about: news.threadId };
  const { isSensitive, childId } = news;
  const from = news.message.role;
  // Of a guardian it is looked up again, when the mail goes, whether they may still know of the child.
  if (role === 'guardian') {
    queueNotice(change, { ...to, template: 'message-waiting', parameters: { childId, from, isSensitive } }, call);
  } else {
    queueNotice(change, { ...to, template: 'message-waiting-for-you', parameters: { from, isSensitive } }, call);
  }
}

const draftKey = (organisationId: OrganisationId, personId: PersonId, draftId: MessageId) =>
  ({ table: 'core', ...keyOf(draftRef(organisationId, personId, draftId)) }) as const;

/** Where the files of a message are at home. */
const homeOf = (organisationId: OrganisationId, threadId: ThreadId, { id }: Pick<ThreadMessage, 'id'>): FilePlace => ({
  owner: threadOwner(organisationId, threadId),
  kind: 'message',
  ids: { messageId: id },
});
