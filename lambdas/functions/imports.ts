import { importHandlers } from '../features/imports/handlers.ts';
import { importRoutes } from '../features/imports/routes.ts';
import { importStore } from '../features/imports/store.ts';
import { env } from '../platform/env.ts';
import { quarantine, quarantineClient } from '../platform/quarantine.ts';
import { serve } from './serve.ts';

const uploads = quarantine(quarantineClient(), env('QUARANTINE_BUCKET'));

export const handler = serve(importRoutes, importHandlers(importStore, uploads));
