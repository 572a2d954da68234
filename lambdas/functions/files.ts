import { eventFileHome } from '../features/calendar/file-home.ts';
import { sharedDocumentHandlers } from '../features/documents/handlers.ts';
import { documentHome } from '../features/documents/home-store.ts';
import { sharedDocumentRoutes } from '../features/documents/routes.ts';
import { documentStore } from '../features/documents/store.ts';
import { fileHandlers } from '../features/files/handlers.ts';
import { fileRoutes } from '../features/files/routes.ts';
import { fileStore } from '../features/files/store.ts';
import { messageFileHome } from '../features/messages/file-home-store.ts';
import { photoHandlers } from '../features/photos/handlers.ts';
import { photoHome } from '../features/photos/home.ts';
import { photoRoutes } from '../features/photos/routes.ts';
import { photoStore } from '../features/photos/store.ts';
import { ticketFileHome } from '../features/tickets/file-home.ts';
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

const homes = [messageFileHome, documentHome, photoHome, eventFileHome, ticketFileHome];

export const handler = serve(
  { ...fileRoutes, ...sharedDocumentRoutes, ...photoRoutes },
  {
    ...fileHandlers(fileStore, buckets, homes),
    ...sharedDocumentHandlers(documentStore),
    ...photoHandlers(photoStore),
  },
);
