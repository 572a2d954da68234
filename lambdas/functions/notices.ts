import { serve } from './serve.ts';

/** Notices: what became of them, what each person wants of them, jobs, surveys, enquiries. */
export const handler = serve({}, {});
