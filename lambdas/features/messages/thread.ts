import * as z from 'zod';
import { freeText, oneLine } from '../../http/free-text.ts';
import { MessageId, type OrganisationId, PersonId, ThreadId } from '../../http/ids.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import { FileView, fileView, KeptFile } from '../files/file.ts';

/** All that one transaction can tell: each gets the message, word by mail and a share of its key. */
export const PARTICIPANTS_MAX = 10;
/** In the list, with those who have been erased since. */
const LISTED_MAX = 40;
export const TEXT_CHARACTERS_MAX = 4000;
export const SUBJECT_CHARACTERS_MAX = 120;
export const FILES_MAX = 3;
/** A message may be put right, or taken back, for so long. */
export const CHANGEABLE_MINUTES = 15;

/** Where a page of messages ended. */
export const MessageSortKey = z.string().regex(/^msg_[0-9a-z]+$/);

const Instant = z.iso.datetime();
export const Subject = oneLine({ max: SUBJECT_CHARACTERS_MAX });
export const MessageText = freeText({ max: TEXT_CHARACTERS_MAX }).min(1);

/** The roles that take part; administrators have no business in what is said about a child. */
export const participantRoles = ['leader', 'staff', 'guardian', 'member'] as const;
export type ParticipantRole = (typeof participantRoles)[number];

export const Participant = z.strictObject({
  personId: PersonId,
  role: z.enum(participantRoles),
  since: Instant,
  /** The number of the newest message for them, and when anything last was for or by them; 0 before the first. */
  newestFor: z.int().min(0),
  lastAt: Instant,
  readTo: z.int().min(0),
  readAt: Instant.optional(),
  muted: z.boolean(),
  archived: z.boolean(),
});
export type Participant = z.output<typeof Participant>;

/** A conversation about a child (or another who is served), and who takes part in it. Its version guards all of it. */
export const Thread = z.strictObject({
  id: ThreadId,
  childId: PersonId,
  subject: Subject,
  /** Opened by a fresh proof of identity alone, and only hinted at in mail. */
  isSensitive: z.boolean(),
  messages: z.int().min(1),
  startedAt: Instant,
  participants: z.array(Participant).min(1).max(LISTED_MAX),
});
export type Thread = z.output<typeof Thread>;

/** As what somebody got a message. */
const Recipient = z.strictObject({ personId: PersonId, role: z.enum(participantRoles) });
export type Recipient = z.output<typeof Recipient>;

export const ThreadMessage = z.strictObject({
  id: MessageId,
  /** In the order of writing, within the thread. */
  number: z.int().min(1),
  by: PersonId,
  role: z.enum(participantRoles),
  at: Instant,
  /** Who gets it, beside the writer: nobody else ever reads it, whoever joins later. */
  audience: z.array(Recipient).max(PARTICIPANTS_MAX),
  /** What its audience may all read; absent in a message to everybody. */
  inReplyTo: MessageId.optional(),
  /** Absent when it was taken back. */
  text: z.string().max(TEXT_CHARACTERS_MAX).optional(),
  files: z.array(KeptFile).max(FILES_MAX),
  editedAt: Instant.optional(),
  deletedAt: Instant.optional(),
});
export type ThreadMessage = z.output<typeof ThreadMessage>;

/** As it stands in a person’s copy: not who else has read what. */
export const ThreadCopy = Thread.pick({ id: true, childId: true, subject: true, isSensitive: true, startedAt: true });
export const MessageCopy = ThreadMessage.pick({
  id: true,
  by: true,
  at: true,
  text: true,
  editedAt: true,
  deletedAt: true,
}).extend({
  files: z.array(FileView).max(FILES_MAX),
});
export const messageCopy = ({
  id,
  by,
  at,
  text,
  files,
  editedAt,
  deletedAt,
}: ThreadMessage): z.output<typeof MessageCopy> => ({
  id,
  by,
  at,
  ...(text !== undefined && { text }),
  files: files.map(fileView),
  ...(editedAt !== undefined && { editedAt }),
  ...(deletedAt !== undefined && { deletedAt }),
});

const declaration = {
  table: 'core',
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to let staff and families talk about a child, and nobody else listen',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'daily-life',
  exported: 'copy',
  onErasure: 'delete',
} as const;

export const messageThreadEntity = entity({
  ...declaration,
  name: 'message-thread',
  sortKey: 'THREAD',
  schema: Thread,
});
export const threadMessageEntity = entity({
  ...declaration,
  name: 'thread-message',
  sortKey: 'MESSAGE',
  schema: ThreadMessage,
});

/** A thread is about several people: its rows lie in a partition of its own, under keys that its people share. */
export const threadOwner = (organisationId: OrganisationId, threadId: ThreadId): Owner => ({
  controller: organisationId,
  subject: threadId,
});
export const threadRef = (organisationId: OrganisationId, threadId: ThreadId) =>
  ({ entity: messageThreadEntity, owner: threadOwner(organisationId, threadId) }) as const;
export const messageRef = (organisationId: OrganisationId, threadId: ThreadId, messageId: MessageId) =>
  ({ entity: threadMessageEntity, owner: threadOwner(organisationId, threadId), key: messageId }) as const;

export const isStaffSide = ({ role }: Pick<Participant, 'role'>): boolean => role === 'leader' || role === 'staff';
export const participantIn = (thread: Thread, personId: PersonId): Participant | undefined =>
  thread.participants.find((participant) => participant.personId === personId);
export const waitsFor = ({ newestFor, readTo }: Participant): boolean => newestFor > readTo;

/** Whoever wrote it, and whom it was for. */
export const mayRead = ({ by, audience }: ThreadMessage, personId: PersonId): boolean =>
  by === personId || audience.some((one) => one.personId === personId);
