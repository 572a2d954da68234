import * as z from 'zod';
import type { OrganisationId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import type { Change } from '../../platform/records.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import type { PublishedStatement } from './published.ts';

/** How far everyone concerned has been told of a material change; goes on where it was left (AT-13). */
const StatementMailing = z.strictObject({
  sequence: z.int().min(1),
  version: z.string().max(80),
  /** The sort key of the last person who was told. */
  after: z.string().max(80).optional(),
  told: z.int().min(0),
  doneAt: z.iso.datetime().optional(),
});
export type StatementMailing = z.output<typeof StatementMailing>;

export const statementMailingEntity = entity({
  name: 'statement-mailing',
  table: 'core',
  sortKey: 'STATEMENT-MAILING',
  schema: StatementMailing,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to tell people what is done with their data, and to prove what they were told',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'use',
  retentionClass: 'agreement',
  exported: 'copy',
  onErasure: 'delete',
});

export const mailingRef = (organisationId: OrganisationId, sequence: number) =>
  ({
    entity: statementMailingEntity,
    owner: organisationOwner(organisationId),
    key: String(sequence).padStart(6, '0'),
  }) as const;

export const mailingPointers = {
  /** The mailings that are not done: what the clock goes on with. Attributes: `organisationId`, `sequence`. */
  unfinished: (organisationId: OrganisationId, sequence: number) =>
    ({
      table: 'core',
      pk: 'STATEMENT-MAILINGS',
      sk: `${organisationId}#${String(sequence).padStart(6, '0')}`,
    }) as const,
};

/** Two writes in the change that publishes. */
export function beginMailing(
  change: Change,
  organisationId: OrganisationId,
  { sequence, version }: Pick<PublishedStatement, 'sequence' | 'version'>,
): void {
  change
    .put(mailingRef(organisationId, sequence), { sequence, version, told: 0 }, 'new')
    .point({ ...mailingPointers.unfinished(organisationId, sequence), attributes: { organisationId, sequence } });
}
