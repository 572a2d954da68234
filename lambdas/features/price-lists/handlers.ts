import type { Call } from '../../http/call.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { dayIn } from '../../platform/calendar.ts';
import { type Issuer, OPERATORS_ZONE } from '../billing/issuer.ts';
import { monthBefore } from '../invoices/month.ts';
import { type NewPriceList, PRICE_LISTS_MAX, type PriceList } from './price-list.ts';
import type { operatorPriceListRoutes, priceListRoutes } from './routes.ts';

export interface PriceListStore {
  list(issuer: Issuer, call: Call): Promise<readonly PriceList[]>;
  publish<A>(issuer: Issuer, list: PriceList, call: Call, answer: A): Promise<A>;
}

export const priceListHandlers = (
  store: PriceListStore,
): HandlersFor<typeof priceListRoutes & typeof operatorPriceListRoutes, Call> => ({
  publishPriceList: ({ params, body }, call) => publish(store, params.organisationId, body, call),
  listPriceLists: ({ params }, call) => list(store, params.organisationId, call),
  publishOperatorPriceList: ({ body }, call) => publish(store, 'operator', body, call),
  listOperatorPriceLists: (_input, call) => list(store, 'operator', call),
});

const list = async (store: PriceListStore, issuer: Issuer, call: Call) => ({
  items: [...(await store.list(issuer, call))],
});

async function publish(store: PriceListStore, issuer: Issuer, wanted: NewPriceList, call: Call): Promise<PriceList> {
  // Last month may still be waiting for its invoices; what was charged before that is not rewritten.
  const earliest = monthBefore(dayIn(OPERATORS_ZONE, call.now).slice(0, 'yyyy-mm'.length));
  if (wanted.validFrom < earliest) {
    throw new Problem('wrong-state', 'A price list begins last month at the earliest.');
  }
  const isOfIssuer = issuer === 'operator' || wanted.items.every(({ charge }) => charge.by !== 'meter');
  if (!isOfIssuer) throw new Problem('wrong-state', 'The use of Vern is metered for Vern’s own invoices alone.');
  const before = await store.list(issuer, call);
  if (before.length >= PRICE_LISTS_MAX) throw new Problem('too-many', `At most ${PRICE_LISTS_MAX} price lists.`);
  const published: PriceList = { ...wanted, id: call.newId('plv'), publishedAt: call.now.toISOString() };
  return store.publish(issuer, published, call, published);
}
