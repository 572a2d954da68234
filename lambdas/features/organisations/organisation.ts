import * as z from 'zod';
import { profiles } from '../../access/roles.ts';
import { oneLine } from '../../http/free-text.ts';
import { DepartmentId, GroupId, OrganisationId } from '../../http/ids.ts';
import { entity, type Owner } from '../../platform/entity.ts';

/** An IANA zone, e.g. `Europe/Oslo`; a day of the organisation is a day there. */
export const TimeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'not an IANA time zone')
  .meta({ id: 'TimeZone', examples: ['Europe/Oslo'] });

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/** The organisation as its members see it; nothing about a person. The agreement's data (KP-01) lies apart, at the operator. */
export const Organisation = z
  .strictObject({
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
  })
  .meta({ id: 'Organisation' });
export type Organisation = z.output<typeof Organisation>;

export const organisationEntity = entity({
  name: 'organisation',
  table: 'core',
  sortKey: 'ORGANISATION',
  schema: Organisation,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: "to run the organisation's service",
  legalBasis: 'controllers-agreement',
  article9: 'none',
  retentionClass: 'organisation',
  exported: true,
  onErasure: 'delete',
});

export const Department = z
  .strictObject({ id: DepartmentId, name: oneLine({ max: 80 }), state: z.enum(['open', 'closed']) })
  .meta({ id: 'Department' });
export type Department = z.output<typeof Department>;

export const departmentEntity = entity({
  name: 'department',
  table: 'core',
  sortKey: 'DEPARTMENT',
  schema: Department,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: "to follow the organisation's structure",
  legalBasis: 'controllers-agreement',
  article9: 'none',
  retentionClass: 'organisation',
  exported: true,
  onErasure: 'delete',
});

export const Group = z
  .strictObject({
    id: GroupId,
    name: oneLine({ max: 80 }),
    departmentId: DepartmentId.optional(),
    state: z.enum(['open', 'closed']),
  })
  .meta({ id: 'Group' });
export type Group = z.output<typeof Group>;

export const groupEntity = entity({
  name: 'group',
  table: 'core',
  sortKey: 'GROUP',
  schema: Group,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: "to follow the organisation's structure",
  legalBasis: 'controllers-agreement',
  article9: 'none',
  retentionClass: 'organisation',
  exported: true,
  onErasure: 'delete',
});

/** The organisation's own records lie in its own partition, sealed under a key of its own. */
export const organisationOwner = (organisationId: OrganisationId): Owner => ({
  controller: organisationId,
  subject: organisationId,
});

export const organisationPointers = {
  /** All organisations: what the clocks walk through. Attributes: `timeZone`. */
  all: (organisationId: OrganisationId) => ({ table: 'core', pk: 'ORGANISATIONS', sk: organisationId }) as const,
  /** The code by which someone without an invitation finds the organisation (CE-01). Attributes: `organisationId`. */
  code: (code: string) => ({ table: 'core', pk: `CODE#${code}`, sk: 'CODE' }) as const,
};
