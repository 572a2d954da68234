import { errorName } from '../../platform/error-name.ts';
import type { Pointer } from '../../platform/records.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { carriedDaysPointers, placeOfWaiting, writeCarriedDays } from './carried-days.ts';
import { exportPointers, fileKeyOf, ownerOfExport, receiverOf } from './export.ts';
import { makeExport } from './make.ts';
import { findExport, type Maker, type Place, placeOf, unlessTakenOver } from './maker.ts';

const PAGE_ITEMS = 100;
/** A plain copy is gone this long after it was made, or at the next sweep. */
const COPY_MILLISECONDS = 5 * 60_000;

export interface Swept {
  made: number;
  ended: number;
  copies: number;
  failed: number;
}

/**
 * Makes the exports that were left behind, ends those whose seven days are over, and removes plain copies. `hasTimeLeft`
 * is asked before each one.
 */
export async function sweepExports(
  maker: Maker,
  hasTimeLeft: () => boolean,
  log: (line: { readonly event: string; readonly exportId: string; readonly error: string }) => void,
): Promise<Swept> {
  const swept: Swept = { made: 0, ended: 0, copies: await removeCopies(maker), failed: 0 };
  for await (const pointer of pointersIn(exportPointers.all(''), { ...maker, hasTimeLeft })) {
    const place = placeOf(pointer.attributes?.['controller'], pointer.attributes?.['holder'], pointer.sk);
    if (!place) continue;
    try {
      if (await sweepOne(place, pointer, maker)) swept.ended++;
      else if (await isLeftBehind(place, maker)) {
        await unlessTakenOver(() => makeExport(place, maker));
        swept.made++;
      }
    } catch (error) {
      swept.failed++;
      // The name alone: a message may repeat what it was about.
      log({ event: 'export.not-swept', exportId: place.id, error: errorName(error) });
    }
  }
  const waiting = carriedDaysPointers.waiting('', '');
  const { items } = await maker.openCall().records.pointers(waiting.table, waiting.pk, { limit: PAGE_ITEMS });
  for (const pointer of items) {
    const place = hasTimeLeft() && placeOfWaiting(pointer);
    if (place) await writeCarriedDays(place, maker).catch(() => swept.failed++);
  }
  return swept;
}

/** True when the export has come to its end, by its term or because its key was erased. */
async function sweepOne(place: Place, { attributes = {} }: Pointer, maker: Maker): Promise<boolean> {
  const { records, now } = maker.openCall();
  const stored = await findExport(place, records);
  const dueAt = attributes['dueAt'];
  const isOver = typeof dueAt === 'string' && dueAt <= now.toISOString();
  if (stored && !isOver && stored.value.state !== 'failed') return false;
  await maker.sealed.remove(fileKeyOf(place.id));
  const change = records
    .change()
    .unpoint(exportPointers.all(place.id))
    .unpoint(exportPointers.job(place.holder, place.id))
    .activity({ event: 'export.ended', subject: place.holder, about: [place.id] });
  if (stored) {
    const owner = ownerOfExport(place.holder.controller, stored.value);
    change
      .remove(stored.ref, { version: stored.version })
      .unpoint(exportPointers.receiver(receiverOf(owner, stored.value.audience), place.id));
  }
  await change.commit();
  return true;
}

const isLeftBehind = async (place: Place, maker: Maker): Promise<boolean> =>
  (await findExport(place, maker.openCall().records))?.value.state === 'ordered';

async function removeCopies(maker: Maker): Promise<number> {
  const before = maker.openCall().now.getTime() - COPY_MILLISECONDS;
  const old = (await maker.downloads.list('')).filter(({ lastModified }) => lastModified.getTime() <= before);
  for (const { key } of old) await maker.downloads.remove(key);
  return old.length;
}
