import type { Call } from '../../http/call.ts';
import { type Change, type PointerKey, StaleVersion } from '../../platform/records.ts';

/** Enough for who mistypes, or loses a mail; too little to plague somebody with. */
const MAILS_PER_DAY_MAX = 3;
const COUNTED_SECONDS = 48 * 60 * 60;

/**
 * Asks an address, which anybody may have named, whether it is theirs: `ask` adds to the change what waits for the answer,
 * the mail and the activity record. Counted over all forms and organisations: of what is more than a day's mails nothing
 * is written at all.
 */
export async function askAddress(email: string, call: Call, ask: (change: Change) => void): Promise<void> {
  const day = await daysMails(email, call);
  const expiresAtEpochSeconds = Math.floor(call.now.getTime() / 1000) + COUNTED_SECONDS;
  for (let number = day.counted; number < MAILS_PER_DAY_MAX; number++) {
    const change = call.records.change();
    ask(change);
    change.point({ ...day.key(number), expiresAtEpochSeconds }, { ifNew: () => new StaleVersion('Counted already') });
    try {
      return await change.commit();
    } catch (error) {
      // Somebody has named the same address at the same moment.
      if (!(error instanceof StaleVersion)) throw error;
    }
  }
}

/** The mails that asked an address today (in UTC), counted by its fingerprint: the address itself stands nowhere. */
async function daysMails(email: string, { records, now }: Call) {
  const pk = `FORM-MAILS#${await records.fingerprint('form-mail', email)}`;
  const day = now.toISOString().slice(0, 'YYYY-MM-DD'.length);
  const { items } = await records.pointers('transient', pk, { prefix: `${day}#` });
  const key = (number: number): PointerKey => ({ table: 'transient', pk, sk: `${day}#${number}` });
  return { counted: items.length, key };
}
