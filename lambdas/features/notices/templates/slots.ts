import * as z from 'zod';
import { PersonId } from '../../../http/ids.ts';

const Instant = z.iso.datetime();

/** Of booked times: to the guardian about a child, to the member of staff about the time alone. */
export const slotTemplates = {
  'slot-booked': z.strictObject({ childId: PersonId, at: Instant }),
  'slot-cancelled': z.strictObject({ childId: PersonId, at: Instant }),
  'slot-taken': z.strictObject({ at: Instant }),
  'slot-moved': z.strictObject({ from: Instant, at: Instant }),
  'slot-freed': z.strictObject({ at: Instant }),
} as const;
