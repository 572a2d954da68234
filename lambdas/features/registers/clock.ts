import type { Call } from '../../http/call.ts';
import { errorName } from '../../platform/error-name.ts';
import { Closed, StaleVersion } from '../../platform/records.ts';

/** What a run of the registers' clock works with. */
export interface RegistersClock {
  /** A fresh one for each organisation: what was read for one must not be trusted for the next. */
  openCall(): Call;
  /** False when the worker's time is nearly over: the next run goes on where this one stopped. */
  hasTimeLeft(): boolean;
  /** One line for the log: ids and codes only. */
  log(line: { readonly event: string; readonly about: string; readonly error?: string }): void;
}

export interface RegistersTicked {
  /** Organisations told of a change of sub-processors, and of a breach. */
  toldOfSubProcessors: number;
  toldOfBreaches: number;
  /** Time limits that are over: 24 hours to the organisations (ALL-08), 72 to Datatilsynet (Art. 33(1)). */
  overdueTellings: number;
  overdueReports: number;
  /** Disclosures that persons may now see, because the order to keep them secret is over. */
  disclosuresOpened: number;
  failed: number;
}

/**
 * True when it is done, or there is nobody left to do it for. What fails must not keep the others waiting: the log says
 * so, and the next run tries again.
 */
export async function tried(
  about: string,
  clock: RegistersClock,
  ticked: RegistersTicked,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Closed) return true;
    // Somebody was faster: what they did is looked at in the next run.
    if (error instanceof StaleVersion) return false;
    ticked.failed++;
    clock.log({ event: 'registers-tick-failed', about, error: errorName(error) });
    return false;
  }
}
