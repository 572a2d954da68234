import type { ControllerId, Owner } from '../../platform/entity.ts';
import type { Change, PointerKey, Records } from '../../platform/records.ts';
import type { Eraser } from './eraser.ts';
import type { Cause, Place } from './erasure.ts';

const HOUR_MILLISECONDS = 60 * 60 * 1000;
const COUNTED_SECONDS = 2 * 60 * 60;

/**
 * A bug must not shred a weekend: more fences of one controller and cause in an hour than this stop the worker there until an
 * operator lets it go on. A class of forty that ends its terms on one day stays below; the end of an agreement erases
 * everybody.
 */
export const FENCES_PER_HOUR_MAX: Readonly<Record<Cause, number>> = {
  request: 50,
  withdrawal: 50,
  // A letter to a hundred thousand readers may lose thousands in an hour; what goes with each is an address.
  unsubscribed: 5_000,
  'account-closed': 500,
  retention: 500,
  'agreement-end': 20_000,
};

const stopKey = (controller: ControllerId): PointerKey => ({
  table: 'rights',
  pk: `${controller}#ERASURES-STOPPED`,
  sk: 'STOP',
});
const fencesOf = (controller: ControllerId, cause: Cause) => `ERASURE-FENCES#${controller}#${cause}`;

/** `stopped` since earlier, or from now on: then it has been written down, once. */
export async function mayFence({ owner, id }: Place, cause: Cause, eraser: Eraser): Promise<'yes' | 'stopped'> {
  const { records, now } = eraser.openCall();
  const { controller } = owner;
  const [stop] = await records.pointersAt([stopKey(controller)]);
  if (stop?.attributes?.['state'] === 'stopped') return 'stopped';
  const hourAgo = new Date(now.getTime() - HOUR_MILLISECONDS).toISOString();
  const [from] = [hourAgo, String(stop?.attributes?.['at'] ?? '')].sort().reverse();
  const fences = await fencesSince(from ?? hourAgo, fencesOf(controller, cause), FENCES_PER_HOUR_MAX[cause], records);
  if (fences < FENCES_PER_HOUR_MAX[cause]) return 'yes';
  await records
    .change()
    .point({ ...stopKey(controller), attributes: { state: 'stopped', at: now.toISOString() } })
    .activity({ event: 'erasures.stopped', subject: owner, about: [id], detail: { cause, fences } })
    .commit();
  return 'stopped';
}

/** Counted as far as it matters. */
async function fencesSince(from: string, pk: string, max: number, records: Records): Promise<number> {
  let count = 0;
  for (let after: string | undefined, more = true; more && count < max; ) {
    const page = await records.pointers('transient', pk, { from, ...(after !== undefined && { after }) });
    count += page.items.length;
    after = page.next;
    more = after !== undefined;
  }
  return count;
}

/** In the transaction of the fence (one write). */
export function countFence(change: Change, { owner, id }: Place, cause: Cause, now: Date): void {
  change.point({
    table: 'transient',
    pk: fencesOf(owner.controller, cause),
    sk: `${now.toISOString()}#${id}`,
    expiresAtEpochSeconds: Math.floor(now.getTime() / 1000) + COUNTED_SECONDS,
  });
}

/** An operator has looked, and lets the worker go on; it counts from here. */
export async function resumeErasures(subject: Owner, eraser: Pick<Eraser, 'openCall'>): Promise<void> {
  const { records, now } = eraser.openCall();
  await records
    .change()
    .point({ ...stopKey(subject.controller), attributes: { state: 'resumed', at: now.toISOString() } })
    .activity({ event: 'erasures.resumed', subject })
    .commit();
}
