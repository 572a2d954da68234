import type { PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import {
  CHANGEABLE_MINUTES,
  isStaffSide,
  mayRead,
  PARTICIPANTS_MAX,
  type Participant,
  type ParticipantRole,
  participantIn,
  type Recipient,
  type Thread,
  type ThreadMessage,
} from './thread.ts';

/** What is decided about a thread; every fact comes as an argument. */

export interface ReplyFacts {
  readonly thread: Thread;
  readonly by: PersonId;
  /** What is answered; the writer may read it. Absent: the writer has nothing before them. */
  readonly replied: ThreadMessage | undefined;
  /** Said explicitly: to everybody who takes part. */
  readonly toAll: boolean;
  /** May take part today: still linked or in scope, not blocked, not erased. */
  isReachable(personId: PersonId): boolean;
}

/**
 * Who gets a reply: the sender of what is answered, or of what one wrote oneself, those who got that; everybody only
 * when said. Never anyone who is not in the thread.
 */
export function audienceOfReply({ thread, by, replied, toAll, isReachable }: ReplyFacts): Recipient[] {
  const wanted = toAll ? thread.participants.map(({ personId }) => personId) : sendersOf(replied, by);
  return thread.participants
    .filter(({ personId }) => personId !== by && wanted.includes(personId) && isReachable(personId))
    .map(({ personId, role }) => ({ personId, role }));
}

function sendersOf(replied: ThreadMessage | undefined, by: PersonId): readonly PersonId[] {
  if (!replied) return [];
  return replied.by === by ? replied.audience.map(({ personId }) => personId) : [replied.by];
}

/** The newest that the person may read and that somebody else wrote; else their own newest. */
export function messageToAnswer(messages: readonly ThreadMessage[], by: PersonId): ThreadMessage | undefined {
  const read = messages.filter((message) => mayRead(message, by) && message.deletedAt === undefined);
  const newest = [...read].sort((one, other) => other.number - one.number);
  return newest.find((message) => message.by !== by) ?? newest[0];
}

/** The thread after a message: it waits for its audience, comes back from the archive for them, and is the writer's latest. */
export const withMessage = (thread: Thread, { by, audience, at, number }: ThreadMessage): Thread => ({
  ...thread,
  messages: number,
  participants: thread.participants.map((one) => {
    if (one.personId === by) return { ...one, lastAt: at };
    return audience.some(({ personId }) => personId === one.personId)
      ? { ...one, newestFor: number, lastAt: at, archived: false }
      : one;
  }),
});

/** Read to this message, and to none before it that was read already. Undefined when that changes nothing. */
export function withReadMark(thread: Thread, personId: PersonId, number: number, at: string): Thread | undefined {
  const before = participantIn(thread, personId);
  if (!before || before.readTo >= number) return undefined;
  return withParticipant(thread, { ...before, readTo: number, readAt: at });
}

export const withParticipant = (thread: Thread, changed: Participant): Thread => ({
  ...thread,
  participants: thread.participants.map((one) => (one.personId === changed.personId ? changed : one)),
});

/** Somebody who joins reads what is written from now on. `isOpen`: not erased, not restricted. Throws `too-many`. */
export function withNewParticipant(
  thread: Thread,
  added: { readonly personId: PersonId; readonly role: ParticipantRole; readonly at: string },
  isOpen: (personId: PersonId) => boolean,
): Thread {
  const others = thread.participants.filter(({ personId }) => isOpen(personId));
  if (others.length >= PARTICIPANTS_MAX) throw new Problem('too-many', `At most ${PARTICIPANTS_MAX} take part.`);
  return { ...thread, participants: [...others, newParticipant(added)] };
}

export const newParticipant = ({
  personId,
  role,
  at,
}: {
  readonly personId: PersonId;
  readonly role: ParticipantRole;
  readonly at: string;
}): Participant => ({
  personId,
  role,
  since: at,
  newestFor: 0,
  lastAt: at,
  readTo: 0,
  muted: false,
  archived: false,
});

/**
 * Everybody may leave, and staff may take a colleague out; a guardian is never put out by anybody. Somebody of the staff
 * stays, or nobody would answer. Throws `not-allowed`, `person-not-found`, `wrong-state`.
 */
export function withoutParticipant(thread: Thread, personId: PersonId, by: Participant): Thread {
  const leaving = participantIn(thread, personId);
  const isSelf = personId === by.personId;
  // A guardian learns nothing of who else takes part by trying.
  if (!isSelf && !isStaffSide(by)) throw new Problem('not-allowed', 'You can leave a conversation, and nothing more.');
  if (!leaving) throw new Problem('person-not-found');
  if (!isSelf && !isStaffSide(leaving)) throw new Problem('not-allowed', 'Guardians leave by themselves.');
  const participants = thread.participants.filter((one) => one !== leaving);
  if (!participants.some(isStaffSide)) throw new Problem('wrong-state', 'Somebody of the staff has to stay.');
  return { ...thread, participants };
}

/** Throws `message-not-found` to whoever may not read it, `not-allowed` to whoever did not write it, `message-settled` when it is too late. */
export function demandChangeable(message: ThreadMessage, by: PersonId, now: Date): void {
  if (!mayRead(message, by)) throw new Problem('message-not-found');
  if (message.by !== by) throw new Problem('not-allowed', 'Only the writer changes a message.');
  const isTooLate = now.getTime() - Date.parse(message.at) > CHANGEABLE_MINUTES * 60_000;
  if (isTooLate || message.deletedAt !== undefined) throw new Problem('message-settled');
}

export const edited = (message: ThreadMessage, text: string, now: Date): ThreadMessage => ({
  ...message,
  text,
  editedAt: now.toISOString(),
});

/** What stays is that there was one. */
export const takenBack = ({ text: _, ...message }: ThreadMessage, now: Date): ThreadMessage => ({
  ...message,
  files: [],
  deletedAt: now.toISOString(),
});
