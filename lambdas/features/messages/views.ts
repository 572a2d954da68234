import * as z from 'zod';
import { MessageId, PersonId, ThreadId } from '../../http/ids.ts';
import type { Stored } from '../../platform/records.ts';
import { FileView, fileView } from '../files/file.ts';
import type { PersonRecord } from '../people/person.ts';
import { type Around, householdWith } from './around.ts';
import { OutOfOffice } from './out-of-office.ts';
import {
  FILES_MAX,
  isStaffSide,
  PARTICIPANTS_MAX,
  type Participant,
  type ParticipantRole,
  participantRoles,
  Thread,
  ThreadMessage,
  type threadMessageEntity,
  waitsFor,
} from './thread.ts';

/**
 * What each side sees of a conversation. Staff see who has read what and when; families see that the staff have, and of
 * other guardians only those of their own home: no name, id or read mark of another, nor that there is one.
 */

const Away = OutOfOffice.omit({ from: true }).meta({
  id: 'Away',
  description: 'Away today, and until when: for the writer to know. No answer is sent by it.',
});
const Name = z.string().max(161).meta({ description: 'Absent for a former user.' });
const isFormer = z.boolean().meta({ description: 'Erased, or not to be shown any more: a former user.' });

/** For staff. */
const SomebodyForStaff = z.strictObject({
  personId: PersonId.optional(),
  name: Name.optional(),
  role: z.enum(participantRoles),
  isYou: z.boolean(),
  isFormer,
});
const ParticipantForStaff = SomebodyForStaff.extend({
  readTo: z.int().min(0).meta({ description: 'The number of the newest message they have read; 0: none yet.' }),
  readAt: z.iso.datetime().optional(),
  away: Away.optional(),
}).meta({ id: 'ThreadParticipant' });

/** For families: no ids. */
const SomebodyForFamily = z.strictObject({
  name: Name.optional(),
  role: z.enum(participantRoles),
  isYou: z.boolean(),
  isFormer,
});
const ParticipantForFamily = SomebodyForFamily.extend({ away: Away.optional() }).meta({ id: 'ThreadPartner' });

const shape = Thread.shape;
const thread = z.strictObject({
  id: ThreadId,
  childId: PersonId,
  /** Absent in a list where a sensitive conversation would need a fresh proof. */
  subject: shape.subject.optional(),
  isSensitive: shape.isSensitive,
  startedAt: shape.startedAt,
  lastAt: z.iso.datetime().meta({ description: 'When anything was last written by you or for you.' }),
  isWaiting: z.boolean().meta({ description: 'Something in it is for you and not read yet.' }),
  muted: z.boolean(),
  archived: z.boolean(),
});

export const ThreadSummary = thread.meta({ id: 'ThreadSummary' });
export type ThreadSummary = z.output<typeof ThreadSummary>;

export const ThreadView = z
  .discriminatedUnion('shownTo', [
    thread.extend({
      shownTo: z.literal('staff'),
      participants: z.array(ParticipantForStaff).max(PARTICIPANTS_MAX),
    }),
    thread.extend({
      shownTo: z.literal('family'),
      participants: z.array(ParticipantForFamily).max(PARTICIPANTS_MAX),
    }),
  ])
  .meta({ id: 'Thread' });
export type ThreadView = z.output<typeof ThreadView>;

const { number, at, inReplyTo, text, editedAt, deletedAt } = ThreadMessage.shape;
const message = z.strictObject({
  id: MessageId,
  at,
  inReplyTo,
  text,
  files: z.array(FileView).max(FILES_MAX),
  editedAt,
  deletedAt,
  version: z.int().min(1).meta({ description: 'The version that `If-Match` takes.' }),
});
export const MessageView = z
  .discriminatedUnion('shownTo', [
    message.extend({
      shownTo: z.literal('staff'),
      number: number.meta({ description: 'In the order of writing; what `readTo` of a participant refers to.' }),
      by: SomebodyForStaff,
      to: z.array(SomebodyForStaff).max(PARTICIPANTS_MAX),
    }),
    message.extend({
      shownTo: z.literal('family'),
      by: SomebodyForFamily,
      to: z.array(SomebodyForFamily).max(PARTICIPANTS_MAX),
      isReadByStaff: z.boolean(),
    }),
  ])
  .meta({ id: 'Message' });
export type MessageView = z.output<typeof MessageView>;

/** A thread's line in a list. Pure. */
export function summaryOf(value: Thread, me: Participant, showsSensitive: boolean): ThreadSummary {
  return {
    id: value.id,
    childId: value.childId,
    ...((showsSensitive || !value.isSensitive) && { subject: value.subject }),
    isSensitive: value.isSensitive,
    startedAt: value.startedAt,
    lastAt: me.lastAt,
    isWaiting: waitsFor(me),
    muted: me.muted,
    archived: me.archived,
  };
}

/** A thread as one who takes part sees it. Pure. */
export function threadFor(value: Thread, me: Participant, around: Around): ThreadView {
  const summary = summaryOf(value, me, true);
  const away = ({ personId }: Participant) => {
    const out = around.away.get(personId);
    return out && { away: { until: out.until, text: out.text } };
  };
  if (isStaffSide(me)) {
    const participants = value.participants.map((one) => ({
      ...forStaff(one.personId, one.role, me, around),
      readTo: one.readTo,
      ...(one.readAt !== undefined && { readAt: one.readAt }),
      ...away(one),
    }));
    return { ...summary, shownTo: 'staff', participants: participants.slice(0, PARTICIPANTS_MAX) };
  }
  const household = householdWith(me.personId, around);
  const participants = value.participants
    .filter((one) => isStaffSide(one) || household.includes(one.personId))
    .map((one) => ({ ...forFamily(one.personId, one.role, me, around), ...away(one) }));
  return { ...summary, shownTo: 'family', participants: participants.slice(0, PARTICIPANTS_MAX) };
}

/** A message that this participant may read, as they see it. Pure. */
export function messageFor(
  { value, version }: Pick<Stored<typeof threadMessageEntity>, 'value' | 'version'>,
  me: Participant,
  { thread: within, around }: { readonly thread: Thread; readonly around: Around },
): MessageView {
  const { audience, number: place } = value;
  const shown = {
    id: value.id,
    at: value.at,
    ...(value.inReplyTo !== undefined && { inReplyTo: value.inReplyTo }),
    ...(value.text !== undefined && { text: value.text }),
    files: value.files.map(fileView),
    ...(value.editedAt !== undefined && { editedAt: value.editedAt }),
    ...(value.deletedAt !== undefined && { deletedAt: value.deletedAt }),
    version,
  };
  if (isStaffSide(me)) {
    const to = audience.map(({ personId, role }) => forStaff(personId, role, me, around));
    const by = forStaff(value.by, value.role, me, around);
    return { ...shown, shownTo: 'staff', number: place, by, to };
  }
  const household = householdWith(me.personId, around);
  const isReader = (one: Participant) => audience.some(({ personId }) => personId === one.personId);
  return {
    ...shown,
    shownTo: 'family',
    by: forFamily(value.by, value.role, me, around),
    to: audience
      .filter((one) => isStaffSide(one) || household.includes(one.personId))
      .map(({ personId, role }) => forFamily(personId, role, me, around)),
    isReadByStaff: within.participants.some((one) => isStaffSide(one) && isReader(one) && one.readTo >= place),
  };
}

function forStaff(personId: PersonId, role: ParticipantRole, me: Participant, { persons }: Around) {
  const person = persons.get(personId);
  const known = person && { personId, name: fullName(person) };
  return { ...known, role, isYou: personId === me.personId, isFormer: !person };
}

/** Staff by name; of other guardians those of the reader’s own home alone. */
function forFamily(personId: PersonId, role: ParticipantRole, me: Participant, around: Around) {
  const isKnown = isStaffSide({ role }) || householdWith(me.personId, around).includes(personId);
  const person = isKnown ? around.persons.get(personId) : undefined;
  return { ...(person && { name: fullName(person) }), role, isYou: personId === me.personId, isFormer: !person };
}

const fullName = ({ firstName, lastName }: PersonRecord) => `${firstName} ${lastName}`;
