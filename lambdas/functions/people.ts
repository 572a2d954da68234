import { personHandlers } from '../features/people/handlers.ts';
import { personRoutes } from '../features/people/routes.ts';
import { personStore } from '../features/people/store.ts';
import { pictureHandlers } from '../features/pictures/handlers.ts';
import { pictureRoutes } from '../features/pictures/routes.ts';
import { pictureStore } from '../features/pictures/store.ts';
import { serve } from './serve.ts';

export const handler = serve(
  { ...personRoutes, ...pictureRoutes },
  { ...personHandlers(personStore), ...pictureHandlers(pictureStore) },
);
