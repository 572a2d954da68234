import { customerRef } from '../customers/customer.ts';
import { issuerOwner } from './issuer.ts';
import { billingPlanRef } from './plan.ts';
import type { BillingPlanStore } from './plan-handlers.ts';

export const billingPlanStore: BillingPlanStore = {
  async find(organisationId, customerId, { records }) {
    const refs = [customerRef(organisationId, customerId), billingPlanRef(organisationId, customerId)] as const;
    const [customer, plan] = await records.together(refs);
    return customer && { plan };
  },

  async save(organisationId, customerId, plan, version, { records }) {
    await records
      .change()
      .put(billingPlanRef(organisationId, customerId), plan, version === 0 ? 'new' : { version })
      .activity({
        event: 'billing-plan.changed',
        subject: issuerOwner(organisationId),
        about: [customerId],
        detail: { items: plan.items.length },
      })
      .commit();
  },
};
