import * as z from 'zod';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { NewPriceList, PRICE_LISTS_MAX, PriceList } from './price-list.ts';

const View = PriceList.meta({ id: 'PriceList' });
const Views = z.strictObject({ items: z.array(View).max(PRICE_LISTS_MAX) }).meta({ id: 'PriceLists' });

const publishing = {
  summary: 'Publish a price list',
  description:
    'Prices in øre, before VAT, with the seller and the terms of payment as invoices say them. It is never changed: a new ' +
    'one takes its place from the month on that it names. A month is rated by the list that is in force in it.',
  tag: 'Billing',
  method: 'POST',
  body: NewPriceList,
  success: { status: 201, body: View },
  problems: ['wrong-state', 'too-many', 'forbidden-content'],
  needs: changingRecords,
  creates: true,
} as const;
const listing = {
  summary: 'List the price lists, with those that were replaced',
  tag: 'Billing',
  method: 'GET',
  success: { status: 200, body: Views },
  problems: [],
  needs: readingRecords,
} as const;

/** What an organisation charges its own customers. */
export const priceListRoutes = {
  publishPriceList: {
    ...publishing,
    path: '/v1/organisations/{organisationId}/price-lists',
    access: rolesThatMay('billing:manage'),
    params: inOrganisation,
  },
  listPriceLists: {
    ...listing,
    path: '/v1/organisations/{organisationId}/price-lists',
    access: rolesThatMay('billing:read'),
    params: inOrganisation,
  },
} as const satisfies Routes;

/** What the operator charges organisations. */
export const operatorPriceListRoutes = {
  publishOperatorPriceList: {
    ...publishing,
    path: '/v1/platform/price-lists',
    access: rolesThatMay('platform:billing:manage'),
  },
  listOperatorPriceLists: {
    ...listing,
    path: '/v1/platform/price-lists',
    access: rolesThatMay('platform:billing:manage'),
  },
} as const satisfies Routes;
