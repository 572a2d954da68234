import { activityHandlers } from '../features/activity/handlers.ts';
import { myActivityHandlers } from '../features/activity/my-handlers.ts';
import { myActivityStore } from '../features/activity/my-store.ts';
import { activityRoutes, myActivityRoutes } from '../features/activity/routes.ts';
import { activityStore } from '../features/activity/store.ts';
import { changeHandlers } from '../features/changes/handlers.ts';
import { changeRoutes } from '../features/changes/routes.ts';
import { changeStore } from '../features/changes/store.ts';
import { transparencyLog } from '../features/transparency/log.ts';
import { viewHandlers } from '../features/views/handlers.ts';
import { viewRoutes } from '../features/views/routes.ts';
import { viewStore } from '../features/views/store.ts';
import { env } from '../platform/env.ts';
import { bucketFiles, filesClient } from '../platform/files.ts';
import { logTable } from '../platform/log-table.ts';
import { containerStore } from './container.ts';
import { serve } from './serve.ts';

const store = containerStore();
const log = transparencyLog(logTable(store), bucketFiles(filesClient(), env('LOG_BUCKET')));

export const handler = serve(
  { ...activityRoutes, ...myActivityRoutes, ...viewRoutes, ...changeRoutes },
  {
    ...activityHandlers(activityStore, log),
    ...myActivityHandlers(myActivityStore, log),
    ...viewHandlers(viewStore),
    ...changeHandlers(changeStore),
  },
  store,
);
