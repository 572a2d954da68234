import * as z from 'zod';
import { guardianRights } from '../../access/roles.ts';
import { freeText, oneLine } from '../../http/free-text.ts';
import { GroupId, OrganisationId, PersonId } from '../../http/ids.ts';
import { entity, type Owner } from '../../platform/entity.ts';

export const personKinds = ['child', 'guardian', 'staff', 'member'] as const;
export type PersonKind = (typeof personKinds)[number];

export const PlainDate = z.iso.date().meta({ id: 'PlainDate', description: 'A day, without time or zone.' });
export const Email = z.email().max(254).meta({ id: 'Email' });
/** E.164: `+` and 8 to 15 digits. */
export const Phone = z
  .string()
  .regex(/^\+[1-9]\d{7,14}$/)
  .meta({ id: 'Phone', description: 'E.164.', examples: ['+4790000000'] });

export const Placement = z
  .strictObject({ groupId: GroupId, from: PlainDate, until: PlainDate.optional() })
  .meta({ id: 'Placement', description: 'A stay in a group, both days included.' });
export type Placement = z.output<typeof Placement>;

/**
 * A person in one organisation's keeping (FW-02, KP-04, KP-05, KP-06). All but the names may be left empty and emptied
 * at any time.
 */
export const PersonFields = z.strictObject({
  firstName: oneLine({ max: 80 }),
  lastName: oneLine({ max: 80 }),
  email: Email.optional(),
  phone: Phone.optional(),
  address: oneLine({ max: 120 }).optional(),
  postcode: z
    .string()
    .regex(/^\d{4}$/)
    .meta({ examples: ['0150'] })
    .optional(),
  birthDate: PlainDate.optional(),
  position: oneLine({ max: 80 }).optional(),
  language: z.enum(['nb', 'en']).default('nb'),
  /** Address and whereabouts are shown to those alone who must have them; notices name no organisation. */
  protectedAddress: z.boolean().default(false),
  /** Free text; no health data. */
  note: freeText({ max: 2000 }).optional(),
});
export type PersonFields = z.output<typeof PersonFields>;

/**
 * What is held about each kind of person without consent (FW-02, KP-04, KP-05, KP-06; SM-08 and CE-02 for members).
 * Anything else needs the person's recorded consent, and is refused.
 */
const fieldsOfKind: Readonly<Record<PersonKind, readonly (keyof PersonFields)[]>> = {
  child: ['birthDate', 'phone', 'note'],
  guardian: ['email', 'phone', 'address', 'postcode', 'note'],
  staff: ['email', 'phone', 'position', 'note'],
  member: ['email', 'phone', 'address', 'postcode', 'birthDate', 'position', 'note'],
};
const fieldsOfAll: readonly (keyof PersonFields)[] = ['firstName', 'lastName', 'language', 'protectedAddress'];

/** The fields given that are not held about this kind of person. */
export const fieldsNotHeld = (kind: PersonKind, fields: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(fields).filter(
    (name) =>
      fields[name] !== null &&
      fields[name] !== undefined &&
      ![...fieldsOfAll, ...fieldsOfKind[kind]].includes(name as keyof PersonFields),
  );

export const PLACEMENTS_MAX = 50;

export const PersonRecord = PersonFields.extend({
  id: PersonId,
  organisationId: OrganisationId,
  kind: z.enum(personKinds),
  placements: z.array(Placement).max(PLACEMENTS_MAX),
});
export type PersonRecord = z.output<typeof PersonRecord>;

export const personEntity = entity({
  name: 'person',
  table: 'core',
  sortKey: 'PERSON',
  schema: PersonRecord,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know who the organisation serves and who works there',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  retentionClass: 'person',
  exported: 'portable',
  onErasure: 'delete',
});

/** Guardians of one child, and blocks about one child: more is a mistake. */
export const LINKS_MAX = 20;

/** A guardian of a child: lies in the child's partition, under the guardian's id. */
export const GuardianLink = z.strictObject({
  guardianId: PersonId,
  relation: z.enum(['mother', 'father', 'co-mother', 'foster-parent', 'grandparent', 'other']),
  rights: z.enum(guardianRights),
  /** Whether the child lives there, wholly or in part. */
  livesWith: z.boolean(),
  from: PlainDate,
  until: PlainDate.optional(),
});
export type GuardianLink = z.output<typeof GuardianLink>;

export const guardianLinkEntity = entity({
  name: 'guardian-link',
  table: 'core',
  sortKey: 'GUARDIAN',
  schema: GuardianLink,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know who may decide for a child, be told about it and pick it up',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  retentionClass: 'person',
  exported: 'copy',
  onErasure: 'delete',
});

/** A block between a child and a grown-up: beats every link, from every source. In the child's partition, under the grown-up's id. */
export const Block = z.strictObject({
  personId: PersonId,
  /** Where it comes from. */
  basis: z.enum(['court-order', 'child-welfare', 'guardian-request', 'organisation']),
  since: PlainDate,
});
export type Block = z.output<typeof Block>;

export const blockEntity = entity({
  name: 'block',
  table: 'core',
  sortKey: 'BLOCK',
  schema: Block,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to keep a grown-up from a child',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'controller',
  retentionClass: 'person',
  exported: { not: 'it protects a child from a grown-up, who must not learn what stands in it (Art. 15(4))' },
  onErasure: 'delete',
});

/** Where a page of a list of people ended: `child#per_…` or `MEMBER#per_…`. */
export const PersonSortKey = z.string().regex(/^[A-Za-z]+#per_[0-9a-z]+$/);

export const ownerOf = (organisationId: OrganisationId, personId: PersonId): Owner => ({
  controller: organisationId,
  subject: personId,
});

/** Rows of ids that lead from one to the other; the sealed records stay the truth. */
export const peoplePointers = {
  /** All persons of a kind in the organisation. */
  person: (organisationId: OrganisationId, kind: PersonKind, personId: PersonId) =>
    ({ table: 'core', pk: `${organisationId}#PEOPLE`, sk: `${kind}#${personId}` }) as const,
  /** Who is or was placed in a group. */
  groupMember: (organisationId: OrganisationId, groupId: GroupId, personId: PersonId) =>
    ({ table: 'core', pk: `${organisationId}#${groupId}`, sk: `MEMBER#${personId}` }) as const,
  /** From a grown-up to a child that a block keeps them from. */
  blockedFrom: (organisationId: OrganisationId, grownUpId: PersonId, childId: PersonId) =>
    ({ table: 'core', pk: `${organisationId}#${grownUpId}`, sk: `BLOCKED#${childId}` }) as const,
  /** From a guardian to a child. */
  child: (organisationId: OrganisationId, guardianId: PersonId, childId: PersonId) =>
    ({ table: 'core', pk: `${organisationId}#${guardianId}`, sk: `CHILD#${childId}` }) as const,
};

export const isPlacedOn = (placement: Placement, day: string) =>
  placement.from <= day && (placement.until === undefined || day <= placement.until);
export const isLinkedOn = (link: GuardianLink, day: string) =>
  link.from <= day && (link.until === undefined || day <= link.until);
