import * as z from 'zod';
import { AccountId, CertificateId, ErasureId, NoticeId, OrganisationId, PersonId, RequestId } from '../../http/ids.ts';
import {
  classesOf,
  entity,
  keptThroughErasure,
  type Owner,
  type RetentionClass,
  retentionClasses,
} from '../../platform/entity.ts';
import type { Pointer, PointerKey } from '../../platform/records.ts';

/**
 * Why somebody is erased: asked for, a consent taken back, a newsletter or the like no longer wanted, a term over, an
 * agreement or an account at its end.
 */
export const causes = [
  'request',
  'withdrawal',
  'unsubscribed',
  'retention',
  'agreement-end',
  'account-closed',
] as const;
export type Cause = (typeof causes)[number];

/**
 * How far the worker has come. `surveyed`: all that the cascade needs is written down where the fence does not reach.
 * `fenced`: nothing opens any more. `cascaded`: the rows are gone. `verified`: a sweep has found nothing. `answered`:
 * whoever asked has been told. `certified`: AWS itself says that nothing older can be restored.
 */
export const states = ['ordered', 'surveyed', 'fenced', 'cascaded', 'verified', 'answered', 'certified'] as const;
export type ErasureState = (typeof states)[number];

const Instant = z.iso.datetime();
const SignedCertificate = z.strictObject({
  id: CertificateId,
  /** The signed bytes, as they were: JSON in UTF-8. */
  document: z.string().max(20_000),
  keyId: z.string().max(200),
  /** base64url, ECDSA P-256 with SHA-256, DER. */
  signature: z.string().max(200),
});

/** Names of what a verification has found, at most so many: the rest is found the next time. */
export const MISSING_MAX = 40;

/** Ids, codes, counts and instants only: it is kept by law when everything else about the subject is gone. */
export const Erasure = z.strictObject({
  id: ErasureId,
  cause: z.enum(causes),
  requestId: RequestId.optional(),
  /** Only these, and shredded instead of fenced: their own term is over, the subject stays (retention). Absent: all. */
  retentionClasses: z
    .array(z.enum(Object.keys(retentionClasses) as [RetentionClass, ...RetentionClass[]]))
    .min(1)
    .optional(),
  state: z.enum(states),
  orderedAt: Instant,
  fencedAt: Instant.optional(),
  verifiedAt: Instant.optional(),
  /** What a verification found last, by store: while there is something it is `incomplete`, never done. */
  missing: z.array(z.string().max(80)).max(MISSING_MAX).optional(),
  /** Verifications that have found something, or steps that failed. */
  failures: z.int().min(0),
  /** Not tried again before. */
  nextTryAt: Instant.optional(),
  /** A subject made for this erasure: under its key lies, until all is done, what has to be known of the erased. */
  tracesId: RequestId.optional(),
  tracesErasedAt: Instant.optional(),
  /** The mail that tells of it, where no request does. */
  noticeId: NoticeId.optional(),
  /** The account that the person signed in with, and the erasure of it where this was its last link. */
  accountId: AccountId.optional(),
  accountErasureId: ErasureId.optional(),
  /** The erasure of a person that this one (of the account) follows from: it is told of there. */
  follows: ErasureId.optional(),
  /** Of an organisation: how far its persons have been ordered to be erased. */
  personsOrdered: z.strictObject({ after: PersonId.optional(), isAll: z.boolean() }).optional(),
  /** The usage data has been folded into counts (KP-12). */
  isUsageFolded: z.boolean().optional(),
  certificate: SignedCertificate.optional(),
  /** Nothing is left to be done. */
  closedAt: Instant.optional(),
});
export type Erasure = z.output<typeof Erasure>;

export const erasureEntity = entity({
  name: 'erasure',
  table: 'rights',
  sortKey: 'ERASURE',
  schema: Erasure,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to prove that everything about a person was erased',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'use',
  retentionClass: 'consent',
  exported: 'copy',
  onErasure: { keepUntil: '3 years after it last mattered', law: 'GDPR Art. 5(2), Art. 17(3)(e)' },
});

/** Where an erasure's record lies: with its subject, or with the person of a consent or request. */
export interface Place {
  readonly id: ErasureId;
  readonly owner: Owner;
  readonly holder: Owner;
}

export const erasureRef = ({ id, holder }: Pick<Place, 'id' | 'holder'>) =>
  ({ entity: erasureEntity, owner: holder, key: id }) as const;

export const JOB_KEY_PREFIX = 'ERASURE-JOB#';

export const erasurePointers = {
  /** From the id to where the record lies; kept as long as the record. */
  place: (id: ErasureId): PointerKey => ({ table: 'rights', pk: `ERASURE#${id}`, sk: 'PLACE' }),
  /** All that are not at their end: what the schedule goes through. */
  unfinished: (id: ErasureId | ''): PointerKey => ({ table: 'rights', pk: 'ERASURES', sk: id }),
  /** Writing it wakes the worker, through the stream. */
  job: ({ controller }: Owner, id: ErasureId): PointerKey => ({
    table: 'transient',
    pk: `${JOB_KEY_PREFIX}${controller}`,
    sk: id,
  }),
};

export const attributesOf = ({ owner, holder }: Pick<Place, 'owner' | 'holder'>) => ({
  controller: owner.controller,
  subject: owner.subject,
  holder: holder.subject,
});

/** The row by which the schedule finds it, with the instant before which there is nothing to do. */
export const unfinishedRow = (place: Place, nextTryAt: string | undefined): Pointer => ({
  ...erasurePointers.unfinished(place.id),
  attributes: { ...attributesOf(place), ...(nextTryAt !== undefined && { nextTryAt }) },
});

/** The place that a pointer's attributes name; undefined when there is none. Written by {@link attributesOf} alone. */
export function placeOf(id: ErasureId, attributes: Readonly<Record<string, unknown>> | undefined): Place | undefined {
  const { controller, subject, holder } = attributes ?? {};
  if (typeof controller !== 'string' || typeof subject !== 'string' || typeof holder !== 'string') return undefined;
  return { id, owner: { controller, subject } as Owner, holder: { controller, subject: holder } as Owner };
}

/** What the fence closes for ever: every class that the subject may have a key of, but what the law keeps. */
export const erasedClasses = ({ subject }: Owner): readonly RetentionClass[] =>
  classesOf(subject).filter((retentionClass) => !keptThroughErasure.includes(retentionClass));

export const isOrganisation = ({ subject }: Owner): boolean => OrganisationId.safeParse(subject).success;
export const isPerson = ({ subject }: Owner): boolean => PersonId.safeParse(subject).success;
export const isAccount = ({ subject }: Owner): boolean => AccountId.safeParse(subject).success;

/** A consent or a request: a key of its own, whose record lies with the person or account that it belongs to. */
export const isDependant = (owner: Owner): boolean => !isOrganisation(owner) && !isPerson(owner) && !isAccount(owner);
