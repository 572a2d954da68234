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
    return { items: found.plan?.value.items ?? [], version: found.plan?.version ?? 0 };
  },

  async changeBillingPlan({ params: { organisationId, customerId }, body, ifMatch }, call) {
    const found = await store.find(organisationId, customerId, call);
    if (!found) throw new Problem('customer-not-found');
    if ((found.plan?.version ?? 0) !== ifMatch) throw new Problem('stale-version');
    await store.save(organisationId, customerId, body, ifMatch, call);
    return { ...body, version: ifMatch + 1 };
  },
});
