import type { GroupId } from '../../http/ids.ts';
import { daysAfter } from '../../platform/calendar.ts';
import type { Placement } from './person.ts';

/**
 * Puts a placement in, or sets the last day of the one that began on that day. Undefined when it would overlap another
 * in the same group, or end before it began.
 */
export function withPlacement(placements: readonly Placement[], placement: Placement): Placement[] | undefined {
  if (placement.until !== undefined && placement.until < placement.from) return undefined;
  const others = placements.filter((other) => !(other.groupId === placement.groupId && other.from === placement.from));
  if (others.some((other) => other.groupId === placement.groupId && overlap(other, placement))) return undefined;
  return [...others, placement].sort((one, other) => one.from.localeCompare(other.from));
}

/**
 * Moves somebody to a group as a register says it: unchanged when they are in that group already, else out of where
 * they are. A register repeats the day on which somebody came to the organisation, so a later move is taken from today.
 */
export function movedTo(
  placements: readonly Placement[],
  groupId: GroupId,
  startDate: string,
  today: string,
): Placement[] | undefined {
  const open = placements.filter((placement) => placement.until === undefined || placement.until >= today);
  if (open.some((placement) => placement.groupId === groupId)) return undefined;
  const latestStart = latest(open.map((placement) => placement.from));
  const lastThere = latest(placements.filter((past) => past.groupId === groupId).map((past) => past.until ?? ''));
  const from = [startDate, today].find((day) => day > latestStart && day > lastThere) ?? latestStart;
  const kept = placements.flatMap((placement) => {
    if (!open.includes(placement)) return [placement];
    // One that had not begun is replaced, not ended before its first day.
    if (placement.from >= from) return [];
    const dayBefore = daysAfter(from, -1);
    return [{ ...placement, until: earliest([placement.until ?? dayBefore, dayBefore]) }];
  });
  return [...kept, { groupId, from }];
}

const latest = (days: readonly string[]): string => [...days].sort().at(-1) ?? '';
const earliest = (days: readonly [string, ...string[]]): string => [...days].sort()[0] ?? days[0];

const overlap = (one: Placement, other: Placement) =>
  one.from <= (other.until ?? '9999-12-31') && other.from <= (one.until ?? '9999-12-31');
