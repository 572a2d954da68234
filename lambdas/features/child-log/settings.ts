import * as z from 'zod';
import type { OrganisationId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { TimeOfDay } from '../attendance/attendance-day.ts';
import { organisationOwner } from '../organisations/organisation.ts';

/** When guardians get the day's summary, in the organisation's zone; `off`: never. */
export const ChildLogSettings = z
  .strictObject({ dailySummaryAt: z.union([TimeOfDay, z.literal('off')]) })
  .meta({ id: 'ChildLogSettings' });
export type ChildLogSettings = z.output<typeof ChildLogSettings>;

export const childLogSettingsEntity = entity({
  name: 'child-log-settings',
  table: 'core',
  sortKey: 'CHILD-LOG-SETTINGS',
  schema: ChildLogSettings,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: "to run the organisation's service",
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  retentionClass: 'organisation',
  exported: 'copy',
  onErasure: 'delete',
});
export const childLogSettingsRef = (organisationId: OrganisationId) =>
  ({ entity: childLogSettingsEntity, owner: organisationOwner(organisationId) }) as const;

/** When most children have been picked up. */
export const settingsByDefault: ChildLogSettings = { dailySummaryAt: '16:30' };
