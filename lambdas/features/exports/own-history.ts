import { PersonId, SiteId, TimesheetId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Records } from '../../platform/records.ts';
import { ON_SITE, siteEntryEntity, siteOwner } from '../sites/site.ts';
import { timesheetEntity, timesheetPointers, timesheetRef } from '../timesheets/timesheet.ts';
import type { Held } from './collect.ts';

/** More stops the export rather than cutting it: three and a half years of weeks, and a year of arrivals. */
const POINTERS_MAX = 2000;

/**
 * What stands about an employee in the organisation's own history: time sheets, and lines of site lists. It lies under the
 * organisation's keys (CE-12), and is theirs to see all the same (Art. 15).
 */
export async function inOwnHistory(records: Records, owner: Owner): Promise<Held[]> {
  const { controller, subject } = owner;
  if (controller === 'operator' || !PersonId.safeParse(subject).success) return [];
  const sheets = timesheetPointers.ofPerson(owner, '');
  const [ofSheets, ofSites] = await Promise.all(
    [sheets.sk, ON_SITE].map((prefix) => records.pointers('core', sheets.pk, { prefix, limit: POINTERS_MAX })),
  );
  if (ofSheets?.next !== undefined || ofSites?.next !== undefined) {
    throw new Error(`More than ${POINTERS_MAX} records of one kind`);
  }
  const timesheetIds = (ofSheets?.items ?? []).flatMap(
    ({ attributes }) => TimesheetId.safeParse(attributes?.['timesheetId']).data ?? [],
  );
  const lines = (ofSites?.items ?? []).flatMap(({ sk, attributes }) => {
    const siteId = SiteId.safeParse(attributes?.['siteId']).data;
    return siteId
      ? [{ entity: siteEntryEntity, owner: siteOwner(controller, siteId), key: sk.slice(ON_SITE.length) }]
      : [];
  });
  const [found, entries] = await Promise.all([
    records.getMany(timesheetIds.map((id) => timesheetRef(controller, id))),
    records.getMany(lines),
  ]);
  return [
    ...found.flatMap((one): Held[] => (one ? [{ entity: timesheetEntity, value: one.value }] : [])),
    ...entries.flatMap((one): Held[] => (one ? [{ entity: siteEntryEntity, value: one.value }] : [])),
  ];
}
