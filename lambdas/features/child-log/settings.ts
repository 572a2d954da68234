import * as z from 'zod';
import type { OrganisationId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { TimeOfDay } from '../attendance/attendance-day.ts';
import { ofTheOrganisation } from '../organisations/of-the-organisation.ts';
import { organisationOwner } from '../organisations/organisation.ts';

/** When guardians get the day's summary, in the organisation's zone; `off`: never. */
export const ChildLogSettings = z
  .strictObject({ dailySummaryAt: z.union([TimeOfDay, z.literal('off')]) })
  .meta({ id: 'ChildLogSettings' });
export type ChildLogSettings = z.output<typeof ChildLogSettings>;

export const childLogSettingsEntity = entity({
  ...ofTheOrganisation,
  name: 'child-log-settings',
  sortKey: 'CHILD-LOG-SETTINGS',
  schema: ChildLogSettings,
  purpose: "to run the organisation's service",
});
export const childLogSettingsRef = (organisationId: OrganisationId) =>
  ({ entity: childLogSettingsEntity, owner: organisationOwner(organisationId) }) as const;

/** When most children have been picked up. */
export const settingsByDefault: ChildLogSettings = { dailySummaryAt: '16:30' };
