import { OrganisationId, SiteId, TimesheetId } from '../../http/ids.ts';
import type { Pointer, PointerKey } from '../../platform/records.ts';

/** All organisations' together: when an approved time sheet, or a site, has been kept to the end of its term. */
export const WORKPLACE_DUE = 'WORKPLACE-DUE';

/** What ends then: neither is about a person, so the row names none. */
export type Due =
  | { readonly kind: 'timesheet'; readonly organisationId: OrganisationId; readonly id: TimesheetId }
  | { readonly kind: 'site'; readonly organisationId: OrganisationId; readonly id: SiteId };

export const dueKey = (dueAt: string, { organisationId, id }: Due): PointerKey => ({
  table: 'core',
  pk: WORKPLACE_DUE,
  sk: `${dueAt}#${organisationId}#${id}`,
});
export const dueRow = (dueAt: string, due: Due): Pointer => ({ ...dueKey(dueAt, due), attributes: { ...due } });

/** What a row says; undefined for one that nobody here wrote. */
export function dueIn({ attributes = {} }: Pointer): Due | undefined {
  const organisationId = OrganisationId.safeParse(attributes['organisationId']).data;
  if (!organisationId) return undefined;
  const timesheetId = TimesheetId.safeParse(attributes['id']).data;
  if (timesheetId) return { kind: 'timesheet', organisationId, id: timesheetId };
  const siteId = SiteId.safeParse(attributes['id']).data;
  return siteId && { kind: 'site', organisationId, id: siteId };
}
