import type { OrganisationId, PersonId } from '../../http/ids.ts';
import type { Records } from '../../platform/records.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import { healthEntryEntity, keyOfEntry, logEntryEntity, type StoredEntry } from './entry.ts';
import type { LogOfChild } from './handlers.ts';
import { ENTRIES_MAX } from './views.ts';

/** Sorts after every id. */
const LAST = '~';

/** Both sorts of entries of a child; both days included, the newest where there are too many. One wave. */
export async function entriesOf(
  records: Records,
  organisationId: OrganisationId,
  childId: PersonId,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<Pick<LogOfChild, 'entries' | 'isCutShort'>> {
  const owner = ownerOf(organisationId, childId);
  const range = {
    from: keyOfEntry(from, ''),
    to: `${keyOfEntry(to, '')}${LAST}`,
    limit: ENTRIES_MAX,
    newestFirst: true,
  };
  const [plain, health] = await Promise.all([
    records.list(logEntryEntity, owner, range),
    records.list(healthEntryEntity, owner, range),
  ]);
  const entries: StoredEntry[] = [...plain.items, ...health.items];
  const isCutShort = plain.next !== undefined || health.next !== undefined;
  return { entries: entries.sort((one, other) => compare(timeOf(one), timeOf(other))), isCutShort };
}

/** One wave; undefined for whoever is no child, or is not there. */
export async function readLog(
  records: Records,
  organisationId: OrganisationId,
  childId: PersonId,
  days: { readonly from: string; readonly to: string },
): Promise<LogOfChild | undefined> {
  const [[organisation, person], found] = await Promise.all([
    records.together([organisationRef(organisationId), personRef(organisationId, childId)]),
    entriesOf(records, organisationId, childId, days),
  ]);
  if (!organisation || person?.value.kind !== 'child') return undefined;
  return { timeZone: organisation.value.timeZone, ...found };
}

const timeOf = ({ value }: StoredEntry) => Date.parse(value.content.at);
const compare = (one: number, other: number) => one - other;
