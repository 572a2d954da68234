import * as z from 'zod';
import { PersonId } from '../../../http/ids.ts';

/** Copies of what is held. The child's id is there for its protected address alone: no name is written. */
export const exportTemplates = {
  'export-ready': z.strictObject({ expiresAt: z.iso.datetime(), childIds: z.array(PersonId).max(1) }),
} as const;
