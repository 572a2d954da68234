import { KMSClient } from '@aws-sdk/client-kms';
import { activityExportHandlers } from '../features/activity/export-handlers.ts';
import { activityExportRoutes } from '../features/activity/export-routes.ts';
import { activityExportStore } from '../features/activity/export-store.ts';
import { organisationExportHandlers } from '../features/agreement-end/export-handlers.ts';
import { organisationExportRoutes } from '../features/agreement-end/export-routes.ts';
import { organisationExportStore } from '../features/agreement-end/export-store.ts';
import { claimedAnswers } from '../features/claims/answer-store.ts';
import { claimHandlers } from '../features/claims/handlers.ts';
import { claimRoutes } from '../features/claims/routes.ts';
import { claimStore } from '../features/claims/store.ts';
import { downloadOf } from '../features/exports/download.ts';
import { exportHandlers } from '../features/exports/handlers.ts';
import { exportRoutes } from '../features/exports/routes.ts';
import { exportStore } from '../features/exports/store.ts';
import { proofHandlers } from '../features/proofs/handlers.ts';
import { proofRoutes } from '../features/proofs/routes.ts';
import { credentialsFromEnvironment } from '../platform/credentials.ts';
import { env } from '../platform/env.ts';
import { bucketFiles, filesClient } from '../platform/files.ts';
import { kmsSigner } from '../platform/signing.ts';
import { serve } from './serve.ts';

const client = filesClient();
const files = {
  sealed: bucketFiles(client, env('EXPORTS_BUCKET')),
  downloads: bucketFiles(client, env('DOWNLOADS_BUCKET')),
};
const signer = kmsSigner(new KMSClient({ credentials: credentialsFromEnvironment }), env('SIGNING_KEY_ID'));

export const handler = serve(
  { ...exportRoutes, ...claimRoutes, ...organisationExportRoutes, ...activityExportRoutes, ...proofRoutes },
  {
    ...exportHandlers(exportStore, files, signer),
    ...proofHandlers(signer),
    ...organisationExportHandlers(organisationExportStore(files)),
    ...activityExportHandlers(activityExportStore(files)),
    ...claimHandlers(
      claimStore,
      claimedAnswers((stored, call) => downloadOf(stored, files, call)),
    ),
  },
);
