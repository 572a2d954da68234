import type { Call } from '../../http/call.ts';
import type { OrganisationId } from '../../http/ids.ts';
import type { ControllerId } from '../../platform/entity.ts';
import { errorName } from '../../platform/error-name.ts';
import { Closed, type Records, StaleVersion } from '../../platform/records.ts';
import type { Policy } from './policy.ts';

/** What a run of the sweep works with. */
export interface Sweep {
  /** A fresh one for each person: what was read for one must not be trusted for the next. */
  openCall(): Call;
  /** Records that see what is restricted, and what has expired and is not swept yet. For reading only. */
  openClosed(): Records;
  /** False when the worker's time is nearly over: the next run goes on where this one stopped. */
  hasTimeLeft(): boolean;
  /** One line for the log: ids and codes only. */
  log(line: { readonly event: string; readonly controller: string; readonly error: string }): void;
}

export interface Swept {
  organisations: number;
  erased: number;
  shredded: number;
  held: number;
  mended: number;
  failed: number;
}

/** An organisation with its terms in force. */
export interface Place {
  readonly organisationId: OrganisationId;
  readonly timeZone: string;
  readonly policy: Policy;
}

/** What fails must not keep the others waiting: the log says so, the alarm sees it, and the next run tries again. */
export async function tried(
  controller: ControllerId,
  sweep: Sweep,
  swept: Swept,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    // Somebody was faster, or an erasure was: what they did is looked at in the next run.
    if (error instanceof StaleVersion || error instanceof Closed) return;
    swept.failed++;
    sweep.log({ event: 'retention-failed', controller, error: errorName(error) });
  }
}
