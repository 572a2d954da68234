import * as z from 'zod';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { OrganisationId as OrganisationIdSchema } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { ownerOf } from '../people/person.ts';

/** Where a person's data was taken from when they brought it along (GDPR Art. 14(2)(f), Art. 20; AT-16). */
export const Origin = z.strictObject({
  /** The name of the organisation that it comes from. */
  origin: z.string().min(1).max(120),
  originId: OrganisationIdSchema,
  exportedAt: z.iso.datetime(),
  importedAt: z.iso.datetime(),
  signature: z.enum(['verified']),
});
export type Origin = z.output<typeof Origin>;

export const originEntity = entity({
  name: 'origin',
  table: 'core',
  sortKey: 'ORIGIN',
  schema: Origin,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know who the organisation serves and who works there',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: { register: 'the organisation that the person brought their data from' },
  retentionClass: 'person',
  exported: 'copy',
  onErasure: 'delete',
});

export const originRef = (organisationId: OrganisationId, personId: PersonId) =>
  ({ entity: originEntity, owner: ownerOf(organisationId, personId) }) as const;
