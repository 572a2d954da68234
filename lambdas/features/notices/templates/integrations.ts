import * as z from 'zod';
import { oneLine } from '../../../http/free-text.ts';

/** To whoever runs the place: a program was let in or no more, or can be told nothing. */
export const integrationTemplates = {
  'service-client-created': z.strictObject({ name: oneLine({ max: 80 }) }),
  'service-client-ended': z.strictObject({ name: oneLine({ max: 80 }) }),
  /** `host`: where the messages went, without path and query, which may hold a secret of the receiver's. */
  'webhook-disabled': z.strictObject({ host: oneLine({ max: 253 }) }),
} as const;
