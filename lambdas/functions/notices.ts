import { deviceHandlers } from '../features/devices/handlers.ts';
import { deviceRoutes } from '../features/devices/routes.ts';
import { deviceStore } from '../features/devices/store.ts';
import { noticePreferenceHandlers } from '../features/notice-preferences/handlers.ts';
import { noticePreferenceRoutes } from '../features/notice-preferences/routes.ts';
import { preferenceStore } from '../features/notice-preferences/store.ts';
import { env } from '../platform/env.ts';
import { pushApplicationsFrom, pushEndpoints } from '../platform/push.ts';
import { snsClient } from '../platform/sns.ts';
import { serve } from './serve.ts';

const endpoints = pushEndpoints(snsClient(), pushApplicationsFrom(env('PUSH_APPLICATIONS')));

/** Notices: what became of them, what each person wants of them, jobs, surveys, enquiries. */
export const handler = serve(
  { ...deviceRoutes, ...noticePreferenceRoutes },
  { ...deviceHandlers(deviceStore, endpoints), ...noticePreferenceHandlers(preferenceStore) },
);
