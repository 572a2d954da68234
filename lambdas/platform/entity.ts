import type * as z from 'zod';
import type {
  AccountId,
  ChatId,
  ConsentId,
  InvoiceId,
  OrganisationId,
  PersonId,
  PhotoId,
  RequestId,
  SiteId,
  ThreadId,
  TimesheetId,
} from '../http/ids.ts';

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
  readonly source: Source;
  readonly retentionClass: RetentionClass;
  readonly exported: Exported;
  readonly onErasure: 'delete' | 'anonymise' | { readonly keepUntil: string; readonly law: string };
  /** Is itself a record of what its subject or their device did, for days only: it is put without an activity record of its own. */
  readonly isTrace?: true;
}

/** GDPR Art. 6(1); `controllers-agreement` is the basis that the controller's own relation gives (ALL-06). */
export type LegalBasis = 'consent' | 'contract' | 'legal-obligation' | 'legitimate-interest' | 'controllers-agreement';
/** GDPR Art. 9(2). */
export type Article9Condition = 'explicit-consent' | 'health-or-social-care' | 'vital-interests';

/** Where it comes from (Art. 14(2)(f), AT-16): whom it is about, the controller, the use of the service, or an outside register. */
export type Source = 'data-subject' | 'controller' | 'use' | { readonly register: string };
/** In the portable part of an export (Art. 20), in its copy alone (Art. 15), or the reason why in neither. */
export type Exported = 'portable' | 'copy' | { readonly not: string };

/** One key per person and retention class: what is kept for the same term dies with the same key. */
export const retentionClasses = {
  account: 'while the account exists',
  'sign-in': '21 days',
  'identified-usage': '21 days',
  person: '6 months after the placement or role ended',
  membership: '6 months after the placement or role ended',
  photo: '1 month after the placement or role ended',
  position: '30 days',
  attendance: '6 months after the placement or role ended',
  'daily-life': '6 months after the placement or role ended',
  consented: 'until the consent is withdrawn',
  export: '7 days',
  request: '30 days after the final answer',
  consent: '3 years after it last mattered',
  agreement: "1 month after the agreement's end",
  organisation: "90 days after the agreement's end",
  import: '30 days after the import ended',
  'time-sheet': 'three and a half years after the end of the accounting year',
  'site-list': '6 months after the works ended',
  invoice: '5 years after the end of the accounting year',
  ticket: '2 years after it was closed',
  chat: '90 days',
  notice: '1 year',
  transient: '24 hours',
} as const;
export type RetentionClass = keyof typeof retentionClasses;

/** What proves that the law was kept outlives an erasure (Art. 17(3)(b) and (e)): ids, codes, versions and instants only. */
export const keptThroughErasure: readonly RetentionClass[] = ['consent'];
/**
 * An organisation's own history, in which people stand because the law wants them there (CE-12). It lies under subjects of
 * the organisation's own, so that what becomes of a person or an account does not touch it.
 */
export const ownHistory: readonly RetentionClass[] = ['time-sheet', 'site-list'];
/** What a restriction (Art. 18) closes. Roles and requests stay open: whoever restricts must be able to come back. */
export const restrictable: readonly RetentionClass[] = [
  'person',
  'photo',
  'position',
  'attendance',
  'daily-life',
  'ticket',
  'chat',
  'identified-usage',
  'consented',
];

const classesByPrefix: Readonly<Record<string, readonly RetentionClass[]>> = {
  per: [
    'person',
    'membership',
    'photo',
    'position',
    'attendance',
    'daily-life',
    'ticket',
    'chat',
    'identified-usage',
    'export',
    'consent',
    'notice',
    'transient',
  ],
  acc: ['account', 'sign-in', 'ticket', 'export', 'consent', 'notice', 'transient'],
  org: ['organisation', 'agreement', 'import', 'export', 'consent', 'notice', 'transient'],
  req: ['request', 'ticket', 'export', 'notice', 'transient'],
  con: ['consented', 'photo'],
  cht: ['chat'],
  // One person's hours in one period, and one site: each has a term of its own.
  tsh: ['time-sheet'],
  sit: ['site-list'],
  // One invoice or credit note: no erasure of whom it was sent to touches it, and its own term ends its key.
  ivc: ['invoice'],
  // The operator itself, as an issuer of invoices: its prices and terms.
  ope: ['organisation', 'consent', 'notice', 'transient'],
  // What is about several people is sealed under keys that they share: it has none of its own.
  thr: [],
  pho: [],
};
/** The classes that a subject may have keys of: an erasure fences every one of them, used or not. */
export function classesOf(subject: SubjectId): readonly RetentionClass[] {
  const classes = classesByPrefix[subject.slice(0, 3)];
  if (!classes) throw new Error('A subject of no known kind');
  return classes;
}

/** A class of a person, an account or an organisation that nothing closes but an erasure: its fence says that one has come. */
export function neverRestricted({ subject }: Owner): RetentionClass {
  const own = (['membership', 'account', 'organisation'] as const).find((retentionClass) =>
    classesOf(subject).includes(retentionClass),
  );
  if (!own) throw new Error('A subject with keys of its own belongs to somebody');
  return own;
}

/** Whose data it is: the controller, and the subject whose partition and keys hold it. */
export interface Owner {
  readonly controller: ControllerId;
  readonly subject: SubjectId;
}
/** The operator is a controller like any organisation: of accounts and of customer agreements (KP-01). */
export type ControllerId = OrganisationId | 'operator';
/**
 * A person, an account, or the organisation itself (its settings, structure and agreement). A request and a consent are
 * subjects of their own: what is needed while a request is open, and what rests on a consent, dies with their keys.
 */
export type SubjectId = PersonId | AccountId | OrganisationId | 'operator' | DependantId | SharedId;
/** They have keys of their own, and belong to somebody: an approved time sheet and a site to the organisation itself. */
export type DependantId = RequestId | ConsentId | ChatId | TimesheetId | SiteId | InvoiceId;
/** What is about several people lies in a partition of its own, under item keys that they share (design, section 4). */
export type SharedId = ThreadId | PhotoId;

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

/** From a person, an account or an organisation to what has keys of its own and is theirs: an erasure finds it here. */
export const dependantPointers = {
  subject: ({ controller, subject }: Owner, dependant: DependantId) =>
    ({ table: 'core', pk: `${controller}#${subject}`, sk: `SUBJECT#${dependant}` }) as const,
};

/** From a person to what they share with others: an erasure and a copy find it here. */
export const sharedPointers = {
  /** The person holds a share of its keys. */
  held: ({ controller, subject }: Owner, shared: SharedId | '') =>
    ({ table: 'core', pk: `${controller}#${subject}`, sk: `HELD#${shared}` }) as const,
  /** It is about the person, and goes with them whoever holds it. */
  about: ({ controller, subject }: Owner, shared: SharedId | '') =>
    ({ table: 'core', pk: `${controller}#${subject}`, sk: `ABOUT#${shared}` }) as const,
};
