import * as z from 'zod';
import { PersonId } from '../../http/ids.ts';
import { PlainDate } from '../people/person.ts';
import { breakMinutesOf, minutesOf } from './minutes.ts';
import {
  BREAKS_MAX,
  Break,
  CORRECTIONS_MAX,
  Correction,
  ENTRIES_MAX,
  openEntryOf,
  TimeClockEntry,
  type WorkDay,
} from './work-day.ts';

const EntryView = TimeClockEntry.extend({
  breaks: z.array(Break).max(BREAKS_MAX),
  /** Whole minutes, without breaks; absent while the end is not known. */
  minutes: z.int().min(0).optional(),
}).meta({ id: 'TimeClockEntry' });

export const WorkDayView = z
  .strictObject({
    personId: PersonId,
    day: PlainDate,
    state: z.enum(['working', 'on-break', 'off', 'approved']),
    entries: z.array(EntryView).max(ENTRIES_MAX),
    minutes: z.int().min(0),
    breakMinutes: z.int().min(0),
    corrections: z.array(Correction).max(CORRECTIONS_MAX),
    version: z.int().min(1),
  })
  .meta({ id: 'WorkDay' });
export type WorkDayView = z.input<typeof WorkDayView>;

/** `version`: of the record as it stands, or 0 where there is none yet. */
export function workDayView(personId: PersonId, day: WorkDay, version: number): WorkDayView {
  const { entries, corrections, approvedIn } = day;
  const open = openEntryOf(day);
  const isOnBreak = open?.breaks.some(({ until }) => until === undefined) ?? false;
  const working = open && (isOnBreak ? 'on-break' : 'working');
  return {
    personId,
    day: day.day,
    state: approvedIn === undefined ? (working ?? 'off') : 'approved',
    entries: entries.map((entry) => ({ ...entry, ...(entry.endedAt !== undefined && { minutes: minutesOf(entry) }) })),
    minutes: entries.reduce((sum, entry) => sum + minutesOf(entry), 0),
    breakMinutes: entries.reduce((sum, entry) => sum + breakMinutesOf(entry), 0),
    corrections,
    version: version + 1,
  };
}
