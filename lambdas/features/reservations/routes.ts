import * as z from 'zod';
import { PersonId } from '../../http/ids.ts';
import { inOrganisation, ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { absenceReasons } from '../attendance/attendance-day.ts';
import { PlainDate } from '../people/person.ts';
import { IsoWeek } from '../week/iso-week.ts';
import { FILL_WEEKS_MAX } from './rules.ts';
import { StandingDays } from './standing-week.ts';
import { ABSENCE_DAYS_MAX, ChangedDays, ExpectedOn, StandingWeeksView, WeekReservations } from './views.ts';

/** Children of one guardian in one call: seven days each, of two writes, stay below the 100 of a transaction. */
export const SIBLINGS_MAX = 5;
/** Weeks that one week is copied into, or that the standing week is entered into. */
export const WEEKS_MAX = FILL_WEEKS_MAX;

const ofWeek = ofPerson.extend({ week: IsoWeek });
const ExpectedDays = z.array(ExpectedOn).max(7);
const Weeks = z.array(IsoWeek).min(1).max(WEEKS_MAX);
const reading = [...readingRecords, 'activity:append'] as const;

export const reservationRoutes = {
  getReservations: {
    summary: 'Read when a child is expected in a week',
    tag: 'Attendance',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/reservations/{week}',
    access: rolesThatMay('reservation:read'),
    params: ofWeek,
    success: { status: 200, body: WeekReservations },
    problems: ['person-not-found'],
    needs: reading,
    reads: 'attendance',
    versioned: true,
  },
  setReservations: {
    summary: 'Say when a child is expected in a week',
    description:
      'The whole week: a day that is left out has no times. Days that are over stay as they were, and so does every ' +
      'absence. A guardian who would change a day behind the cut-off changes nothing: `behind-cut-off` names the next ' +
      'day that is open. Staff may change each day as long as it lasts.',
    tag: 'Attendance',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/people/{personId}/reservations/{week}',
    access: rolesThatMay('reservation:manage'),
    params: ofWeek,
    body: z.strictObject({ days: ExpectedDays }).meta({ id: 'ReservationsOfWeek' }),
    success: { status: 200, body: WeekReservations },
    problems: ['person-not-found', 'behind-cut-off', 'day-closed', 'wrong-state'],
    needs: changingRecords,
    versioned: true,
  },
  setSiblingsReservations: {
    summary: 'Say when several of your children are expected in a week',
    description:
      `For a guardian: at most ${SIBLINGS_MAX} children in one call, because one transaction holds 100 writes. All or ` +
      'nothing: `reservations-refused` names each child with its problem. `version` is the one that was read.',
    tag: 'Attendance',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/reservations/{week}',
    access: rolesThatMay('reservation:manage-siblings'),
    params: inOrganisation.extend({ week: IsoWeek }),
    body: z
      .strictObject({
        children: z
          .array(z.strictObject({ personId: PersonId, version: z.int().min(1), days: ExpectedDays }))
          .min(1)
          .max(SIBLINGS_MAX),
      })
      .meta({ id: 'SiblingsReservations' }),
    success: { status: 200, body: z.strictObject({ items: z.array(WeekReservations).max(SIBLINGS_MAX) }) },
    problems: ['reservations-refused'],
    needs: changingRecords,
  },
  copyWeek: {
    summary: 'Copy the times of a week into others',
    description:
      'Each weekday as in the week copied from, without times where that has none. Days that are over, closed, behind ' +
      'the cut-off (for guardians), absent or already attended stay as they are; the answer says so for each.',
    tag: 'Attendance',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/reservations/{week}/copies',
    access: rolesThatMay('reservation:manage'),
    params: ofWeek,
    body: z.strictObject({ into: Weeks }).meta({ id: 'WeekCopies' }),
    success: { status: 201, body: ChangedDays },
    problems: ['person-not-found', 'wrong-state'],
    needs: changingRecords,
    creates: true,
  },
  reportAbsences: {
    summary: 'Report a child absent over several days',
    description:
      `At most ${ABSENCE_DAYS_MAX} days, today or later; no cut-off holds for it. Closed days, and days that have had ` +
      'the child, are left alone. A code, no text: what is wrong with a child has no place here.',
    tag: 'Attendance',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/absences',
    access: rolesThatMay('absence:report'),
    params: ofPerson,
    body: z
      .strictObject({ from: PlainDate, until: PlainDate, reason: z.enum(absenceReasons) })
      .meta({ id: 'Absences' }),
    success: { status: 201, body: ChangedDays },
    problems: ['person-not-found', 'wrong-state'],
    needs: changingRecords,
    creates: true,
  },
  getStandingWeeks: {
    summary: 'Read the standing week of a child',
    tag: 'Attendance',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/standing-week',
    access: rolesThatMay('reservation:read'),
    params: ofPerson,
    success: { status: 200, body: StandingWeeksView },
    problems: ['person-not-found'],
    needs: reading,
    reads: 'attendance',
    versioned: true,
  },
  setStandingWeek: {
    summary: 'Say when a child usually comes, from a day on',
    description:
      'From that day on it holds alone; without days it ends the one before. It is entered at once into the weeks ' +
      'ahead, and by the clock into those that follow. What was changed by hand stays, and so does, for a guardian, ' +
      'what lies behind the cut-off.',
    tag: 'Attendance',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/people/{personId}/standing-week',
    access: rolesThatMay('reservation:manage'),
    params: ofPerson,
    body: z.strictObject({ from: PlainDate, days: StandingDays }).meta({ id: 'StandingWeek' }),
    success: { status: 200, body: StandingWeeksView },
    problems: ['person-not-found', 'wrong-state'],
    needs: changingRecords,
    versioned: true,
  },
  enterStandingWeek: {
    summary: 'Enter the standing week into some weeks',
    description: 'Into the days that have no times, also where somebody emptied them.',
    tag: 'Attendance',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/standing-week/entries',
    access: rolesThatMay('reservation:manage'),
    params: ofPerson,
    body: z.strictObject({ weeks: Weeks }).meta({ id: 'StandingWeekEntries' }),
    success: { status: 201, body: ChangedDays },
    problems: ['person-not-found', 'wrong-state'],
    needs: changingRecords,
    creates: true,
  },
} as const satisfies Routes;
