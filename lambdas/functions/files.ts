import { fileHandlers } from '../features/files/handlers.ts';
import { fileRoutes } from '../features/files/routes.ts';
import { fileStore } from '../features/files/store.ts';
import { env } from '../platform/env.ts';
import { fileVault } from '../platform/file-vault.ts';
import { bucketFiles, filesClient } from '../platform/files.ts';
import { quarantine, quarantineClient } from '../platform/quarantine.ts';
import { serve } from './serve.ts';

const client = filesClient();
const buckets = {
  uploads: quarantine(quarantineClient(), env('QUARANTINE_BUCKET')),
  vault: fileVault(client, env('FILES_BUCKET')),
  downloads: bucketFiles(client, env('DOWNLOADS_BUCKET')),
};

export const handler = serve(fileRoutes, fileHandlers(fileStore, buckets, []));
