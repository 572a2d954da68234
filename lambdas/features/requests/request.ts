import * as z from 'zod';
import { AccountId, ErasureId, ExportId, OrganisationId, PersonId, RequestId } from '../../http/ids.ts';
import { type ControllerId, entity, type Owner } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { PersonFields } from '../people/person.ts';

/** The six rights: GDPR Art. 15, 16, 17, 18, 21 and 20. */
export const rights = ['access', 'rectification', 'erasure', 'restriction', 'objection', 'portability'] as const;
export type Right = (typeof rights)[number];

/**
 * `received`: nothing has been decided about it. `identity`: it waits until staff know who asks. `planned`: the person
 * has been shown what will happen and confirms it. `incomplete`: a part has failed and is tried again; never done.
 */
export const requestStates = [
  'received',
  'identity',
  'planned',
  'awaiting-decision',
  'approved',
  'executing',
  'verifying',
  'incomplete',
  'answered',
  'refused',
  'withdrawn',
] as const;
export type RequestState = (typeof requestStates)[number];
/** Nothing more is owed. */
const closedStates: readonly RequestState[] = ['answered', 'refused', 'withdrawn'];
export const isClosed = (state: RequestState): boolean => closedStates.includes(state);

/** How it reached the controller; `account` is this API. */
export const channels = ['account', 'letter', 'e-mail', 'telephone', 'in-person'] as const;
/** How it is known who asks (Art. 12(6)). */
export const identityEvidences = [
  'fresh-proof',
  'known-in-person',
  'identity-document',
  'answer-from-registered-address',
  'call-to-registered-number',
] as const;

/** The only two grounds that the law knows (Art. 12(3)). */
export const extensionReasons = ['complexity', 'number-of-requests'] as const;
export const refusalReasons = [
  /** The person is not who they say, and could not show it (Art. 12(2) and (6)). */
  'identity-not-proven',
  /** Art. 12(5). */
  'manifestly-unfounded',
  'excessive',
  /** Art. 17(3)(b). */
  'kept-by-law',
  /** Art. 17(3)(e), 18(2), 21(1). */
  'legal-claims',
  /** Art. 21(1). */
  'compelling-grounds',
  /** Art. 15(4), 20(4), and a child's best interests. */
  'rights-of-others',
  'not-for-the-childs-good',
  /** Art. 16, 18(1)(a): what is stored is right. */
  'information-is-correct',
  'conditions-not-met',
] as const;

/** Who asks: the data subject, a guardian for a child, or someone without an account whom staff registered. */
export const AskedBy = z.discriminatedUnion('as', [
  z.strictObject({ as: z.literal('self'), accountId: AccountId }),
  z.strictObject({
    as: z.literal('guardian'),
    accountId: AccountId,
    guardianId: PersonId,
    guardianRights: z.enum(['parental-responsibility', 'information-only']),
  }),
  z.strictObject({
    as: z.literal('claim'),
    /** The member of staff who took it in: not the one who decides an erasure. */
    registeredBy: PersonId,
    /** Where a guardian asks for a child, by what the guardian may know on that day. */
    guardianId: PersonId.optional(),
    guardianRights: z.enum(['parental-responsibility', 'information-only']).optional(),
  }),
]);
export type AskedBy = z.output<typeof AskedBy>;

const Instant = z.iso.datetime();
export const EntityName = z
  .string()
  .regex(/^[a-z][a-z-]{0,40}$/)
  .meta({ examples: ['photo'] });
export const ENTITIES_MAX = 40;

/** The register's entry. Ids, codes, days and instants only: it outlives an erasure (Art. 5(2), 17(3)(e)). */
export const RequestRecord = z.strictObject({
  id: RequestId,
  right: z.enum(rights),
  subject: z.union([PersonId, AccountId]),
  askedBy: AskedBy,
  channel: z.enum(channels),
  identity: z.strictObject({ evidence: z.enum(identityEvidences), at: Instant }).optional(),
  language: z.enum(['nb', 'en']),
  /** The controller's when the request came: its terms are counted there. */
  timeZone: z.string().max(60),
  state: z.enum(requestStates),
  receivedAt: Instant,
  dueAt: Instant,
  /** What an objection is about, by the names of entities. */
  entities: z.array(EntityName).max(ENTITIES_MAX).optional(),
  extension: z.strictObject({ reason: z.enum(extensionReasons), at: Instant }).optional(),
  /** Days before `dueAt` of the warnings that have been given. */
  warned: z.array(z.int()).max(10),
  overdueSince: Instant.optional(),
  plan: z.strictObject({ at: Instant, by: PersonId.optional() }).optional(),
  confirmedAt: Instant.optional(),
  decision: z
    .strictObject({
      outcome: z.enum(['approved', 'refused']),
      at: Instant,
      by: PersonId,
      reason: z.enum(refusalReasons).optional(),
    })
    .optional(),
  /** Not before: one administrator alone has approved an erasure. */
  executesAt: Instant.optional(),
  /** A restriction or an objection works since, ends at, ended at. */
  inForceSince: Instant.optional(),
  endsAt: Instant.optional(),
  endedAt: Instant.optional(),
  exportId: ExportId.optional(),
  erasureId: ErasureId.optional(),
  /** How many guardians have been told of the request (of a child), or of a rectification (Art. 19). */
  guardiansTold: z.int().min(0).optional(),
  incompleteSince: Instant.optional(),
  incompleteToldAt: Instant.optional(),
  /** The final answer; 30 days later the request's own key is destroyed. */
  closedAt: Instant.optional(),
  textErasedAt: Instant.optional(),
  /** When the clock looks at it next; absent when it never has to. */
  nextAt: Instant.optional(),
});
export type RequestRecord = z.output<typeof RequestRecord>;

export const requestEntity = entity({
  name: 'request',
  table: 'rights',
  sortKey: 'REQUEST',
  schema: RequestRecord,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to answer requests in time, and to show that they were answered',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'consent',
  exported: 'copy',
  onErasure: { keepUntil: '3 years after it last mattered', law: 'GDPR Art. 5(2), Art. 17(3)(e)' },
});

const { firstName, lastName, email, phone, address, postcode, birthDate, position, note } = PersonFields.shape;
/** What may be proposed to be put right; what is said in words goes beside it. */
export const Proposal = z
  .strictObject({
    firstName: firstName.optional(),
    lastName: lastName.optional(),
    email: email.unwrap().nullable().optional(),
    phone: phone.unwrap().nullable().optional(),
    address: address.unwrap().nullable().optional(),
    postcode: postcode.unwrap().nullable().optional(),
    birthDate: birthDate.unwrap().nullable().optional(),
    position: position.unwrap().nullable().optional(),
    note: note.unwrap().nullable().optional(),
  })
  .meta({
    id: 'RectificationProposal',
    description: 'Only what is named is to change; `null` has it deleted. No health data.',
  });
export type Proposal = z.output<typeof Proposal>;

export const WORDS_CHARACTERS_MAX = 2000;
const Words = z.string().max(WORDS_CHARACTERS_MAX);

/** What was said, by either side: sealed under the request's own key, and gone 30 days after the final answer. */
export const RequestText = z.strictObject({
  text: Words.optional(),
  proposal: Proposal.optional(),
  extensionWords: Words.optional(),
  decisionWords: Words.optional(),
});
export type RequestText = z.output<typeof RequestText>;

export const requestTextEntity = entity({
  name: 'request-text',
  table: 'rights',
  sortKey: 'REQUEST-TEXT',
  schema: RequestText,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to understand and answer a request',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'request',
  exported: 'copy',
  onErasure: 'delete',
});

/** Where someone without an account gets the answer; destroyed once the final answer has been mailed. */
export const ReplyAddress = z.strictObject({
  email: z.email().max(254),
  language: z.enum(['nb', 'en']),
  /** Given at a form of the organisation itself: mail to it may say the organisation's name. */
  fromForm: z.literal(true).optional(),
});
export const replyAddressEntity = entity({
  name: 'reply-address',
  table: 'rights',
  sortKey: 'REPLY-ADDRESS',
  schema: ReplyAddress,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to answer someone without an account',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'request',
  exported: { not: 'it exists only until the answer has been mailed' },
  onErasure: 'delete',
});

export const requestRef = (owner: Owner, id: RequestId) => ({ entity: requestEntity, owner, key: id }) as const;
/** What only the request needs lies with the request itself, under its own key. */
export const ownerOfRequest = (controller: ControllerId, id: RequestId): Owner => ({ controller, subject: id });
export const requestTextRef = (controller: ControllerId, id: RequestId) =>
  ({ entity: requestTextEntity, owner: ownerOfRequest(controller, id) }) as const;
export const replyAddressRef = (controller: ControllerId, id: RequestId) =>
  ({ entity: replyAddressEntity, owner: ownerOfRequest(controller, id) }) as const;

const DUE_SHARDS = 4;

export const requestPointers = {
  /** From a request's id to whom it is about, for its controller. Attribute: `subject`. */
  place: (controller: ControllerId, id: RequestId): PointerKey => ({
    table: 'core',
    pk: `${controller}#REQUESTS`,
    sk: id,
  }),
  /** A controller's requests, those that are due first standing first. Attributes: `subject`, `state`. */
  byDue: (
    controller: ControllerId,
    { id, state, dueAt }: Pick<RequestRecord, 'id' | 'state' | 'dueAt'>,
  ): PointerKey => ({
    table: 'core',
    pk: `${controller}#REQUESTS-${isClosed(state) ? 'CLOSED' : 'OPEN'}`,
    sk: `${dueAt}#${id}`,
  }),
  /** From the account that asked. Attributes: `controller`, `subject`. */
  asked: (accountId: AccountId, id: RequestId | ''): PointerKey => ({
    table: 'core',
    pk: `operator#${accountId}`,
    sk: `ASKED#${id}`,
  }),
  /** Where the clock finds it: by the instant it is looked at next. Attributes: `controller`, `subject`. */
  due: (id: RequestId, nextAt: string): PointerKey => ({
    table: 'core',
    pk: duePartition(shardOf(id)),
    sk: `${nextAt}#${id}`,
  }),
};

export const dueShards = Array.from({ length: DUE_SHARDS }, (_, shard) => shard);
export const duePartition = (shard: number) => `REQUESTS-DUE#${shard}`;
/** The last characters of a ULID are chance; its alphabet begins with the digits. */
const shardOf = (id: RequestId) => (Number.parseInt(id.slice(-1), 36) || 0) % DUE_SHARDS;

/** Where a page of a controller's requests ended. */
export const RequestSortKey = z.string().regex(/^\d{4}-[\d\-T:.Z]+#req_[0-9a-z]+$/);

/** The controller that a request is put to: an organisation, or the operator for an account. */
export const Controller = z.union([OrganisationId, z.literal('operator')]).meta({
  id: 'Controller',
  description: 'The organisation, or `operator` for the account.',
});
