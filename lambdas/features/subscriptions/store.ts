import { RequestId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import { outsiderOf } from '../forms/form.ts';
import { replyAddressRef } from '../requests/request.ts';
import type { SubscriberStore } from './handlers.ts';
import { subscriberPointer } from './subscribers.ts';
import { endSubscription } from './subscribing.ts';
import { subscriptionConsentRef, subscriptionIdOf, subscriptionRef } from './subscription.ts';

export const subscriberStore: SubscriberStore = {
  async list(organisationId, { limit, after }, { records }) {
    const { table, pk, sk } = subscriberPointer(organisationId, 'newsletter', '');
    const range = { prefix: sk, limit, ...(after !== undefined && { after: `${sk}${after}` }) };
    const { items, next } = await records.pointers(table, pk, range);
    const ids = items.map((row) => RequestId.parse(row.sk.slice(sk.length)));
    const owners = ids.map((subject): Owner => ({ controller: organisationId, subject }));
    const [subscriptions, addresses, consents] = await Promise.all([
      records.getMany(owners.map(subscriptionRef)),
      records.getMany(ids.map((id) => replyAddressRef(organisationId, id))),
      records.getMany(owners.map((owner) => subscriptionConsentRef(organisationId, subscriptionIdOf(owner)))),
    ]);
    return {
      subscribers: subscriptions.flatMap((stored, i) =>
        stored ? [{ subscription: stored.value, email: addresses[i]?.value.email, consent: consents[i]?.value }] : [],
      ),
      ...(next !== undefined && { next: next.slice(sk.length) }),
    };
  },

  async end(organisationId, id, call) {
    const owner = outsiderOf(organisationId, id);
    if (!(await call.records.get(subscriptionRef(owner)))) return false;
    await endSubscription(call.records.change(), owner, 'staff', call);
    return true;
  },
};
