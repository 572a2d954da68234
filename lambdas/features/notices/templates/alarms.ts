import * as z from 'zod';
import { AlarmId, PersonId } from '../../../http/ids.ts';
import { LinkToken } from './accounts.ts';

/** Which alarm, and about whom: looked at again when it is sent, and never said. */
const about = z.strictObject({ alarmId: AlarmId, recipientId: PersonId, at: z.iso.datetime() });
/** The link to answer by, in a mail alone. */
const waiting = about.extend({ token: LinkToken.optional() });

export const alarmTemplates = {
  'alarm-waiting': waiting,
  'alarm-again': waiting,
  /** A device is nearly empty, off, or silent: nobody has called for help. */
  'device-waiting': waiting,
  'alarm-taken': about,
  'alarm-over': about,
} as const;
