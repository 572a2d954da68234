import * as z from 'zod';
import { PersonId } from '../../../http/ids.ts';

const asked = z.enum(['none', 'opening', 'confirmation']);

/** That a document was published: never which one. `asked`: what its reader is asked to do. */
export const documentTemplates = {
  'document-about-child': z.strictObject({ childId: PersonId, asked }),
  'document-for-you': z.strictObject({ asked }),
} as const;
