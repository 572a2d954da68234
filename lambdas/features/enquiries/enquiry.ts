import * as z from 'zod';
import { EnquiryId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import type { Pointer, PointerKey } from '../../platform/records.ts';
import { contact, type SubmissionOf, TEXT_CHARACTERS_MAX } from '../forms/form.ts';
import { dueAt } from '../retention/policy.ts';
import { type Term, terms } from '../retention/terms.ts';

/** An enquiry that grows longer than this is better talked about. */
export const MESSAGES_MAX = 20;

const Instant = z.iso.datetime();
export const enquiryStates = ['open', 'answered', 'closed'] as const;

export const EnquiryMessage = z.strictObject({
  by: z.enum(['enquirer', 'staff']),
  /** Who of the staff; the enquirer is not told. */
  personId: PersonId.optional(),
  text: z.string().max(TEXT_CHARACTERS_MAX),
  at: Instant,
});

/** What somebody outside the organisation has asked it, and what it answered (KP-03). */
export const Enquiry = z.strictObject({
  id: EnquiryId,
  ...contact,
  language: z.enum(['nb', 'en']),
  /** `open`: it is the staff's turn. */
  state: z.enum(enquiryStates),
  messages: z.array(EnquiryMessage).min(1).max(MESSAGES_MAX),
  receivedAt: Instant,
  closedAt: Instant.optional(),
  /** Then it is erased, whatever has become of it. */
  dueAt: Instant,
});
export type Enquiry = z.output<typeof Enquiry>;

export const enquiryEntity = entity({
  name: 'enquiry',
  table: 'core',
  sortKey: 'ENQUIRY',
  schema: Enquiry,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to answer who asks the organisation something',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'request',
  exported: 'copy',
  onErasure: 'delete',
});
export const enquiryRef = (owner: Owner) => ({ entity: enquiryEntity, owner }) as const;

/** `<org>#ENQUIRIES` / `<enq>`: all that are kept, in the order in which they were written. Attribute: `state`. */
export const enquiryKey = (organisationId: OrganisationId, id: EnquiryId | '') =>
  ({ table: 'core', pk: `${organisationId}#ENQUIRIES`, sk: id }) as const satisfies PointerKey;
export const enquiryRow = (organisationId: OrganisationId, { id, state }: Enquiry): Pointer => ({
  ...enquiryKey(organisationId, id),
  attributes: { state },
});

/** Where it was asked, and for how long that organisation keeps a question at most. */
interface House {
  readonly timeZone: string;
  readonly term: Term;
}

/** Confirmed just now. Answered or not, it is kept no longer than the organisation's term (half a year). Pure. */
export function received(submission: SubmissionOf<'enquiry'>, { timeZone, term }: House, now: Date): Enquiry {
  const { id, name, phone, address, text, language } = submission;
  const receivedAt = now.toISOString();
  return {
    id,
    name,
    ...(phone !== undefined && { phone }),
    ...(address !== undefined && { address }),
    language,
    state: 'open',
    messages: [{ by: 'enquirer', text, at: receivedAt }],
    receivedAt,
    dueAt: dueAt(term, receivedAt, timeZone).toISOString(),
  };
}

/** With one more message: it is then the other's turn. Throws `wrong-state` or `too-many`. Pure. */
export function withMessage(
  enquiry: Enquiry,
  message: Pick<z.output<typeof EnquiryMessage>, 'by' | 'personId' | 'text'>,
  now: Date,
): Enquiry {
  if (enquiry.state === 'closed') throw new Problem('wrong-state', 'This enquiry is closed.');
  if (enquiry.messages.length >= MESSAGES_MAX)
    throw new Problem('too-many', `An enquiry holds ${MESSAGES_MAX} messages.`);
  return {
    ...enquiry,
    state: message.by === 'staff' ? 'answered' : 'open',
    messages: [...enquiry.messages, { ...message, at: now.toISOString() }],
  };
}

/** Kept for 30 days more, and never for longer than it would have been. Throws `wrong-state`. Pure. */
export function closed(enquiry: Enquiry, timeZone: string, now: Date): Enquiry {
  if (enquiry.state === 'closed') throw new Problem('wrong-state', 'It is closed already.');
  const closedAt = now.toISOString();
  const afterClosing = dueAt(terms['closed-enquiry'], closedAt, timeZone).toISOString();
  return { ...enquiry, state: 'closed', closedAt, dueAt: [enquiry.dueAt, afterClosing].sort()[0] ?? afterClosing };
}
