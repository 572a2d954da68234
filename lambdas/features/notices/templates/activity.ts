import * as z from 'zod';

export const activityTemplates = {
  'activity-export-ready': z.strictObject({ expiresAt: z.iso.datetime() }),
} as const;
