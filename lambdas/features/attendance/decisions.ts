import type { PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import {
  type AttendanceDay,
  type absenceReasons,
  CORRECTIONS_MAX,
  type correctionReasons,
  type DayBounds,
  isAwaited,
  openStayOf,
  STAYS_MAX,
  type Stay,
} from './attendance-day.ts';

/** Everything that changes a day, decided purely. Instants are RFC 3339 in UTC with milliseconds, so they compare as text. */

export interface Door {
  readonly by: PersonId;
  readonly now: string;
}

/** Throws `already-checked-in`, `too-many`. A child that comes after all is not absent. */
export function checkIn({ absence: _, ...day }: AttendanceDay, { by, now }: Door): AttendanceDay {
  if (openStayOf(day)) throw new Problem('already-checked-in');
  if (day.stays.length >= STAYS_MAX) throw new Problem('too-many', `At most ${STAYS_MAX} stays a day.`);
  // Two doors have two clocks: a stay never begins before the one before it has ended.
  const checkedInAt = latest([now, ...day.stays.map(({ checkedOutAt }) => checkedOutAt ?? '')]);
  return { ...day, stays: [...day.stays, { id: nextStayId(day), checkedInAt, checkedInBy: by }] };
}

/** Throws `not-checked-in`. After 24:00 of its day the stay ends there, whoever opens the door. */
export function checkOut(day: AttendanceDay, { by, now }: Door, { end }: DayBounds): AttendanceDay {
  const open = openStayOf(day);
  if (!open) throw new Problem('not-checked-in');
  if (now >= end) return closeForgotten(day, end);
  return withStay(day, { ...open, checkedOutAt: latest([now, open.checkedInAt]), checkedOutBy: by });
}

/** Ends the open stay at 24:00 of its day; a day without one stays as it is. */
export function closeForgotten(day: AttendanceDay, end: string): AttendanceDay {
  const open = openStayOf(day);
  return open ? withStay(day, { ...open, checkedOutAt: end, closedBySystem: true }) : day;
}

/** The day as it is at an instant: after its end nobody is there, whether or not the clock has come by. */
export const asOf = (day: AttendanceDay, now: string, { end }: DayBounds): AttendanceDay =>
  now >= end ? closeForgotten(day, end) : day;

export const expectArrival = (day: AttendanceDay, expected: NonNullable<AttendanceDay['expected']>): AttendanceDay => ({
  ...day,
  expected,
});

/** Throws `wrong-state` when the child has been there. */
export function reportAbsence(
  day: AttendanceDay,
  { by, now, reason }: Door & { readonly reason: (typeof absenceReasons)[number] },
): AttendanceDay {
  if (day.stays.length > 0) throw new Problem('wrong-state', 'The child has been there on this day.');
  return { ...day, absence: { reason, by, at: now } };
}

export const withdrawAbsence = ({ absence: _, ...day }: AttendanceDay): AttendanceDay => day;

export interface StayChanges {
  readonly checkedInAt?: string | undefined;
  readonly checkedOutAt?: string | undefined;
  /** The stay never was: somebody pressed the wrong name. */
  readonly withdrawn?: true | undefined;
}

/**
 * Corrects the times of a stay, or takes it away; what was there before is kept with who and when. Throws
 * `stay-not-found`, `too-many`, and `wrong-state` for times outside the day, in the future or in another stay.
 */
export function correct(
  day: AttendanceDay,
  wanted: Door & {
    readonly stayId: string;
    readonly reason: (typeof correctionReasons)[number];
    readonly changes: StayChanges;
  },
  bounds: DayBounds,
): AttendanceDay {
  const { by, now, stayId, reason, changes } = wanted;
  const stay = day.stays.find(({ id }) => id === stayId);
  if (!stay) throw new Problem('stay-not-found');
  demandRoomForCorrection(day);
  const others = day.stays.filter(({ id }) => id !== stayId);
  const after = changes.withdrawn ? undefined : corrected(stay, changes, by);
  if (after) demandPossible(after, others, now, bounds);
  const correction = { at: now, by, reason, stayId, before: timesOf(stay), ...(after && { after: timesOf(after) }) };
  return {
    ...day,
    stays: inOrder(after ? [...others, after] : others),
    corrections: [...day.corrections, correction],
  };
}

/**
 * Enters a stay that nobody registered at the door, kept as a correction: who entered it, and when. A child that was
 * there was not absent. Throws `too-many`, and `wrong-state` as `correct` does.
 */
export function enterStay(
  { absence: _, ...day }: AttendanceDay,
  wanted: Door & {
    readonly reason: (typeof correctionReasons)[number];
    readonly checkedInAt: string;
    readonly checkedOutAt: string;
  },
  bounds: DayBounds,
): AttendanceDay {
  const { by, now, reason } = wanted;
  if (day.stays.length >= STAYS_MAX) throw new Problem('too-many', `At most ${STAYS_MAX} stays a day.`);
  demandRoomForCorrection(day);
  const stay: Stay = {
    id: nextStayId(day),
    checkedInAt: inUtc(wanted.checkedInAt),
    checkedInBy: by,
    checkedOutAt: inUtc(wanted.checkedOutAt),
    checkedOutBy: by,
  };
  demandPossible(stay, day.stays, now, bounds);
  const correction = { at: now, by, reason, stayId: stay.id, after: timesOf(stay) };
  return { ...day, stays: inOrder([...day.stays, stay]), corrections: [...day.corrections, correction] };
}

/** `tell`: the guardians are asked now. `nothing`: there is nothing to wait for. */
export function missedArrival(
  day: AttendanceDay,
  { now, dueAt }: { readonly now: string; readonly dueAt: string },
): 'tell' | 'wait' | 'nothing' {
  if (!isAwaited(day)) return 'nothing';
  return now >= dueAt ? 'tell' : 'wait';
}

function demandRoomForCorrection({ corrections }: AttendanceDay): void {
  if (corrections.length >= CORRECTIONS_MAX) {
    throw new Problem('too-many', `At most ${CORRECTIONS_MAX} corrections a day.`);
  }
}

function corrected(stay: Stay, { checkedInAt, checkedOutAt }: StayChanges, by: PersonId): Stay {
  const began = checkedInAt === undefined ? stay : { ...stay, checkedInAt: inUtc(checkedInAt) };
  if (checkedOutAt === undefined) return began;
  const { closedBySystem: _, ...open } = began;
  return { ...open, checkedOutAt: inUtc(checkedOutAt), checkedOutBy: by };
}

function demandPossible(stay: Stay, others: readonly Stay[], now: string, { start, end }: DayBounds): void {
  const { checkedInAt, checkedOutAt } = stay;
  const endsAt = checkedOutAt ?? checkedInAt;
  if (checkedInAt < start || endsAt > end) throw new Problem('wrong-state', 'A stay lies within its day.');
  if (latest([checkedInAt, endsAt]) > now) throw new Problem('wrong-state', 'A stay cannot be in the future.');
  if (endsAt < checkedInAt) throw new Problem('wrong-state', 'A stay ends after it has begun.');
  if (others.some((other) => overlap(stay, other))) throw new Problem('wrong-state', 'Two stays would overlap.');
}

const FOREVER = '9999';
const overlap = (one: Stay, other: Stay) =>
  one.checkedInAt < (other.checkedOutAt ?? FOREVER) && other.checkedInAt < (one.checkedOutAt ?? FOREVER);

const timesOf = ({ checkedInAt, checkedOutAt }: Stay) => ({
  checkedInAt,
  ...(checkedOutAt !== undefined && { checkedOutAt }),
});

const withStay = (day: AttendanceDay, stay: Stay): AttendanceDay => ({
  ...day,
  stays: day.stays.map((other) => (other.id === stay.id ? stay : other)),
});

/** Stays that were taken away live on in the corrections: their ids are not given again. */
const nextStayId = ({ stays, corrections }: AttendanceDay): string =>
  String(1 + Math.max(0, ...stays.map(({ id }) => Number(id)), ...corrections.map(({ stayId }) => Number(stayId))));

const inOrder = (stays: readonly Stay[]) =>
  [...stays].sort(
    (one, other) => one.checkedInAt.localeCompare(other.checkedInAt) || Number(one.id) - Number(other.id),
  );

const latest = (instants: readonly string[]): string => [...instants].sort().at(-1) ?? '';

/** `2026-11-23T07:00Z` and `…:00.000Z` are one instant; as text they are two. */
const inUtc = (instant: string) => new Date(instant).toISOString();
