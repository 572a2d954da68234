import * as z from 'zod';
import { freeText } from '../../http/free-text.ts';
import { ExportId, PersonId, RequestId } from '../../http/ids.ts';
import { type ControllerId, entity, type Owner, type SubjectId } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { terms } from '../retention/terms.ts';

/** An export can be fetched for seven days, and is never shown after that, swept or not. */
export const EXPORT_KEPT_SECONDS = terms.export.length.days * 24 * 60 * 60;
/** While it is made, or waits for the controller: longer than any request may take (GDPR Art. 12(3): three months). */
export const EXPORT_PENDING_SECONDS = 100 * 24 * 60 * 60;
/** Tried so often it is given up: its request is incomplete then, and orders another one (features/requests/clock.ts). */
export const ATTEMPTS_MAX = 5;
/** Texts that the controller decides about in one export. */
export const TEXTS_MAX = 500;
const REPLACEMENT_CHARACTERS_MAX = 2000;

const guardianRightsToExport = ['parental-responsibility', 'information-only'] as const;

/**
 * Whom it is for. A guardian with parental responsibility gets the child's data and its portable part, one who is only
 * to be informed gets the copy; neither gets what is the other guardian's. A claim is for someone without an account.
 */
export const Audience = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('self') }),
  z.strictObject({
    kind: z.literal('guardian'),
    guardianId: PersonId,
    rights: z.enum(guardianRightsToExport),
  }),
  /** `guardian`: where it is a guardian without an account who asks for a child. */
  z.strictObject({
    kind: z.literal('claim'),
    guardian: z.strictObject({ guardianId: PersonId, rights: z.enum(guardianRightsToExport) }).optional(),
  }),
]);
export type Audience = z.output<typeof Audience>;

/** The guardian who gets it for a child, with or without an account; undefined for whoever gets their own. */
export function guardianIn(audience: Audience) {
  if (audience.kind === 'guardian') return audience;
  return audience.kind === 'claim' ? audience.guardian : undefined;
}
/** Who is only to be informed gets a copy (Art. 15), and nothing to take along (Art. 20). */
export const isPortableFor = (audience: Audience): boolean => guardianIn(audience)?.rights !== 'information-only';

/** Why something is left out, with its law: GDPR Art. 15(4), and personopplysningsloven § 16 first paragraph. */
export const redactionReasons = ['rights-of-others', 'secrecy-by-law', 'health-or-close-relations'] as const;
export type RedactionReason = (typeof redactionReasons)[number];

/** SHA-256 in hex of a text as it stood when it was decided about: another text needs another decision. */
export const TextDigest = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({
    id: 'TextDigest',
    description: 'SHA-256, in hex.',
    examples: ['9f86d081884c7d659a2feaa0c55ad015'.repeat(2)],
  });

/** What the controller decided about one text in which others could be named. */
export const TextDecision = z.discriminatedUnion('shown', [
  z.strictObject({ digest: TextDigest, shown: z.literal('whole') }),
  z.strictObject({
    digest: TextDigest,
    shown: z.literal('in-part'),
    text: freeText({ max: REPLACEMENT_CHARACTERS_MAX }),
    reason: z.enum(redactionReasons),
  }),
  z.strictObject({ digest: TextDigest, shown: z.literal('not'), reason: z.enum(redactionReasons) }),
]);
export type TextDecision = z.output<typeof TextDecision>;

const exportStates = ['ordered', 'awaiting-redaction', 'ready', 'failed'] as const;

export const ExportRecord = z.strictObject({
  id: ExportId,
  state: z.enum(exportStates),
  audience: Audience,
  /** Whose data it is; where a claim's export is sealed under the request, its owner does not say so. */
  subject: z.string().regex(/^(per|acc)_[0-9a-z]{26}$/),
  requestId: RequestId.optional(),
  language: z.enum(['nb', 'en']),
  orderedAt: z.iso.datetime(),
  attempts: z.int().min(0).max(ATTEMPTS_MAX),
  decisions: z.array(TextDecision).max(TEXTS_MAX).optional(),
  readyAt: z.iso.datetime().optional(),
  expiresAt: z.iso.datetime().optional(),
  bytes: z.int().min(1).optional(),
});
export type ExportRecord = z.output<typeof ExportRecord>;

/** Lies with whose key seals the file: the person or account, or the request of someone without an account. */
export const exportEntity = entity({
  name: 'export',
  table: 'transient',
  sortKey: 'EXPORT',
  schema: ExportRecord,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to hand a person a copy of what is held about them',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'use',
  retentionClass: 'export',
  exported: { not: 'it is the export itself, and is gone after seven days' },
  onErasure: 'delete',
});

export const exportRef = (holder: Owner, id: ExportId) => ({ entity: exportEntity, owner: holder, key: id }) as const;

/** Under whose class key `export` the record and the file are sealed: they die with it. */
export function holderOf(owner: Owner, audience: Audience, requestId: RequestId | undefined): Owner {
  if (audience.kind !== 'claim') return owner;
  if (requestId === undefined) throw new Error('An export for a claim without its request');
  return { controller: owner.controller, subject: requestId };
}

/** Who fetches it: the one it is about, or the child's guardian. */
export const receiverOf = ({ controller, subject }: Owner, audience: Audience): Owner =>
  audience.kind === 'guardian' ? { controller, subject: audience.guardianId } : { controller, subject };

/** Where the file lies in the bucket; opaque, and found again when the record cannot be read any more. */
export const fileKeyOf = (id: ExportId) => `exports/${id}`;
/** What the sealed file is bound to. */
export const filePlaceOf = (id: ExportId) => `export-file|${id}`;

export const JOB_KEY_PREFIX = 'EXPORT-JOB#';

export const exportPointers = {
  /** Writing it wakes the worker, through the stream (keys only). */
  job: ({ controller, subject }: Owner, id: ExportId) =>
    ({ table: 'transient', pk: `${JOB_KEY_PREFIX}${controller}#${subject}`, sk: id }) as const satisfies PointerKey,
  /** All exports there are, in the order of their making: the sweep's way. Attributes: `controller`, `holder`, `dueAt`. */
  all: (id: ExportId | '') => ({ table: 'transient', pk: 'EXPORTS', sk: id }) as const satisfies PointerKey,
  /** From who may fetch it. Attribute: `holder`. */
  receiver: ({ controller, subject }: Owner, id: ExportId | '') =>
    ({ table: 'transient', pk: `${controller}#${subject}`, sk: `EXPORT-FOR-ME#${id}` }) as const satisfies PointerKey,
};

export const ownerOfExport = (controller: ControllerId, { subject }: Pick<ExportRecord, 'subject'>): Owner => ({
  controller,
  subject: subject as SubjectId,
});

export const epochSeconds = (at: Date) => Math.floor(at.getTime() / 1000);

/** What has expired is not there, whether or not the sweep has been. Pure. */
export const isFetchable = ({ state, expiresAt }: ExportRecord, now: Date): boolean =>
  state === 'ready' && expiresAt !== undefined && now.toISOString() < expiresAt;
