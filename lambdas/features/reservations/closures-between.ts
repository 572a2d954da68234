import type { OrganisationId } from '../../http/ids.ts';
import type { Records } from '../../platform/records.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { CLOSURES_MAX, closureEntity } from './closure.ts';
import type { OpeningDays } from './opening.ts';
import { reservationRulesRef, rulesUnlessSet } from './rules.ts';

/** Later than every day that there is. */
export const LAST_DAY = '9999-12-31';
/** Sorts after every key that begins with a day. */
export const FOREVER = `${LAST_DAY}#~`;

/** The organisation's rules, and its closures that touch the days from one to the other (both included). ONE wave. */
export async function closuresBetween(
  records: Pick<Records, 'get' | 'list'>,
  organisationId: OrganisationId,
  from: string,
  to: string,
): Promise<OpeningDays> {
  const [rules, closures] = await Promise.all([
    records.get(reservationRulesRef(organisationId)),
    records.list(closureEntity, organisationOwner(organisationId), { from, to: FOREVER, limit: CLOSURES_MAX }),
  ]);
  return {
    rules: rules?.value ?? rulesUnlessSet,
    closures: closures.items.map(({ value }) => value).filter((closure) => closure.from <= to),
  };
}
