import { serve } from './serve.ts';

/** Pages and forms that an organisation has opened to anybody. */
export const handler = serve({}, {});
