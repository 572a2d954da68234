import * as z from 'zod';
import type { CustomerId, OrganisationId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { ofTheOrganisation } from '../organisations/of-the-organisation.ts';
import { ITEMS_MAX, PriceItem } from '../price-lists/price-list.ts';
import { issuerOwner } from './issuer.ts';

/** What a customer of an organisation pays every month, by the codes of its price list. */
export const BillingPlan = z
  .strictObject({
    items: z
      .array(z.strictObject({ code: PriceItem.shape.code, count: z.int().min(1).max(10_000) }))
      .max(ITEMS_MAX)
      .refine((items) => new Set(items.map(({ code }) => code)).size === items.length, 'A code stands once in a plan.'),
  })
  .meta({ id: 'BillingPlan' });
export type BillingPlan = z.output<typeof BillingPlan>;

export const billingPlanEntity = entity({
  ...ofTheOrganisation,
  name: 'billing-plan',
  sortKey: 'BILLING-PLAN',
  schema: BillingPlan,
  purpose: 'to invoice what was agreed',
});

export const billingPlanRef = (organisationId: OrganisationId, customerId: CustomerId) =>
  ({ entity: billingPlanEntity, owner: issuerOwner(organisationId), key: customerId }) as const;
