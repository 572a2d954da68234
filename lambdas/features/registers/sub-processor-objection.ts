import * as z from 'zod';
import { freeText } from '../../http/free-text.ts';
import { OrganisationId, PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';

/** What a controller has against a change that was announced (GDPR Art. 28(2)). */
export const SubProcessorObjection = z
  .strictObject({
    organisationId: OrganisationId,
    /** The version of the list that the change makes. */
    version: z.int().min(2),
    reason: freeText({ max: 2000 }),
    personId: PersonId,
    at: z.iso.datetime(),
  })
  .meta({ id: 'SubProcessorObjection' });
export type SubProcessorObjection = z.output<typeof SubProcessorObjection>;

/** Part of the relation between the customer and the operator, so the operator is its controller (KP-01). */
export const subProcessorObjectionEntity = entity({
  name: 'sub-processor-objection',
  table: 'core',
  sortKey: 'SUB-PROCESSOR-OBJECTION',
  schema: SubProcessorObjection,
  schemaVersion: 1,
  ourRole: 'controller',
  purpose: 'to know which customers object to a change of sub-processors, and why',
  legalBasis: 'contract',
  article9: 'none',
  source: 'controller',
  retentionClass: 'agreement',
  exported: 'copy',
  onErasure: 'delete',
});

export const objectionRef = (organisationId: OrganisationId, version: number) =>
  ({
    entity: subProcessorObjectionEntity,
    owner: { controller: 'operator', subject: organisationId },
    key: String(version).padStart(6, '0'),
  }) as const;
