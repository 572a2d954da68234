import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { type OrganisationId, RequestId, type SubscriptionId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { subscriberRoutes } from './routes.ts';
import type { Subscription, SubscriptionConsent } from './subscription.ts';

export interface Subscriber {
  readonly subscription: Subscription;
  readonly email: string | undefined;
  readonly consent: SubscriptionConsent | undefined;
}

export interface SubscriberStore {
  list(
    organisationId: OrganisationId,
    range: { readonly limit: number; readonly after?: string },
    call: Call,
  ): Promise<{ readonly subscribers: readonly Subscriber[]; readonly next?: string }>;
  /** False when there is none (any more). */
  end(organisationId: OrganisationId, id: SubscriptionId, call: Call): Promise<boolean>;
}

export const subscriberHandlers = (store: SubscriberStore): HandlersFor<typeof subscriberRoutes, Call> => ({
  async listSubscribers({ params: { organisationId }, query: { cursor, limit } }, call) {
    const list: List = { name: 'subscribers', filter: { organisationId } };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, RequestId);
    const page = await store.list(organisationId, { limit, ...(after !== undefined && { after }) }, call);
    return {
      items: page.subscribers.map(({ subscription, email, consent }) => ({
        ...subscription,
        ...(email !== undefined && { email }),
        ...(consent && { consent }),
      })),
      ...(page.next !== undefined && { next: encodeCursor(list, page.next) }),
    };
  },

  async endSubscription({ params: { organisationId, subscriptionId } }, call) {
    if (!(await store.end(organisationId, subscriptionId, call))) throw new Problem('subscription-not-found');
  },
});
