import * as z from 'zod';
import { PersonId } from '../../http/ids.ts';
import { AttendanceDay, Instant, TimeOfDay } from '../attendance/attendance-day.ts';
import { PlainDate } from '../people/person.ts';
import { IsoWeek } from '../week/iso-week.ts';
import { Closure, closureKinds } from './closure.ts';
import { outcomes } from './decisions.ts';
import { cutOffOf, isChangeable, type OpeningDays, openingOn } from './opening.ts';
import { FILL_WEEKS_MAX } from './rules.ts';
import { STANDING_WEEKS_MAX, StandingWeek, type StandingWeeks } from './standing-week.ts';

export const ExpectedOn = z
  .strictObject({ day: PlainDate, from: TimeOfDay, until: TimeOfDay.optional() })
  .meta({ id: 'ExpectedOn' });
export type ExpectedOn = z.output<typeof ExpectedOn>;

const shape = AttendanceDay.shape;

export const ReservedDay = z
  .strictObject({
    day: PlainDate,
    opening: z.enum(['open', ...closureKinds]),
    /** Of the period that makes the day what it is. */
    title: Closure.shape.title.optional(),
    expected: shape.expected.unwrap().omit({ by: true }).optional(),
    absence: shape.absence.unwrap().pick({ reason: true }).optional(),
    changeableUntil: Instant.optional().meta({
      description: 'The cut-off for guardians; staff may change later days too.',
    }),
    isChangeable: z.boolean().meta({ description: 'Whether a guardian may still change the day.' }),
    needsAnswer: z
      .boolean()
      .meta({ description: 'Whether somebody has to say if the child comes: neither times nor absence.' }),
  })
  .meta({ id: 'ReservedDay' });
type ReservedDay = z.output<typeof ReservedDay>;

export const WeekReservations = z
  .strictObject({
    personId: PersonId,
    week: IsoWeek,
    timeZone: z.string().meta({ description: "The organisation's zone, in which days and times are meant." }),
    version: z.int().min(1).meta({ description: 'The version that `If-Match` takes; 1 for a week without anything.' }),
    days: z.array(ReservedDay).max(7).meta({ description: 'All seven, Monday first.' }),
    nextOpenDay: PlainDate.optional().meta({ description: 'The first day that a guardian may still change.' }),
  })
  .meta({ id: 'WeekReservations' });
export type WeekReservations = z.output<typeof WeekReservations>;

/** Days of one absence. */
export const ABSENCE_DAYS_MAX = 31;
/** Days of one answer to a change of many: as many as one transaction can hold. */
export const CHANGED_DAYS_MAX = 7 * (FILL_WEEKS_MAX + 1);
export const ChangedDays = z
  .strictObject({
    personId: PersonId,
    days: z.array(z.strictObject({ day: PlainDate, outcome: z.enum(outcomes) })).max(CHANGED_DAYS_MAX),
    nextOpenDay: PlainDate.optional(),
  })
  .meta({ id: 'ChangedDays', description: 'What became of each day, or why it was left as it was.' });
export type ChangedDays = z.output<typeof ChangedDays>;

export const StandingWeeksView = z
  .strictObject({
    personId: PersonId,
    version: z.int().min(1),
    versions: z.array(StandingWeek.omit({ by: true })).max(STANDING_WEEKS_MAX),
    filledUntil: PlainDate.optional().meta({
      description: 'The last day that has been entered from the standing week.',
    }),
    changed: ChangedDays.shape.days.optional().meta({ description: 'After a change: the days it was entered into.' }),
  })
  .meta({ id: 'StandingWeeks' });
export type StandingWeeksView = z.output<typeof StandingWeeksView>;

export interface SeenDay {
  readonly day: string;
  readonly stored: AttendanceDay | undefined;
}

export function reservedDay({ day, stored }: SeenDay, opening: OpeningDays, timeZone: string, now: Date): ReservedDay {
  const { kind, closure } = openingOn(opening, day);
  const cutOff = cutOffOf(opening, timeZone, day);
  const { expected, absence } = stored ?? {};
  return {
    day,
    opening: kind,
    ...(closure && { title: closure.title }),
    ...(expected && { expected: timesOf(expected) }),
    ...(absence && { absence: { reason: absence.reason } }),
    ...(cutOff && { changeableUntil: cutOff.toISOString() }),
    isChangeable: isChangeable(opening, timeZone, day, now),
    needsAnswer: kind === 'must-answer' && !expected && !absence,
  };
}

export const standingWeeksView = (
  personId: PersonId,
  version: number,
  weeks: StandingWeeks | undefined,
): StandingWeeksView => ({
  personId,
  version,
  versions: (weeks?.versions ?? []).map(({ by: _, ...seen }) => seen),
  ...(weeks && { filledUntil: weeks.filledUntil }),
});

const timesOf = ({ by: _, ...times }: NonNullable<AttendanceDay['expected']>) => times;
