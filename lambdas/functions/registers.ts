import { backupHandlers } from '../features/backups/handlers.ts';
import { backupRoutes } from '../features/backups/routes.ts';
import { backupsStore } from '../features/backups/store.ts';
import { breachHandlers } from '../features/registers/breach-handlers.ts';
import { breachRoutes } from '../features/registers/breach-routes.ts';
import { breachStore } from '../features/registers/breach-store.ts';
import { disclosureHandlers } from '../features/registers/disclosure-handlers.ts';
import { disclosureRoutes } from '../features/registers/disclosure-routes.ts';
import { disclosureStore } from '../features/registers/disclosure-store.ts';
import { overviewHandlers } from '../features/registers/overview-handlers.ts';
import { overviewRoutes } from '../features/registers/overview-routes.ts';
import { overviewStore } from '../features/registers/overview-store.ts';
import { subProcessorHandlers } from '../features/registers/sub-processor-handlers.ts';
import { subProcessors } from '../features/registers/sub-processor-list.ts';
import { subProcessorRoutes } from '../features/registers/sub-processor-routes.ts';
import { subProcessorStore } from '../features/registers/sub-processor-store.ts';
import { serve } from './serve.ts';

/** What a controller answers for, and what everyone may see of it. */
export const handler = serve(
  { ...subProcessorRoutes, ...breachRoutes, ...disclosureRoutes, ...overviewRoutes, ...backupRoutes },
  {
    ...subProcessorHandlers(subProcessorStore, subProcessors),
    ...breachHandlers(breachStore),
    ...disclosureHandlers(disclosureStore),
    ...overviewHandlers(overviewStore, { first: subProcessors, changes: subProcessorStore.changes }),
    ...backupHandlers(backupsStore),
  },
);
