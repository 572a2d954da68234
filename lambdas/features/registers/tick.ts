import { BreachId, OrganisationId } from '../../http/ids.ts';
import type { PointerKey } from '../../platform/records.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { breachPointers, breachRef } from './breach.ts';
import type { RegistersClock, RegistersTicked } from './clock.ts';
import { openDisclosures } from './open-disclosures.ts';
import { operatorItself } from './operator-itself.ts';
import { tellOfBreaches, tellOfSubProcessors } from './tell-organisations.ts';

/**
 * Every quarter of an hour: tells organisations of changes of sub-processors and of breaches, opens what an order kept
 * secret, and says in the log which time limits are over. Running it twice, or twice at once, changes nothing more.
 */
export async function tickRegisters(clock: RegistersClock): Promise<RegistersTicked> {
  const ticked: RegistersTicked = {
    toldOfSubProcessors: 0,
    toldOfBreaches: 0,
    overdueTellings: 0,
    overdueReports: 0,
    disclosuresOpened: 0,
    failed: 0,
  };
  // First what has a time limit of hours.
  await tellOfBreaches(clock, ticked);
  await flagOverdue(clock, ticked);
  await openDisclosures(clock, ticked);
  await tellOfSubProcessors(clock, ticked);
  return ticked;
}

/** A deadline's row goes when it has been met; what lies before now has not been. */
async function flagOverdue(clock: RegistersClock, ticked: RegistersTicked): Promise<void> {
  const { pk } = breachPointers.deadline('', '' as never, 'tell', 'operator');
  const to = clock.openCall().now.toISOString();
  for await (const { sk } of pointersIn({ table: 'core', pk }, clock, { from: '0', to })) {
    const [, breachId = '', what = '', controller = ''] = sk.split('#');
    if (await isForgotten(BreachId.parse(breachId), controller, clock)) {
      await forget({ table: 'core', pk, sk }, clock);
      continue;
    }
    if (what === 'tell') ticked.overdueTellings++;
    else ticked.overdueReports++;
    clock.log({ event: `breach-${what}-overdue`, about: `${controller} ${breachId}` });
  }
}

/** The organisation has left, and its register with it: there is nobody who could still report. */
async function isForgotten(breachId: BreachId, controller: string, clock: RegistersClock): Promise<boolean> {
  const organisationId = OrganisationId.safeParse(controller);
  if (!organisationId.success) return false;
  return (await clock.openCall().records.get(breachRef(organisationId.data, breachId))) === undefined;
}

async function forget(deadline: PointerKey, clock: RegistersClock): Promise<void> {
  const change = clock.openCall().records.change().unpoint(deadline);
  await change.activity({ event: 'breach.deadline-dropped', subject: operatorItself }).commit();
}
