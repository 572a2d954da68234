import type { Owner } from '../../../platform/entity.ts';
import type { Records } from '../../../platform/records.ts';
import type { FurtherChannel } from './channel.ts';
import { devicesOf } from './push.ts';
import { numberOf } from './sms.ts';

/** The further channels by which somebody can be reached at all: who has a number, and a device. Two round trips. */
export async function reachedBy(to: Owner, records: Records): Promise<readonly FurtherChannel[]> {
  const [number, devices] = await Promise.all([numberOf(to, records), devicesOf(to, records)]);
  return [...(number === undefined ? [] : ['sms' as const]), ...(devices.length === 0 ? [] : ['push' as const])];
}
