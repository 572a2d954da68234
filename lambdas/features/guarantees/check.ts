import type { Call } from '../../http/call.ts';
import { operatorItself } from '../registers/operator-itself.ts';
import { type Compared, compareSettings } from './compare.ts';
import type { InForce, Settings } from './guarantee.ts';
import { guaranteesOn, resultRow } from './result.ts';

/** How long a day's result is kept: as long as the activity records of what went wrong then. */
const RESULTS_KEPT_DAYS = 365;
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

export interface GuaranteesCheck {
  readonly expected: Settings;
  /** Asks AWS. */
  inForce(): Promise<InForce>;
  openCall(): Call;
  /** One line for the log: codes only. */
  log(line: { readonly metric: string; readonly guarantee: string }): void;
}

/**
 * Daily: whether what the promises rest on is still as it was deployed. Every guarantee that is not says so in the log,
 * where an alarm listens, and in the row of the day; running it twice writes the same row twice.
 */
export async function checkGuarantees({ expected, inForce, openCall, log }: GuaranteesCheck): Promise<Compared> {
  const compared = compareSettings(expected, await inForce());
  for (const guarantee of compared.broken) log({ metric: 'guarantee-broken', guarantee });
  const { records, now } = openCall();
  await records
    .change()
    .point(resultRow(compared, now))
    .unpoint(guaranteesOn(new Date(now.getTime() - RESULTS_KEPT_DAYS * DAY_MILLISECONDS)))
    .activity({
      event: 'guarantees.checked',
      subject: operatorItself,
      detail: { checked: compared.checked, broken: compared.broken.length },
    })
    .commit();
  return compared;
}
