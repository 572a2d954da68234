import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { AccountId, DisclosureId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { type EntityDeclaration, entity, type Owner, type SubjectId } from '../../platform/entity.ts';
import { accountEntity, accountOwner } from '../accounts/account.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { ownerOf, PlainDate, personEntity } from '../people/person.ts';
import { operatorItself } from './operator-itself.ts';

const Instant = z.iso.datetime();
/** Their copies are written in the transaction of the entry. */
const SUBJECTS_MAX = 30;

/** What was handed out, to whom and by which right: what the person it was about may know (Art. 15(1)(c)). */
const Handed = z.strictObject({
  authority: oneLine({ max: 160 }),
  legalBasis: oneLine({ max: 300 }),
  orderReference: oneLine({ max: 120 }),
  categories: z
    .array(oneLine({ max: 120 }))
    .min(1)
    .max(30),
  disclosedAt: Instant,
});
export type Handed = z.output<typeof Handed>;

/** Whether those concerned know: `open` shows it in their access; `withheld` keeps it out until its last day is over. */
export const DisclosureNotice = z
  .discriminatedUnion('state', [
    z.strictObject({ state: z.literal('told'), at: Instant, how: oneLine({ max: 120 }) }),
    z.strictObject({ state: z.literal('open') }),
    z.strictObject({
      state: z.literal('withheld'),
      reason: z.enum(['secrecy-order', 'would-prejudice-the-investigation', 'duty-of-secrecy']),
      until: PlainDate,
    }),
  ])
  .meta({ id: 'DisclosureNotice' });
export type DisclosureNotice = z.output<typeof DisclosureNotice>;

/** A disclosure on lawful order (CE-10, AT-07, SM-10): the only one to a third party that there is. */
const disclosureAbout = <S extends z.ZodType>(subject: S) =>
  Handed.extend({
    id: DisclosureId,
    /** Whose data. */
    subjects: z.array(subject).min(1).max(SUBJECTS_MAX),
    notice: DisclosureNotice,
    recordedAt: Instant,
    recordedBy: PersonId,
  });
export const PersonsDisclosure = disclosureAbout(PersonId);
export const AccountsDisclosure = disclosureAbout(AccountId);
/** Of either kind. */
export type Disclosure = z.output<ReturnType<typeof disclosureAbout<z.ZodType<PersonId | AccountId>>>>;

const recorded = {
  table: 'rights',
  schemaVersion: 1,
  purpose: 'to record each disclosure that the law or an authority ordered',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'controller',
  onErasure: 'delete',
} as const;
const inTheRegister = {
  ...recorded,
  exported: { not: 'each person gets the entry of their own, once no order keeps it secret' },
} as const;

export const disclosureEntity = entity({
  ...inTheRegister,
  name: 'disclosure',
  sortKey: 'DISCLOSURE',
  schema: PersonsDisclosure,
  ourRole: 'processor',
  retentionClass: 'organisation',
});
export const operatorDisclosureEntity = entity({
  ...inTheRegister,
  name: 'operator-disclosure',
  sortKey: 'OPERATOR-DISCLOSURE',
  schema: AccountsDisclosure,
  ourRole: 'controller',
  retentionClass: 'agreement',
});

/**
 * What a person sees of it, in their own partition. It is written there when they may know, and not before: what an order
 * keeps secret is in no export, whoever makes it.
 */
export const personDisclosureEntity = entity({
  ...recorded,
  name: 'person-disclosure',
  sortKey: 'DISCLOSED',
  schema: Handed,
  ourRole: 'processor',
  retentionClass: 'person',
  exported: 'copy',
});
export const accountDisclosureEntity = entity({
  ...recorded,
  name: 'account-disclosure',
  sortKey: 'DISCLOSED',
  schema: Handed,
  ourRole: 'controller',
  retentionClass: 'account',
  exported: 'copy',
});

/** A controller's register, and where the entries of those concerned lie. */
export interface Register {
  readonly controller: OrganisationId | 'operator';
  readonly owner: Owner;
  readonly entity: EntityDeclaration<z.ZodType<Disclosure>>;
  readonly entryEntity: EntityDeclaration<z.ZodType<Handed>>;
  ownerOfEntry(subject: SubjectId): Owner;
  /** What must be there for a subject to be named. */
  readonly subjectEntity: EntityDeclaration;
}

export const registerOf = (organisationId: OrganisationId): Register => ({
  controller: organisationId,
  owner: organisationOwner(organisationId),
  entity: disclosureEntity as unknown as Register['entity'],
  entryEntity: personDisclosureEntity,
  ownerOfEntry: (subject) => ownerOf(organisationId, subject as PersonId),
  subjectEntity: personEntity,
});
export const operatorsRegister: Register = {
  controller: 'operator',
  owner: operatorItself,
  entity: operatorDisclosureEntity as unknown as Register['entity'],
  entryEntity: accountDisclosureEntity,
  ownerOfEntry: (subject) => accountOwner(subject as AccountId),
  subjectEntity: accountEntity,
};

/** Those concerned may know: nothing keeps it from them, or the last day of secrecy is over. */
export const mayBeKnown = (notice: DisclosureNotice, today: string): boolean =>
  notice.state !== 'withheld' || notice.until < today;

/** Where the clock finds what becomes known, by the last day of secrecy. Attributes: `timeZone`. */
export const withheldPointer = (until: string, controller: Register['controller'], id: DisclosureId) =>
  ({ table: 'core', pk: 'DISCLOSURES-WITHHELD', sk: `${until}#${controller}#${id}` }) as const;

export const handed = ({ authority, legalBasis, orderReference, categories, disclosedAt }: Disclosure): Handed => ({
  authority,
  legalBasis,
  orderReference,
  categories,
  disclosedAt,
});
