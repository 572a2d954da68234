import * as z from 'zod';
import { OrganisationId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import type { Records } from '../../platform/records.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { type Eraser, type StoredErasure, save } from './eraser.ts';
import { isPerson, type Place } from './erasure.ts';

/** Fewer than this could point at somebody: not shown. */
export const SMALL_CELL_MAX = 9;
const MONTHS_MAX = 40;

/** How often each thing happened in one month, of those who have been erased: all that is left of their usage (KP-12). */
const UsageCounts = z.strictObject({ events: z.record(z.string().max(80), z.int().min(0)) });

export const usageCountsEntity = entity({
  name: 'usage-counts',
  table: 'core',
  sortKey: 'USAGE-COUNTS',
  schema: UsageCounts,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know how the service is used, without knowing by whom',
  legalBasis: 'legitimate-interest',
  article9: 'none',
  source: 'use',
  retentionClass: 'organisation',
  exported: { not: 'counts are about nobody' },
  onErasure: 'anonymise',
});

const usageCountsRef = (organisationId: OrganisationId, month: string) =>
  ({ entity: usageCountsEntity, owner: organisationOwner(organisationId), key: month }) as const;

/** The counts of a month (`yyyy-mm`), without the cells that are too small. One round trip. */
export async function usageOf(
  records: Pick<Records, 'get'>,
  organisationId: OrganisationId,
  month: string,
): Promise<Readonly<Record<string, number>>> {
  const stored = await records.get(usageCountsRef(organisationId, month));
  return Object.fromEntries(Object.entries(stored?.value.events ?? {}).filter(([, count]) => count > SMALL_CELL_MAX));
}

/** Counts per month what was done by and to the person, once: with the erasure's record in one transaction. */
export async function foldUsage(stored: StoredErasure, place: Place, eraser: Eraser): Promise<void> {
  const { owner } = place;
  const organisationId = OrganisationId.safeParse(owner.controller);
  if (stored.value.isUsageFolded || !isPerson(owner) || !organisationId.success) return;
  const byMonth = new Map<string, Map<string, number>>();
  for await (const { attributes } of eraser.rows.of('activity', `${owner.controller}#${owner.subject}`)) {
    const event = String(attributes['event']);
    // What the erasure itself has written is not usage.
    if (event.startsWith('erasure')) continue;
    const month = String(attributes['at']).slice(0, 'yyyy-mm'.length);
    const counts = byMonth.get(month) ?? new Map<string, number>();
    byMonth.set(month, counts.set(event, (counts.get(event) ?? 0) + 1));
  }
  const { records } = eraser.openCall();
  // Where the organisation has been erased meanwhile, there is nobody to count for, and nothing to write it under.
  const states = await records.keyStates(organisationOwner(organisationId.data));
  const isGone = states.get(usageCountsEntity.retentionClass) === 'ERASED';
  const months = isGone ? [] : [...byMonth.keys()].sort().slice(-MONTHS_MAX);
  const before = await records.getMany(months.map((month) => usageCountsRef(organisationId.data, month)));
  const change = records.change();
  months.forEach((month, i) => {
    const events = { ...before[i]?.value.events };
    for (const [event, count] of byMonth.get(month)!) events[event] = (events[event] ?? 0) + count;
    const known = before[i];
    change.put(usageCountsRef(organisationId.data, month), { events }, known ? { version: known.version } : 'new');
  });
  await save(change, stored, place, { isUsageFolded: true })
    .activity({ event: 'erasure.usage-folded', subject: owner, about: [place.id], detail: { months: months.length } })
    .commit();
}
