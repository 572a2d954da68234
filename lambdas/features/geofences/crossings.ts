import type * as z from 'zod';
import { isWithin } from '../receivers/weekly-hours.ts';
import type { GeofenceFields } from './geofence.ts';
import { type Measured, type Side, sideOf } from './shape.ts';

/** What is remembered of one recipient and one geofence. */
export interface Standing {
  readonly side: Side;
  /** Nothing has been told of this side since the geofence's hours began. */
  readonly isArmed: boolean;
}

export type Crossing = 'enter' | 'leave';

type Counting = Pick<z.output<typeof GeofenceFields>, 'shape' | 'hours' | 'alarmOn'>;

/**
 * What one more position means for one geofence. Positions must come in the order of their instants: what is late is not
 * for here. Where somebody is for the first time is no crossing, unless they are on the wrong side when the hours begin;
 * outside its hours a geofence only watches. Pure.
 */
export function afterPosition(
  fence: Counting,
  before: Standing | undefined,
  position: Measured,
  at: Date,
  timeZone: string,
): { readonly standing: Standing | undefined; readonly crossing?: Crossing } {
  const side = sideOf(fence.shape, position) ?? before?.side;
  if (side === undefined) return { standing: undefined };
  const counts = isWithin(fence.hours, at, timeZone);
  if (!counts) return { standing: { side, isArmed: true } };
  const standing = { side, isArmed: false };
  if (!before) return { standing };
  const crossing: Crossing = side === 'inside' ? 'enter' : 'leave';
  const isCrossed = side !== before.side && (fence.alarmOn === 'both' || fence.alarmOn === crossing);
  const isWrongAtBeginning = before.isArmed && fence.alarmOn === crossing;
  return isCrossed || isWrongAtBeginning ? { standing, crossing } : { standing };
}
