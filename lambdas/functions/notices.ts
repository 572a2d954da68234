import { deliveryHandlers, myDeliveryHandlers } from '../features/deliveries/handlers.ts';
import { deliveryRoutes, myDeliveryRoutes } from '../features/deliveries/routes.ts';
import { deliveryStore } from '../features/deliveries/store.ts';
import { deviceHandlers } from '../features/devices/handlers.ts';
import { deviceRoutes } from '../features/devices/routes.ts';
import { deviceStore } from '../features/devices/store.ts';
import { noticePreferenceHandlers } from '../features/notice-preferences/handlers.ts';
import { noticePreferenceRoutes } from '../features/notice-preferences/routes.ts';
import { preferenceStore } from '../features/notice-preferences/store.ts';
import { surveyHandlers } from '../features/surveys/handlers.ts';
import { surveyRoutes } from '../features/surveys/routes.ts';
import { surveyStore } from '../features/surveys/store.ts';
import { env } from '../platform/env.ts';
import { pushApplicationsFrom, pushEndpoints } from '../platform/push.ts';
import { snsClient } from '../platform/sns.ts';
import { suppressionClient, suppressionList } from '../platform/suppression.ts';
import { serve } from './serve.ts';

const ses = suppressionClient();
/** A list of its own for each: it keeps SES's pace by waiting between its own calls. */
const suppressed = { remove: (address: string) => suppressionList(ses).remove(address) };
const endpoints = pushEndpoints(snsClient(), pushApplicationsFrom(env('PUSH_APPLICATIONS')));

/** Notices: what became of them, what each person wants of them, jobs, surveys, enquiries. */
export const handler = serve(
  { ...deliveryRoutes, ...myDeliveryRoutes, ...deviceRoutes, ...surveyRoutes, ...noticePreferenceRoutes },
  {
    ...deliveryHandlers(deliveryStore),
    ...myDeliveryHandlers(deliveryStore, suppressed),
    ...deviceHandlers(deviceStore, endpoints),
    ...surveyHandlers(surveyStore(env('PUBLIC_URL'))),
    ...noticePreferenceHandlers(preferenceStore),
  },
);
