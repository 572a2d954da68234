import * as z from 'zod';
import { OrganisationId, PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { type Pointer, type Records, StaleVersion } from '../../platform/records.ts';
import { AttendanceDay, attendanceDayRef } from '../attendance/attendance-day.ts';
import { ownerOf } from '../people/person.ts';
import { JOB_KEY_PREFIX } from './export.ts';
import type { Maker } from './maker.ts';

/** Days that one transaction takes (100 writes) beside what goes with them. */
const DAYS_PER_CHANGE = 80;
const DAYS_MAX = 1_000;

/** Days of attendance that came along and did not fit into the transaction that made the person: written within minutes. */
export const carriedDaysEntity = entity({
  name: 'carried-days',
  table: 'core',
  sortKey: 'CARRIED-DAYS',
  schema: z.array(AttendanceDay).max(DAYS_MAX),
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know who is expected, who is there and since when',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: { register: 'the organisation that the person brought their data from' },
  retentionClass: 'attendance',
  exported: { not: 'they become days of attendance within minutes' },
  onErasure: 'delete',
});

export const carriedDaysRef = (organisationId: OrganisationId, personId: PersonId) =>
  ({ entity: carriedDaysEntity, owner: ownerOf(organisationId, personId) }) as const;

const SORT_KEY = 'CARRIED-DAYS';
export const carriedDaysPointers = {
  /** Wakes the exporter, like the job of an export. */
  job: (organisationId: OrganisationId, personId: PersonId) =>
    ({ table: 'transient', pk: `${JOB_KEY_PREFIX}${organisationId}#${personId}`, sk: SORT_KEY }) as const,
  /** Where the sweep finds those that were left behind. */
  waiting: (organisationId: OrganisationId | '', personId: PersonId | '') =>
    ({ table: 'core', pk: 'CARRIED-DAYS', sk: `${organisationId}#${personId}` }) as const,
};

interface Place {
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
}

/** From the keys of a job row in the stream; undefined for a row that is none of these. */
export const placeOfCarriedDays = (pk: string, sk: string): Place | undefined =>
  sk === SORT_KEY && pk.startsWith(JOB_KEY_PREFIX) ? placeOf(pk.slice(JOB_KEY_PREFIX.length)) : undefined;
export const placeOfWaiting = ({ sk }: Pointer): Place | undefined => placeOf(sk);

function placeOf(text: string): Place | undefined {
  const [organisation, person] = text.split('#');
  const [organisationId, personId] = [OrganisationId.safeParse(organisation), PersonId.safeParse(person)];
  if (!organisationId.success || !personId.success) return undefined;
  return { organisationId: organisationId.data, personId: personId.data };
}

/**
 * Writes the days that wait, each change taking off what it has written: begun again after a crash it goes on where it
 * was. A day that has been registered here meanwhile stays as it is.
 */
export async function writeCarriedDays(
  { organisationId, personId }: Place,
  maker: Pick<Maker, 'openCall'>,
): Promise<void> {
  for (;;) {
    const { records } = maker.openCall();
    const waiting = await records.get(carriedDaysRef(organisationId, personId));
    if (!waiting) return forget(records, { organisationId, personId });
    const [now, later] = [waiting.value.slice(0, DAYS_PER_CHANGE), waiting.value.slice(DAYS_PER_CHANGE)];
    const refs = now.map(({ day }) => attendanceDayRef(organisationId, personId, day));
    const present = await records.getMany(refs);
    const change = records.change();
    for (const [i, day] of now.entries()) if (!present[i]) change.put(refs[i]!, day, 'new');
    if (later.length > 0) change.put(waiting.ref, later, { version: waiting.version });
    else change.remove(waiting.ref, { version: waiting.version });
    change.activity({ event: 'attendance.carried', subject: waiting.ref.owner, detail: { days: now.length } });
    // Somebody else has it, or has registered one of these days just now: look again.
    await change.commit().catch(unlessStale);
  }
}

function unlessStale(error: unknown): void {
  if (!(error instanceof StaleVersion)) throw error;
}

async function forget(records: Records, { organisationId, personId }: Place): Promise<void> {
  await records
    .change()
    .unpoint(carriedDaysPointers.job(organisationId, personId))
    .unpoint(carriedDaysPointers.waiting(organisationId, personId))
    .activity({ event: 'attendance.carried-all', subject: ownerOf(organisationId, personId) })
    .commit();
}
