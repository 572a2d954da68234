import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { instantOf } from '../../platform/calendar.ts';
import type { Change, Stored } from '../../platform/records.ts';
import {
  type AttendanceDay,
  type attendanceDayEntity,
  attendanceDayRef,
  attendancePointers,
  isAwaited,
  openStayOf,
} from './attendance-day.ts';

export type StoredDay = Stored<typeof attendanceDayEntity>;

export interface ChildHere {
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
  /** The organisation's. */
  readonly timeZone: string;
}

/** A day as it was read (absent when it holds nothing yet) and as it shall be. */
export interface DayEdit {
  readonly before: StoredDay | undefined;
  readonly after: AttendanceDay;
}

/**
 * Puts days of one child and the pointers that follow from them. Each day is conditioned on the version that was read
 * (`StaleVersion`: decide again), and a new open stay on there being none on any other day (`already-checked-in`).
 */
export function writeDays(
  change: Change,
  child: ChildHere,
  edits: readonly DayEdit[],
  /** The pointer to an earlier open stay was read, and this change moves it: the days' versions guard that. */
  movesPointer = false,
): void {
  const { organisationId, personId } = child;
  for (const { before, after } of edits) {
    const ref = attendanceDayRef(organisationId, personId, after.day);
    change.put(ref, after, before ? { version: before.version } : 'new');
    pointExpected(change, child, before?.value, after);
  }
  const pointer = attendancePointers.open(organisationId, personId);
  const opened = edits.find(({ before, after }) => openStayOf(after) && !isOpen(before));
  if (opened) {
    const open = { ...pointer, attributes: { day: opened.after.day } };
    change.point(open, movesPointer ? {} : { ifNew: () => new Problem('already-checked-in') });
  } else if (edits.some(({ before, after }) => isOpen(before) && !openStayOf(after))) {
    change.unpoint(pointer);
  }
}

const isOpen = (stored: StoredDay | undefined) => stored !== undefined && openStayOf(stored.value) !== undefined;

function pointExpected(
  change: Change,
  { organisationId, personId, timeZone }: ChildHere,
  before: AttendanceDay | undefined,
  after: AttendanceDay,
): void {
  const pointer = attendancePointers.expected(organisationId, after.day, personId);
  if (isAwaited(after) && after.expected) {
    const expectedAt = instantOf(timeZone, after.day, after.expected.from);
    change.point({ ...pointer, attributes: { expectedAtEpochSeconds: expectedAt.getTime() / 1000 } });
    return;
  }
  if (before && isAwaited(before)) change.unpoint(pointer);
}
