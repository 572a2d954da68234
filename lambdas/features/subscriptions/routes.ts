import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { SubscriptionId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, orderingErasure, readingRecords } from '../../platform/capabilities.ts';
import { Subscription, SubscriptionConsent } from './subscription.ts';

const ofSubscription = inOrganisation.extend({ subscriptionId: SubscriptionId });
const SubscriberView = z
  .strictObject({
    ...Subscription.shape,
    email: z.email().optional(),
    consent: SubscriptionConsent.optional().meta({ description: 'The proof that it was asked for (Art. 7(1)).' }),
  })
  .meta({ id: 'Subscriber' });

/** For staff: who outside the organisation gets its newsletter. Whoever is registered stands among the consents. */
export const subscriberRoutes = {
  listSubscribers: {
    summary: 'List who subscribes to the newsletter without being registered',
    tag: 'Enquiries',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/subscribers',
    access: rolesThatMay('subscriber:manage'),
    params: inOrganisation,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(SubscriberView) },
    problems: [],
    needs: [...readingRecords, 'rights:read', 'activity:append'],
    reads: 'subscribers',
  },
  endSubscription: {
    summary: 'End a subscription for a reader who has asked for it',
    description:
      'At once, for letters that wait as well; the address is destroyed. That they had said yes, and when it ended, is kept.',
    tag: 'Enquiries',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/subscribers/{subscriptionId}',
    access: rolesThatMay('subscriber:manage'),
    params: ofSubscription,
    success: { status: 204 },
    problems: ['subscription-not-found'],
    needs: [...changingRecords, ...orderingErasure, 'lookup:write'],
  },
} as const satisfies Routes;
