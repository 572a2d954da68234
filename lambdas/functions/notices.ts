import { deliveryHandlers, myDeliveryHandlers } from '../features/deliveries/handlers.ts';
import { deliveryRoutes, myDeliveryRoutes } from '../features/deliveries/routes.ts';
import { deliveryStore } from '../features/deliveries/store.ts';
import { deviceHandlers } from '../features/devices/handlers.ts';
import { deviceRoutes } from '../features/devices/routes.ts';
import { deviceStore } from '../features/devices/store.ts';
import { distributionHandlers } from '../features/distribution/handlers.ts';
import { distributionRoutes } from '../features/distribution/routes.ts';
import { distributionStore } from '../features/distribution/store.ts';
import { enquiryHandlers } from '../features/enquiries/handlers.ts';
import { enquiryRoutes } from '../features/enquiries/routes.ts';
import { enquiryStore } from '../features/enquiries/store.ts';
import { formSettingHandlers } from '../features/forms/handlers.ts';
import { formSettingRoutes } from '../features/forms/routes.ts';
import { formStore } from '../features/forms/store.ts';
import { noticePreferenceHandlers } from '../features/notice-preferences/handlers.ts';
import { noticePreferenceRoutes } from '../features/notice-preferences/routes.ts';
import { preferenceStore } from '../features/notice-preferences/store.ts';
import { openEventHandlers } from '../features/open-events/handlers.ts';
import { openEventRoutes } from '../features/open-events/routes.ts';
import { openEventStore } from '../features/open-events/store.ts';
import { subscriberHandlers } from '../features/subscriptions/handlers.ts';
import { subscriberRoutes } from '../features/subscriptions/routes.ts';
import { subscriberStore } from '../features/subscriptions/store.ts';
import { surveyHandlers } from '../features/surveys/handlers.ts';
import { surveyRoutes } from '../features/surveys/routes.ts';
import { surveyStore } from '../features/surveys/store.ts';
import { env } from '../platform/env.ts';
import { pushApplicationsFrom, pushEndpoints } from '../platform/push.ts';
import { snsClient } from '../platform/sns.ts';
import { serve } from './serve.ts';

const endpoints = pushEndpoints(snsClient(), pushApplicationsFrom(env('PUSH_APPLICATIONS')));

/** Notices: what became of them, what each person wants of them, jobs, surveys, enquiries. */
export const handler = serve(
  {
    ...deliveryRoutes,
    ...myDeliveryRoutes,
    ...deviceRoutes,
    ...surveyRoutes,
    ...distributionRoutes,
    ...noticePreferenceRoutes,
    ...formSettingRoutes,
    ...enquiryRoutes,
    ...openEventRoutes,
    ...subscriberRoutes,
  },
  {
    ...deliveryHandlers(deliveryStore),
    ...myDeliveryHandlers(deliveryStore),
    ...deviceHandlers(deviceStore, endpoints),
    ...surveyHandlers(surveyStore(env('PUBLIC_URL'))),
    ...distributionHandlers(distributionStore, env('PUBLIC_URL')),
    ...noticePreferenceHandlers(preferenceStore),
    ...formSettingHandlers(formStore),
    ...enquiryHandlers(enquiryStore),
    ...openEventHandlers(openEventStore),
    ...subscriberHandlers(subscriberStore),
  },
);
