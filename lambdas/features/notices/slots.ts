import type { Owner } from '../../platform/entity.ts';
import { type Change, type PointerKey, type Records, StaleVersion } from '../../platform/records.ts';

/** Past the day in every zone. */
const SLOT_KEPT_SECONDS = 2 * 24 * 60 * 60;

/** How many mails were counted on a day (`YYYY-MM-DD`, the recipient's own). One round trip. */
export async function sentToday(records: Records, owner: Owner, day: string): Promise<number> {
  const { pk } = slotKey(owner, day, 0);
  return (await records.pointers('transient', pk, { prefix: `MAILS#${day}#` })).items.length;
}

/** The same for several, in one round trip while nobody has had any: the first mail of a day takes the number 0. */
export async function allSentToday(
  records: Records,
  wanted: readonly { readonly owner: Owner; readonly day: string }[],
): Promise<number[]> {
  const first = await records.pointersAt(wanted.map(({ owner, day }) => slotKey(owner, day, 0)));
  return Promise.all(wanted.map(({ owner, day }, i) => (first[i] ? sentToday(records, owner, day) : 0)));
}

/**
 * Counts a mail, in the transaction that claims it: `number` is what {@link sentToday} said. Of several who counted the
 * same only one commits, the others throw `StaleVersion`; so a day never has more than it may. A later try of the same
 * mail takes none.
 */
export function takeSlot(change: Change, owner: Owner, day: string, number: number): void {
  const expiresAtEpochSeconds = Date.parse(day) / 1000 + SLOT_KEPT_SECONDS;
  change.point(
    { ...slotKey(owner, day, number), expiresAtEpochSeconds },
    { ifNew: () => new StaleVersion('Another mail was counted at the same moment') },
  );
}

const slotKey = ({ controller, subject }: Owner, day: string, number: number): PointerKey => ({
  table: 'transient',
  pk: `${controller}#${subject}`,
  sk: `MAILS#${day}#${String(number).padStart(2, '0')}`,
});
