import { MessageId, type OrganisationId, type PersonId, type ThreadId } from '../../http/ids.ts';
import { demandFreshProof } from '../access/admit.ts';
import type { FileHome } from '../files/home.ts';
import { ownerOf } from '../people/person.ts';
import { boxStore } from './box-store.ts';
import { isStaffSide, mayRead, messageRef, participantIn, threadRef } from './thread.ts';

/** The files of messages: for whoever may read the message, and takes part in the conversation still. */
export const messageFileHome: FileHome = {
  kind: 'message',
  async find({ owner, ids }, fileId, call) {
    const { records, role } = call;
    const messageId = MessageId.safeParse(ids['messageId']);
    if (!role || !messageId.success) return undefined;
    const organisationId = owner.controller as OrganisationId;
    const threadId = owner.subject as ThreadId;
    const [thread, message] = await Promise.all([
      records.getShared(threadRef(organisationId, threadId)),
      records.getShared(messageRef(organisationId, threadId, messageId.data)),
    ]);
    const me = thread && participantIn(thread.value, role.personId);
    const isStaff = role.role === 'leader' || role.role === 'staff';
    if (!thread || !me || isStaffSide(me) !== isStaff || !message || !mayRead(message.value, me.personId))
      return undefined;
    const { childId, isSensitive }: { childId: PersonId; isSensitive: boolean } = thread.value;
    const reachable = await boxStore.reachable(organisationId, [childId], call);
    const file = message.value.files.find(({ id }) => id === fileId);
    if (!file || !reachable.has(childId)) return undefined;
    if (isSensitive) demandFreshProof(call.account!, call.now);
    const subject = ownerOf(organisationId, childId);
    // The other home is not told that anything is written, and so not that it is opened.
    return { file, subject, mayInline: true, openedAs: 'thread.file-opened' };
  },
};
