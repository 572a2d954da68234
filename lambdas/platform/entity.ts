import type * as z from 'zod';
import type { AccountId, OrganisationId, PersonId } from '../http/ids.ts';

/**
 * What must be said of every type of record before it can be stored: a type without it does not compile. Export,
 * erasure, the Article 30 record and the statement are derived from here.
 */
export interface EntityDeclaration<S extends z.ZodType = z.ZodType> {
  /** In kebab-case; part of what the sealing binds (AAD), so it never changes. */
  readonly name: string;
  readonly table: 'core' | 'rights' | 'transient';
  /** First part of the sort key, in capitals. */
  readonly sortKey: string;
  /** Put before the owner in the partition key, where the items of an entity lie apart (`OUTBOX#`). */
  readonly partitionPrefix?: `${string}#`;
  readonly schema: S;
  readonly schemaVersion: number;
  readonly ourRole: 'controller' | 'processor';
  readonly purpose: string;
  readonly legalBasis: LegalBasis;
  readonly article9: 'none' | Article9Condition;
  readonly retentionClass: RetentionClass;
  readonly exported: boolean;
  readonly onErasure: 'delete' | 'anonymise' | { readonly keepUntil: string; readonly law: string };
}

/** GDPR Art. 6(1); `controllers-agreement` is the basis that the controller's own relation gives (ALL-06). */
export type LegalBasis = 'consent' | 'contract' | 'legal-obligation' | 'legitimate-interest' | 'controllers-agreement';
/** GDPR Art. 9(2). */
export type Article9Condition = 'explicit-consent' | 'health-or-social-care' | 'vital-interests';

/** One key per person and retention class: what is kept for the same term dies with the same key. */
export const retentionClasses = {
  account: 'while the account exists',
  'sign-in': '21 days',
  person: '6 months after the placement or role ended',
  photo: '1 month after the placement or role ended',
  attendance: '6 months after the placement or role ended',
  consent: '3 years after it last mattered',
  agreement: "1 month after the agreement's end",
  organisation: "until the agreement's end",
  import: '30 days after the import ended',
  notice: '1 year',
  transient: '24 hours',
} as const;
export type RetentionClass = keyof typeof retentionClasses;

/** Whose data it is: the controller, and the subject whose partition and keys hold it. */
export interface Owner {
  readonly controller: ControllerId;
  readonly subject: SubjectId;
}
/** The operator is a controller like any organisation: of accounts and of customer agreements (KP-01). */
export type ControllerId = OrganisationId | 'operator';
/** A person, an account, or the organisation itself (its settings, structure and agreement). */
export type SubjectId = PersonId | AccountId | OrganisationId;

/** Names one record: an entity, its owner and, where an owner has several, what tells them apart (opaque ids and dates). */
export interface Ref<E extends EntityDeclaration = EntityDeclaration> {
  readonly entity: E;
  readonly owner: Owner;
  readonly key?: string;
}

export const entity = <const E extends EntityDeclaration>(declaration: E): E => declaration;

export type ValueOf<E extends EntityDeclaration> = z.output<E['schema']>;

/** Partition and sort key of a record, in its entity's table. */
export function keyOf(ref: Ref): { pk: string; sk: string } {
  return { pk: partitionOf(ref.entity, ref.owner), sk: sortKeyOf(ref.entity, ref.key) };
}
export const partitionOf = (entity: EntityDeclaration, owner: Owner) =>
  `${entity.partitionPrefix ?? ''}${owner.controller}#${owner.subject}`;
export const sortKeyOf = (entity: EntityDeclaration, key: string | undefined) =>
  key === undefined ? entity.sortKey : `${entity.sortKey}#${key}`;
