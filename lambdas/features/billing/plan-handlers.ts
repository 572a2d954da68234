import type { Call } from '../../http/call.ts';
import type { CustomerId, OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import type { BillingPlan, billingPlanEntity } from './plan.ts';
import type { billingPlanRoutes } from './plan-routes.ts';

export interface BillingPlanStore {
  /** `customer-not-found` is for the handler: undefined when there is no such customer. */
  find(
    organisationId: OrganisationId,
    customerId: CustomerId,
    call: Call,
  ): Promise<{ readonly plan: Stored<typeof billingPlanEntity> | undefined } | undefined>;
  save(
    organisationId: OrganisationId,
    customerId: CustomerId,
    plan: BillingPlan,
    version: number,
    call: Call,
  ): Promise<void>;
}

export const billingPlanHandlers = (store: BillingPlanStore): HandlersFor<typeof billingPlanRoutes, Call> => ({
  async getBillingPlan({ params: { organisationId, customerId } }, call) {
    const found = await store.find(organisationId, customerId, call);
    if (!found) throw new Problem('customer-not-found');
    return { items: found.plan?.value.items ?? [], version: shownVersion(found.plan) };
  },

  async changeBillingPlan({ params: { organisationId, customerId }, body, ifMatch }, call) {
    const found = await store.find(organisationId, customerId, call);
    if (!found) throw new Problem('customer-not-found');
    if (shownVersion(found.plan) !== ifMatch) throw new Problem('stale-version');
    await store.save(organisationId, customerId, body, found.plan?.version ?? 0, call);
    return { ...body, version: ifMatch + 1 };
  },
});

/** Nothing put down yet is a version as well: an `ETag` begins at 1. */
const shownVersion = (plan: Stored<typeof billingPlanEntity> | undefined) => (plan?.version ?? 0) + 1;
