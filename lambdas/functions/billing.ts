import { billingPlanHandlers } from '../features/billing/plan-handlers.ts';
import { billingPlanRoutes } from '../features/billing/plan-routes.ts';
import { billingPlanStore } from '../features/billing/plan-store.ts';
import { invoiceHandlers } from '../features/invoices/handlers.ts';
import { invoiceRoutes, operatorInvoiceRoutes, receivedInvoiceRoutes } from '../features/invoices/routes.ts';
import { invoiceStore } from '../features/invoices/store.ts';
import { priceListHandlers } from '../features/price-lists/handlers.ts';
import { operatorPriceListRoutes, priceListRoutes } from '../features/price-lists/routes.ts';
import { priceListStore } from '../features/price-lists/store.ts';
import { serve } from './serve.ts';

/** Prices, invoices, credit notes and payments: of organisations, and of the operator. What is issued, the biller makes. */
export const handler = serve(
  {
    ...priceListRoutes,
    ...operatorPriceListRoutes,
    ...billingPlanRoutes,
    ...invoiceRoutes,
    ...operatorInvoiceRoutes,
    ...receivedInvoiceRoutes,
  },
  {
    ...priceListHandlers(priceListStore),
    ...billingPlanHandlers(billingPlanStore),
    ...invoiceHandlers(invoiceStore),
  },
);
