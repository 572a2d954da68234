import * as z from 'zod';
import type { OrganisationId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
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
  name: 'time-clock-settings',
  table: 'core',
  sortKey: 'TIME-CLOCK-SETTINGS',
  schema: TimeClockSettings,
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
export const timeClockSettingsRef = (organisationId: OrganisationId) =>
  ({ entity: timeClockSettingsEntity, owner: organisationOwner(organisationId) }) as const;

export const settingsByDefault: TimeClockSettings = { takesPosition: false };
