import type { Call } from '../../http/call.ts';
import { type Issuer, issuerOwner } from '../billing/issuer.ts';
import type { PriceListStore } from './handlers.ts';
import { PRICE_LISTS_MAX, priceListEntity, priceListRef } from './price-list.ts';

export const priceListStore: PriceListStore = {
  list: async (issuer, { records }) => {
    const page = await records.list(priceListEntity, issuerOwner(issuer), { limit: PRICE_LISTS_MAX });
    return page.items.map(({ value }) => value);
  },

  publish: (issuer: Issuer, list, { records }: Call, answer) =>
    records
      .change()
      .put(priceListRef(issuer, list), list, 'new')
      .activity({
        event: 'price-list.published',
        subject: issuerOwner(issuer),
        about: [list.id],
        detail: { validFrom: list.validFrom, items: list.items.length },
      })
      .commit(answer),
};
