import * as z from 'zod';
import { profiles } from '../../access/roles.ts';
import { oneLine } from '../../http/free-text.ts';
import { DepartmentId, GroupId, OrganisationId } from '../../http/ids.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import { PlainDate } from '../people/person.ts';
import { ofTheOrganisation } from './of-the-organisation.ts';

/** An IANA zone, e.g. `Europe/Oslo`; a day of the organisation is a day there. */
export const TimeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'not an IANA time zone')
  .meta({ id: 'TimeZone', examples: ['Europe/Oslo'] });

function isTimeZone(text: string): boolean {
  if (knownTimeZones.has(text)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
  } catch {
    return false;
  }
  if (knownTimeZones.size < KNOWN_TIME_ZONES_MAX) knownTimeZones.add(text);
  return true;
}
/** Asking Intl costs 50 µs, and every request parses an organisation. Letter case is free: there are more names than zones. */
const KNOWN_TIME_ZONES_MAX = 100;
const knownTimeZones = new Set<string>();

/** When the customer agreement (KP-01) is in force, both days included; nothing can be changed outside it. */
export const ServicePeriod = z.strictObject({ from: PlainDate, until: PlainDate.optional() });

/** Nothing here is about a person. The agreement's data (KP-01) lies apart, at the operator. */
export const Organisation = z.strictObject({
  id: OrganisationId,
  name: oneLine({ max: 120 }),
  profile: z.enum(profiles),
  timeZone: TimeZone,
  language: z.enum(['nb', 'en']),
  state: z.enum(['open', 'closed']),
  /** The version of the data-processing agreement that its representative accepted; absent before (FW-01). */
  acceptedAgreementVersion: z.string().optional(),
  /** Minutes after the expected arrival before the guardians are asked. */
  notArrivedAfterMinutes: z.int().min(5).max(240),
  /** Whether opening a role here demands a sign-in of the last five minutes (FW-08). */
  openingRoleNeedsFreshProof: z.boolean().optional(),
  /** Kept here as well as in the agreement, so that each request is decided without reading what the operator alone may. */
  servicePeriod: ServicePeriod.optional(),
});
export type Organisation = z.output<typeof Organisation>;

export const organisationEntity = entity({
  ...ofTheOrganisation,
  name: 'organisation',
  sortKey: 'ORGANISATION',
  schema: Organisation,
  purpose: "to run the organisation's service",
});

export const Department = z.strictObject({
  id: DepartmentId,
  name: oneLine({ max: 80 }),
  state: z.enum(['open', 'closed']),
});
export type Department = z.output<typeof Department>;

export const departmentEntity = entity({
  ...ofTheOrganisation,
  name: 'department',
  sortKey: 'DEPARTMENT',
  schema: Department,
  purpose: "to follow the organisation's structure",
});

export const Group = z.strictObject({
  id: GroupId,
  name: oneLine({ max: 80 }),
  departmentId: DepartmentId.optional(),
  state: z.enum(['open', 'closed']),
});
export type Group = z.output<typeof Group>;

export const groupEntity = entity({
  ...ofTheOrganisation,
  name: 'group',
  sortKey: 'GROUP',
  schema: Group,
  purpose: "to follow the organisation's structure",
});

export const DEPARTMENTS_MAX = 100;
export const GROUPS_MAX = 100;

/** The organisation's own records lie in its own partition, sealed under a key of its own. */
export const organisationOwner = (organisationId: OrganisationId): Owner => ({
  controller: organisationId,
  subject: organisationId,
});
export const organisationRef = (organisationId: OrganisationId) =>
  ({ entity: organisationEntity, owner: organisationOwner(organisationId) }) as const;
export const departmentRef = (organisationId: OrganisationId, departmentId: DepartmentId) =>
  ({ entity: departmentEntity, owner: organisationOwner(organisationId), key: departmentId }) as const;

export const organisationPointers = {
  /** All organisations: what the clocks walk through. Attributes: `timeZone`. */
  all: (organisationId: OrganisationId) => ({ table: 'core', pk: 'ORGANISATIONS', sk: organisationId }) as const,
  /** The code by which someone without an invitation finds the organisation (CE-01). Attributes: `organisationId`. */
  code: (code: string) => ({ table: 'core', pk: `CODE#${code}`, sk: 'CODE' }) as const,
  /** From the organisation to its code. Attributes: `code`. */
  ownCode: (organisationId: OrganisationId) => ({ table: 'core', pk: `${organisationId}#CODE`, sk: 'CODE' }) as const,
};
