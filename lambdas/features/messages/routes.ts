import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { FileId, MessageId, PersonId, ThreadId } from '../../http/ids.ts';
import { ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { LINKS_MAX } from '../people/person.ts';
import { OutOfOffice } from './out-of-office.ts';
import { CHANGEABLE_MINUTES, FILES_MAX, MessageText, Subject } from './thread.ts';
import { MessageView, ThreadView } from './views.ts';

const ofThread = ofPerson.extend({ threadId: ThreadId });
const ofMessage = ofThread.extend({ messageId: MessageId });
const threadPath = '/v1/organisations/{organisationId}/people/{personId}/threads/{threadId}';

const STAFF_SHOWN_MAX = 200;

const reading = [...readingRecords, 'activity:append'] as const;

const attached = {
  fileIds: z.array(FileId).max(FILES_MAX).default([]).meta({ description: 'Uploaded by you, checked, and not used.' }),
  draftId: MessageId.optional().meta({ description: 'A draft of yours that is sent with this: it is removed.' }),
} as const;

const Colleague = z.strictObject({
  personId: PersonId,
  name: z.string().max(161),
  away: OutOfOffice.omit({ from: true }).optional(),
});
const Reached = z
  .discriminatedUnion('shownTo', [
    z.strictObject({
      shownTo: z.literal('staff'),
      households: z.array(z.array(Colleague).max(LINKS_MAX)).max(LINKS_MAX),
      team: z.array(Colleague).max(STAFF_SHOWN_MAX),
    }),
    z.strictObject({
      shownTo: z.literal('family'),
      team: z.array(Colleague.omit({ personId: true })).max(STAFF_SHOWN_MAX),
    }),
  ])
  .meta({ id: 'MessageRecipients' });

const whoReads =
  'Whoever takes part reads it, and nobody else: no leader and no administrator over a shoulder. A sensitive ' +
  'conversation takes a sign-in of the last five minutes.';

export const threadRoutes = {
  showRecipients: {
    summary: 'Show who a message about a child would reach',
    description:
      'For staff: the guardians, home by home (each home gets a conversation of its own), and the team of the child’s ' +
      'group. For families: the team. With who is away.',
    tag: 'Messages',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/message-recipients',
    access: rolesThatMay('thread:use'),
    params: ofPerson,
    success: { status: 200, body: Reached },
    problems: ['too-many'],
    needs: reading,
    reads: 'messages',
  },
  beginThread: {
    summary: 'Begin a conversation about a child',
    description:
      'Staff write to the guardians: one conversation for each home, none of which shows that there is another. ' +
      'Families write to the staff of the child’s group as it is now; who joins the group later takes part only when ' +
      'somebody of them adds them. Whoever gets it is told by mail that something waits, once until it is read.',
    tag: 'Messages',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/threads',
    access: rolesThatMay('thread:use'),
    params: ofPerson,
    body: z
      .strictObject({
        subject: Subject,
        text: MessageText,
        isSensitive: z.boolean().default(false),
        guardianIds: z
          .array(PersonId)
          .min(1)
          .max(LINKS_MAX)
          .optional()
          .meta({ description: 'For staff: to these guardians alone; absent: to all that may be written to.' }),
        withTeam: z.boolean().default(false).meta({ description: 'For staff: colleagues of the group take part.' }),
        ...attached,
      })
      .meta({ id: 'NewThread' }),
    success: { status: 201, body: z.strictObject({ items: z.array(ThreadView).min(1).max(LINKS_MAX) }) },
    problems: ['wrong-state', 'too-many', 'too-many-requests', 'file-not-found', 'file-not-checked'],
    needs: changingRecords,
    creates: true,
  },
  getThread: {
    summary: 'Read who takes part in a conversation',
    description: whoReads,
    tag: 'Messages',
    method: 'GET',
    path: threadPath,
    access: rolesThatMay('thread:use'),
    params: ofThread,
    success: { status: 200, body: ThreadView },
    problems: ['thread-not-found', 'fresh-proof-required'],
    needs: reading,
    reads: 'messages',
  },
  listMessages: {
    summary: 'Read the messages of a conversation',
    description: `Newest first; those that were for you or by you. ${whoReads}`,
    tag: 'Messages',
    method: 'GET',
    path: `${threadPath}/messages`,
    access: rolesThatMay('thread:use'),
    params: ofThread,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(MessageView) },
    problems: ['thread-not-found', 'fresh-proof-required'],
    needs: reading,
    reads: 'messages',
  },
  reply: {
    summary: 'Answer in a conversation',
    description:
      'Goes to the sender of what it answers (the newest that somebody wrote to you, unless named), and to all of the ' +
      'conversation only with `toAll`. Never to anyone who does not take part.',
    tag: 'Messages',
    method: 'POST',
    path: `${threadPath}/messages`,
    access: rolesThatMay('thread:use'),
    params: ofThread,
    body: z
      .strictObject({
        text: MessageText,
        toAll: z.boolean().default(false),
        inReplyTo: MessageId.optional(),
        ...attached,
      })
      .meta({ id: 'NewMessage' }),
    success: { status: 201, body: MessageView },
    problems: [
      'thread-not-found',
      'message-not-found',
      'wrong-state',
      'too-many-requests',
      'fresh-proof-required',
      'file-not-found',
      'file-not-checked',
    ],
    needs: changingRecords,
    creates: true,
    versioned: true,
  },
  editMessage: {
    summary: 'Change a message of your own',
    description: `Within ${CHANGEABLE_MINUTES} minutes; that it was changed is shown.`,
    tag: 'Messages',
    method: 'PATCH',
    path: `${threadPath}/messages/{messageId}`,
    access: rolesThatMay('thread:use'),
    params: ofMessage,
    body: z.strictObject({ text: MessageText }).meta({ id: 'MessageChange' }),
    success: { status: 200, body: MessageView },
    problems: ['thread-not-found', 'message-not-found', 'message-settled', 'fresh-proof-required'],
    needs: changingRecords,
    versioned: true,
  },
  takeBackMessage: {
    summary: 'Take a message of your own back',
    description: `Within ${CHANGEABLE_MINUTES} minutes. Its text and files are gone; that there was one stays.`,
    tag: 'Messages',
    method: 'DELETE',
    path: `${threadPath}/messages/{messageId}`,
    access: rolesThatMay('thread:use'),
    params: ofMessage,
    success: { status: 204 },
    problems: ['thread-not-found', 'message-not-found', 'message-settled', 'fresh-proof-required'],
    needs: changingRecords,
    versioned: true,
  },
  markRead: {
    summary: 'Say how far you have read',
    description: 'Staff see who has read what, and when; families see that the staff have.',
    tag: 'Messages',
    method: 'PUT',
    path: `${threadPath}/read-mark`,
    access: rolesThatMay('thread:use'),
    params: ofThread,
    body: z.strictObject({ messageId: MessageId }).meta({ id: 'ReadMark' }),
    success: { status: 200, body: ThreadView },
    problems: ['thread-not-found', 'message-not-found', 'fresh-proof-required'],
    needs: changingRecords,
  },
  keepThread: {
    summary: 'Mute or archive a conversation for yourself',
    description:
      'Muted: no mail, and it is not counted as waiting. Archived: out of the list until the next message. ' +
      'Nobody else sees it.',
    tag: 'Messages',
    method: 'PUT',
    path: `${threadPath}/settings`,
    access: rolesThatMay('thread:use'),
    params: ofThread,
    body: z.strictObject({ muted: z.boolean(), archived: z.boolean() }).meta({ id: 'ThreadSettings' }),
    success: { status: 200, body: ThreadView },
    problems: ['thread-not-found', 'fresh-proof-required'],
    needs: changingRecords,
  },
  addParticipant: {
    summary: 'Let a colleague take part',
    description:
      'By staff who take part; for staff whose role reaches the child. They read what is written from now on, and ' +
      'nothing that was written before.',
    tag: 'Messages',
    method: 'POST',
    path: `${threadPath}/participants`,
    access: rolesThatMay('thread:use'),
    params: ofThread,
    body: z.strictObject({ personId: PersonId }).meta({ id: 'NewParticipant' }),
    success: { status: 201, body: ThreadView },
    problems: ['thread-not-found', 'not-allowed', 'wrong-state', 'too-many', 'fresh-proof-required'],
    needs: changingRecords,
    creates: true,
  },
  removeParticipant: {
    summary: 'Leave a conversation, or take a colleague out',
    description: 'Whoever leaves reads nothing of it any more. Guardians leave by themselves; one of the staff stays.',
    tag: 'Messages',
    method: 'DELETE',
    path: `${threadPath}/participants/{participantId}`,
    access: rolesThatMay('thread:use'),
    params: ofThread.extend({ participantId: PersonId }),
    success: { status: 204 },
    problems: ['thread-not-found', 'wrong-state', 'fresh-proof-required'],
    needs: changingRecords,
  },
} as const satisfies Routes;
