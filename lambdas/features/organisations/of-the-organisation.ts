/**
 * How records of the organisation's own are declared (settings, prices, structure): about nobody, sealed under the
 * organisation's key, and gone with its agreement. What is about somebody says all of this for itself.
 */
export const ofTheOrganisation = {
  table: 'core',
  schemaVersion: 1,
  ourRole: 'processor',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  retentionClass: 'organisation',
  exported: 'copy',
  onErasure: 'delete',
} as const;
