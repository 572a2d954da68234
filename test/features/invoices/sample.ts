import { ore } from '../../../lambdas/features/billing/money.ts';
import { rate, totalsOf } from '../../../lambdas/features/billing/rating.ts';
import { issued } from '../../../lambdas/features/invoices/decisions.ts';
import type { Invoice } from '../../../lambdas/features/invoices/invoice.ts';
import type { PriceList } from '../../../lambdas/features/price-lists/price-list.ts';
import { anId } from '../../support/store.ts';
import { operatorsPriceList } from './price-lists.ts';

/** An invoice of October, issued on 2 November; of a price list’s items and seller, where others are wanted. */
export function anIssuedInvoice(
  {
    items = operatorsPriceList.items,
    seller = operatorsPriceList.seller,
  }: Partial<Pick<PriceList, 'items' | 'seller'>> = {},
  but: Partial<Invoice> = {},
): Invoice {
  const days = Array.from({ length: 31 }, (_, i) => ({ members: 40 + i, devices: 3, messages: i }));
  const plan = items.map(({ code }) => ({ code, count: 2 }));
  const work = items.map(({ code }) => ({ code, text: 'sak 1007', minutes: 95 }));
  const lines = rate({ items }, { days, daysInMonth: 31, daysInService: 31, plan, work }, 'nb');
  const approved: Invoice = {
    id: anId('ivc'),
    kind: 'invoice',
    state: 'approved',
    recipient: {
      id: anId('org'),
      name: 'Fjord & Sønner <AS>',
      organisationNumber: '974760673',
      address: { street: 'Kaiveien 3', postcode: '5003', city: 'Bergen' },
      language: 'nb',
    },
    seller,
    priceListId: anId('plv'),
    period: '2026-10',
    paymentDays: 14,
    kidAlgorithm: 'mod10',
    reminderFeeOre: ore(3_500),
    lines,
    totals: totalsOf(lines),
    createdOn: '2026-11-01',
    credited: [],
    creditedOre: ore(0),
    payments: [],
    reminders: [],
    ...but,
  };
  return issued(approved, 1234, '2026-11-02');
}
