import * as z from 'zod';

/** Every kind of opaque id: its prefix and what it names. Ids are never authority and never a secret. */
export const idPrefixes = {
  org: 'Organisation',
  dep: 'Department',
  grp: 'Group',
  per: 'Person',
  acc: 'Account',
  rol: 'Role',
  inv: 'Invitation',
  imp: 'Import',
  ntc: 'Notice',
  gnt: 'AccessGrant',
  agr: 'Agreement',
  evt: 'ActivityRecord',
} as const;

export type IdPrefix = keyof typeof idPrefixes;
export type Id<P extends IdPrefix> = string & z.$brand<P>;

/** The part after the prefix: a ULID in lower case (Crockford's base 32, 48 bits of time and 80 of chance). */
const ulid = '[0-7][0-9a-hjkmnp-tv-z]{25}';

const idSchema = <P extends IdPrefix>(prefix: P) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_${ulid}$`))
    .meta({ id: `${idPrefixes[prefix]}Id`, examples: [`${prefix}_01jd8m3v5c2w7x9y4z6a8b0c1d`] })
    .brand<P>();

export const OrganisationId = idSchema('org');
export type OrganisationId = Id<'org'>;
export const DepartmentId = idSchema('dep');
export type DepartmentId = Id<'dep'>;
export const GroupId = idSchema('grp');
export type GroupId = Id<'grp'>;
export const PersonId = idSchema('per');
export type PersonId = Id<'per'>;
export const AccountId = idSchema('acc');
export type AccountId = Id<'acc'>;
export const RoleId = idSchema('rol');
export type RoleId = Id<'rol'>;
export const InvitationId = idSchema('inv');
export type InvitationId = Id<'inv'>;
export const ImportId = idSchema('imp');
export type ImportId = Id<'imp'>;
export const NoticeId = idSchema('ntc');
export type NoticeId = Id<'ntc'>;
export const AccessGrantId = idSchema('gnt');
export type AccessGrantId = Id<'gnt'>;
