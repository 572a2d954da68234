import * as z from 'zod';
import { CustomerId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { BillingPlan } from './plan.ts';

const ofCustomer = inOrganisation.extend({ customerId: CustomerId });
const View = z
  .strictObject({ ...BillingPlan.shape, version: z.int().min(1).meta({ description: '1: nothing was put down yet.' }) })
  .meta({ id: 'BillingPlanOfCustomer' });

/** What a customer pays each month. */
export const billingPlanRoutes = {
  getBillingPlan: {
    summary: 'See what a customer pays every month',
    tag: 'Billing',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/billing-plans/{customerId}',
    access: rolesThatMay('billing:read'),
    params: ofCustomer,
    success: { status: 200, body: View },
    problems: ['customer-not-found'],
    needs: readingRecords,
    versioned: true,
  },
  changeBillingPlan: {
    summary: 'Say what a customer pays every month',
    description: 'By the codes of the price list; it counts from the next month that is invoiced.',
    tag: 'Billing',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/billing-plans/{customerId}',
    access: rolesThatMay('billing:manage'),
    params: ofCustomer,
    body: BillingPlan,
    success: { status: 200, body: View },
    problems: ['customer-not-found'],
    needs: changingRecords,
    versioned: true,
  },
} as const satisfies Routes;
