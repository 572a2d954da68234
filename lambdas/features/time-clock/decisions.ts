import type { CustomerId, PersonId, TimeClockEntryId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import {
  BREAKS_MAX,
  CORRECTIONS_MAX,
  type correctionReasons,
  ENTRIES_MAX,
  openEntryOf,
  STINT_HOURS_MAX,
  type TimeClockEntry,
  type WorkDay,
} from './work-day.ts';

export const stamps = ['in', 'out', 'break', 'back'] as const;
export type Stamp = (typeof stamps)[number];

/** A stamp as it counts: `at` is the server's instant, or the device's where it had no network. */
export interface Stamped {
  readonly at: string;
  readonly deviceAt?: string;
}

/** Stamped in. Throws `already-clocked-in`, `day-approved` or `too-many`. Pure. */
export function clockIn(
  day: WorkDay,
  entry: { readonly id: TimeClockEntryId; readonly customerId?: CustomerId | undefined },
  { at, deviceAt }: Stamped,
): WorkDay {
  demandOpen(day);
  if (openEntryOf(day)) throw new Problem('already-clocked-in');
  return withEntries(day, [
    ...day.entries,
    {
      id: entry.id,
      startedAt: at,
      breaks: [],
      ...(entry.customerId !== undefined && { customerId: entry.customerId }),
      ...(deviceAt !== undefined && { device: { startedAt: deviceAt } }),
    },
  ]);
}

/** Stamped out; a break that lasts ends with it. Throws `not-clocked-in`, `day-approved` or `hours-refused`. Pure. */
export function clockOut(day: WorkDay, { at, deviceAt }: Stamped): WorkDay {
  const open = demandClockedIn(day);
  return withEntry(day, {
    ...open,
    breaks: open.breaks.map((taken) => ({ ...taken, until: taken.until ?? at })),
    endedAt: at,
    ...(deviceAt !== undefined && { device: { ...open.device, endedAt: deviceAt } }),
  });
}

/** A break begins. Throws `not-clocked-in`, `wrong-state` when there is one already, and as {@link clockOut}. Pure. */
export function takeBreak(day: WorkDay, { at }: Stamped): WorkDay {
  const open = demandClockedIn(day);
  if (open.breaks.some(({ until }) => until === undefined)) throw new Problem('wrong-state', 'A break lasts already.');
  if (open.breaks.length >= BREAKS_MAX) throw new Problem('too-many', `At most ${BREAKS_MAX} breaks.`);
  return withEntry(day, { ...open, breaks: [...open.breaks, { from: at }] });
}

/** Back from a break. Throws `not-clocked-in`, or `wrong-state` when there is none. Pure. */
export function comeBack(day: WorkDay, { at }: Stamped): WorkDay {
  const open = demandClockedIn(day);
  if (!open.breaks.some(({ until }) => until === undefined)) throw new Problem('wrong-state', 'No break lasts.');
  return withEntry(day, { ...open, breaks: open.breaks.map((taken) => ({ ...taken, until: taken.until ?? at })) });
}

/** Nobody stamped out: the hours stay unknown until they are corrected, because a guess would be paid for. Pure. */
export function leaveUnended(day: WorkDay): WorkDay {
  const open = openEntryOf(day);
  return open ? replaced(day, { ...open, isUnended: true }) : day;
}

export interface Wanted {
  readonly reason: (typeof correctionReasons)[number];
  /** What is corrected; absent: hours are entered that nobody stamped. */
  readonly entryId?: TimeClockEntryId | undefined;
  readonly isWithdrawn?: true | undefined;
  readonly startedAt?: string | undefined;
  readonly endedAt?: string | undefined;
  readonly breaks?: TimeClockEntry['breaks'] | undefined;
  readonly customerId?: CustomerId | undefined;
}

/**
 * Put right, with who, when, and how it was before; nothing is ever written over. Throws `time-entry-not-found`,
 * `day-approved`, `hours-refused` or `too-many`. Pure.
 */
export function correct(
  day: WorkDay,
  wanted: Wanted,
  { by, now, newId }: { readonly by: PersonId; readonly now: string; readonly newId: TimeClockEntryId },
): WorkDay {
  demandOpen(day);
  if (day.corrections.length >= CORRECTIONS_MAX) throw new Problem('too-many', `At most ${CORRECTIONS_MAX} a day.`);
  const before = wanted.entryId === undefined ? undefined : day.entries.find(({ id }) => id === wanted.entryId);
  if (wanted.entryId !== undefined && !before) throw new Problem('time-entry-not-found');
  const after = wanted.isWithdrawn ? undefined : hoursAfter(before, wanted, newId);
  if (after && after.endedAt !== undefined && after.endedAt > now) throw hoursRefused('Not in the future.');
  const correction = {
    at: now,
    by,
    reason: wanted.reason,
    entryId: before?.id ?? newId,
    ...(before && { before: hoursOf(before) }),
    ...(after && { after: hoursOf(after) }),
  };
  const others = day.entries.filter(({ id }) => id !== before?.id);
  return { ...withEntries(day, after ? [...others, after] : others), corrections: [...day.corrections, correction] };
}

function hoursAfter(before: TimeClockEntry | undefined, wanted: Wanted, newId: TimeClockEntryId): TimeClockEntry {
  const startedAt = wanted.startedAt ?? before?.startedAt;
  const endedAt = wanted.endedAt ?? before?.endedAt;
  // Hours that are being worked have no end yet; what is corrected afterwards has.
  if (startedAt === undefined || endedAt === undefined) throw hoursRefused('A beginning and an end are needed.');
  const customerId = wanted.customerId ?? before?.customerId;
  return {
    id: before?.id ?? newId,
    startedAt,
    endedAt,
    breaks: [...(wanted.breaks ?? before?.breaks ?? [])],
    ...(customerId !== undefined && { customerId }),
    ...(before?.device && { device: before.device }),
  };
}

const hoursOf = ({ startedAt, endedAt, breaks, customerId }: TimeClockEntry) => ({
  startedAt,
  ...(endedAt !== undefined && { endedAt }),
  breaks,
  ...(customerId !== undefined && { customerId }),
});

function demandClockedIn(day: WorkDay): TimeClockEntry {
  demandOpen(day);
  const open = openEntryOf(day);
  if (!open) throw new Problem('not-clocked-in');
  return open;
}

function demandOpen({ approvedIn }: WorkDay): void {
  if (approvedIn !== undefined) throw new Problem('day-approved');
}

const withEntry = (day: WorkDay, entry: TimeClockEntry): WorkDay => {
  const { entries } = replaced(day, entry);
  return withEntries(day, entries);
};
const replaced = (day: WorkDay, entry: TimeClockEntry): WorkDay => ({
  ...day,
  entries: day.entries.map((one) => (one.id === entry.id ? entry : one)),
});

/** As the day shall be, if it can be: nobody works twice at once, or rests while not at work. */
function withEntries(day: WorkDay, entries: readonly TimeClockEntry[]): WorkDay {
  if (entries.length > ENTRIES_MAX) throw new Problem('too-many', `At most ${ENTRIES_MAX} a day.`);
  const sorted = [...entries].sort((one, other) => (one.startedAt < other.startedAt ? -1 : 1));
  for (const [i, entry] of sorted.entries()) {
    demandInOrder(entry);
    const earlier = sorted[i - 1];
    if (earlier && (earlier.endedAt ?? earlier.startedAt) > entry.startedAt) throw hoursRefused('Hours overlap.');
  }
  return { ...day, entries: sorted };
}

function demandInOrder({ startedAt, endedAt, breaks }: TimeClockEntry): void {
  if (endedAt !== undefined) {
    if (endedAt < startedAt) throw hoursRefused('The end is before the beginning.');
    if (Date.parse(endedAt) - Date.parse(startedAt) > STINT_HOURS_MAX * 3_600_000) {
      throw hoursRefused(`At most ${STINT_HOURS_MAX} hours at a stretch.`);
    }
  }
  let from = startedAt;
  for (const taken of breaks) {
    const until = taken.until ?? endedAt;
    if (taken.from < from || (until !== undefined && until < taken.from))
      throw hoursRefused('Breaks are not in order.');
    if (endedAt !== undefined && (until ?? taken.from) > endedAt) throw hoursRefused('A break is outside the hours.');
    from = until ?? taken.from;
  }
}

/**
 * Nobody works twice at once over midnight either: throws `hours-refused` where a day's hours run into those of the day
 * before or after.
 *
 * @param now until then somebody is at work who has not stamped out; absent: of such hours the beginning alone counts
 */
export function demandApart(day: WorkDay, neighbours: readonly (WorkDay | undefined)[], now?: string): void {
  const others = neighbours.flatMap((one) => one?.entries ?? []).map((entry) => spanOf(entry, now));
  const own = day.entries.map((entry) => spanOf(entry));
  const runsInto = own.some((one) =>
    others.some((other) => (one.from < other.until && other.from < one.until) || one.from === other.from),
  );
  if (runsInto) throw hoursRefused('Hours overlap with those of the day before or after.');
}

function spanOf({ startedAt, endedAt, isUnended }: TimeClockEntry, now = startedAt) {
  return { from: startedAt, until: endedAt ?? (isUnended ? startedAt : now) };
}

const hoursRefused = (detail: string) => new Problem('hours-refused', detail);
