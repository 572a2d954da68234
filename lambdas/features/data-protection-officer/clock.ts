import type { Call } from '../../http/call.ts';
import { AccountId, DpoThreadId } from '../../http/ids.ts';
import { type Pointer, StaleVersion } from '../../platform/records.ts';
import { accountOwner } from '../accounts/account.ts';
import { orderErasure } from '../erasure/order.ts';
import { CLOSED_KEPT_DAYS, threadOwner, threadPointers } from './thread.ts';

/** Threads of one run; the next run, a quarter of an hour later, goes on. */
const THREADS_MAX = 200;
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

export interface ThreadClock {
  /** A fresh one for each thread. */
  openCall(): Call;
  hasTimeLeft(): boolean;
}

/** Has the keys of threads destroyed that were closed 30 days ago. Running it twice, or twice at once, changes nothing more. */
export async function tickDpoThreads({ openCall, hasTimeLeft }: ThreadClock): Promise<{ erased: number }> {
  const { records, now } = openCall();
  const before = new Date(now.getTime() - CLOSED_KEPT_DAYS * DAY_MILLISECONDS).toISOString();
  const { table, pk } = threadPointers.closed('', '');
  // `~` sorts after the id, so that what was closed this very millisecond is in.
  const { items } = await records.pointers(table, pk, { from: '0', to: `${before}~`, limit: THREADS_MAX });
  let erased = 0;
  for (const pointer of items) {
    if (!hasTimeLeft()) break;
    if (await erase(pointer, openCall())) erased++;
  }
  return { erased };
}

/** False when another run was faster. */
async function erase(pointer: Pointer, call: Call): Promise<boolean> {
  const id = DpoThreadId.parse(pointer.sk.slice(pointer.sk.indexOf('#') + 1));
  const accountId = AccountId.parse(pointer.attributes?.['accountId']);
  const erasureId = call.newId('ers');
  const [owner, of] = [threadOwner(id), accountOwner(accountId)];
  const change = call.records.change();
  orderErasure(change, { id: erasureId, owner, of, cause: 'retention' }, call.now);
  try {
    await change
      .unpoint(pointer, { ifPresent: () => new StaleVersion('Another run has been here') })
      .unpoint(threadPointers.all(id))
      .unpoint(threadPointers.mine(accountId, id))
      .activity({ event: 'dpo-thread.erasure-ordered', subject: owner, about: [erasureId] })
      .commit();
    return true;
  } catch (error) {
    if (error instanceof StaleVersion) return false;
    throw error;
  }
}
