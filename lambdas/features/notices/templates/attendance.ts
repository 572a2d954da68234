import * as z from 'zod';
import { PersonId } from '../../../http/ids.ts';

const Instant = z.iso.datetime();

/** What each letter needs to know. Persons stand here by id: names and addresses are read when the notice is sent. */
export const attendanceTemplates = {
  'checked-in': z.strictObject({ childId: PersonId, at: Instant }),
  'not-arrived': z.strictObject({ childId: PersonId, expectedAt: Instant }),
} as const;
