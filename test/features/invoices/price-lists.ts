import { ore } from '../../../lambdas/features/billing/money.ts';
import type { NewPriceList } from '../../../lambdas/features/price-lists/price-list.ts';

const seller = {
  name: 'Vern AS',
  organisationNumber: '974760673',
  isVatRegistered: true,
  isInRegisterOfEnterprises: true,
  address: { street: 'Havnegata 2', postcode: '0150', city: 'Oslo' },
  email: 'faktura@vern.example',
  account: '86011117947',
};
const both = (text: string) => ({ nb: text, en: text });

/** What the operator charges: a base, members beyond the included, and SMS. */
export const operatorsPriceList: NewPriceList = {
  validFrom: '2026-10',
  seller,
  paymentDays: 14,
  kid: 'mod10',
  reminderFeeOre: ore(3_500),
  items: [
    {
      code: 'base',
      name: both('Grunnabonnement'),
      charge: { by: 'month', unitPriceOre: ore(149_900), isForEverybody: true },
      vat: 'vat-25',
    },
    {
      code: 'members',
      name: both('Aktive medlemmer'),
      charge: {
        by: 'meter',
        meter: 'members',
        of: 'average',
        included: 10,
        tiers: [
          { from: 0, unitPriceOre: ore(2_490) },
          { from: 20, unitPriceOre: ore(1_990) },
        ],
      },
      vat: 'vat-25',
    },
    {
      code: 'sms',
      name: both('SMS'),
      charge: { by: 'meter', meter: 'messages', of: 'sum', included: 0, tiers: [{ from: 0, unitPriceOre: ore(55) }] },
      vat: 'vat-25',
    },
  ],
};

/** What an organisation charges its customers: a subscription, lunch, and hours on tickets. */
export const customersPriceList: NewPriceList = {
  ...operatorsPriceList,
  seller: { ...seller, name: 'Nordlys IT AS' },
  kid: 'mod11',
  items: [
    {
      code: 'support',
      name: both('Driftsavtale'),
      charge: { by: 'month', unitPriceOre: ore(99_000), isForEverybody: false },
      vat: 'vat-25',
    },
    {
      code: 'lunch',
      name: both('Lunsjmøte'),
      charge: { by: 'month', unitPriceOre: ore(12_345), isForEverybody: false },
      vat: 'vat-15',
    },
    { code: 'hour', name: both('Arbeid'), charge: { by: 'hour', unitPriceOre: ore(120_000) }, vat: 'vat-25' },
  ],
};
