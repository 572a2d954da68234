import * as z from 'zod';
import type { OrganisationId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { ofTheOrganisation } from '../organisations/of-the-organisation.ts';
import { organisationOwner } from '../organisations/organisation.ts';

/** How an organisation uses the time clock. */
export const TimeClockSettings = z
  .strictObject({
    /**
     * Whether a stamp may carry a position, and then only together with the customer that it belongs to (CE-05): where
     * the function does not use it, it is refused and not merely ignored.
     */
    takesPosition: z.boolean(),
  })
  .meta({ id: 'TimeClockSettings' });
export type TimeClockSettings = z.output<typeof TimeClockSettings>;

export const timeClockSettingsEntity = entity({
  ...ofTheOrganisation,
  name: 'time-clock-settings',
  sortKey: 'TIME-CLOCK-SETTINGS',
  schema: TimeClockSettings,
  purpose: "to run the organisation's service",
});
export const timeClockSettingsRef = (organisationId: OrganisationId) =>
  ({ entity: timeClockSettingsEntity, owner: organisationOwner(organisationId) }) as const;

export const settingsByDefault: TimeClockSettings = { takesPosition: false };
