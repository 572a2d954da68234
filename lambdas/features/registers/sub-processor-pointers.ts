import type { OrganisationId } from '../../http/ids.ts';

const numbered = (version: number) => String(version).padStart(6, '0');

/** The list is public and about nobody, so its changes are rows that are not sealed. */
export const subProcessorPointers = {
  /** An announced change. Attributes: `change`, as JSON. */
  change: (version: number) => ({ table: 'core', pk: 'SUB-PROCESSORS', sk: numbered(version) }) as const,
  /** There until every controller has been told of the change: what the clock goes on with. Attributes: `version`. */
  toTell: (version: number) => ({ table: 'core', pk: 'SUB-PROCESSORS-TO-TELL', sk: numbered(version) }) as const,
  /** A controller that has been told. */
  told: (version: number, organisationId: OrganisationId) =>
    ({ table: 'core', pk: `SUB-PROCESSORS-TOLD#${numbered(version)}`, sk: organisationId }) as const,
  /** A controller that objects. */
  objection: (version: number, organisationId: OrganisationId) =>
    ({ table: 'core', pk: `SUB-PROCESSOR-OBJECTIONS#${numbered(version)}`, sk: organisationId }) as const,
};
