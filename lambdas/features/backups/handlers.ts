import type { Call } from '../../http/call.ts';
import type { HandlersFor } from '../../http/route.ts';
import { expiresOn } from './backup.ts';
import type { RegisteredBackup } from './keep.ts';
import type { backupRoutes } from './routes.ts';

export interface BackupsStore {
  /** The newest first. */
  list(call: Call): Promise<readonly RegisteredBackup[]>;
  lastDrill(call: Call): Promise<{ at: string; day: string; isPassed: boolean } | undefined>;
}

export const backupHandlers = (store: BackupsStore): HandlersFor<typeof backupRoutes, Call> => ({
  async listBackups(_input, call) {
    const [backups, lastDrill] = await Promise.all([store.list(call), store.lastDrill(call)]);
    return {
      // How much they hold is of all customers together, and nobody's business.
      items: backups.map(({ items: _items, bytes: _bytes, ...backup }) => ({
        ...backup,
        expiresOn: expiresOn(backup.day),
      })),
      ...(lastDrill && { lastDrill }),
    };
  },
});
