import * as z from 'zod';
import { CustomerId, TimeClockEntryId } from '../../http/ids.ts';
import { inOrganisation, ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { PlainDate } from '../people/person.ts';
import { ClockPosition, StampPosition } from './clock-position.ts';
import { stamps } from './decisions.ts';
import { TimeClockSettings } from './settings.ts';
import { WorkDayView } from './views.ts';
import {
  BREAKS_MAX,
  Break,
  correctionReasons,
  DAYS_BACK_MAX,
  DAYS_MAX,
  DeviceInstant,
  Instant,
  OFFLINE_HOURS_MAX,
} from './work-day.ts';

const reading = [...readingRecords, 'activity:append'] as const;
const days = z.strictObject({ from: PlainDate, to: PlainDate });
const SettingsInForce = TimeClockSettings.extend({ version: z.int().min(1) }).meta({ id: 'TimeClockSettingsInForce' });
/** Two stamps of an entry, entries of a day. */
const POSITIONS_MAX = 200;

export const timeClockRoutes = {
  stampTimeClock: {
    summary: 'Stamp in, out, for a break or back from one',
    description:
      'Now, by the service’s clock. A device that had no network sends `at`, what its own clock and zone said then, at ' +
      `most ${OFFLINE_HOURS_MAX} hours ago; it is kept beside the hours. A position is taken where the organisation’s ` +
      'settings say so, and only with the customer that it belongs to (CE-05); otherwise `position-not-used`.',
    tag: 'Workplace',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/time-clock/stamps',
    access: rolesThatMay('time-clock:use'),
    params: ofPerson,
    body: z
      .strictObject({
        stamp: z.enum(stamps),
        at: DeviceInstant.optional(),
        /** With `in` alone. */
        customerId: CustomerId.optional(),
        /** With `in` and `out`. */
        position: StampPosition.optional(),
      })
      .meta({ id: 'TimeClockStamp' }),
    success: { status: 201, body: WorkDayView },
    problems: [
      'person-not-found',
      'customer-not-found',
      'already-clocked-in',
      'not-clocked-in',
      'day-approved',
      'hours-refused',
      'position-not-used',
      'wrong-state',
      'too-many',
    ],
    needs: [...changingRecords, 'transient:write'],
    creates: true,
    versioned: true,
  },
  listWorkDays: {
    summary: 'Read the hours of an employee over some days',
    description: `Both days included, at most ${DAYS_MAX}. Every correction is there, with who made it, when, and what stood before.`,
    tag: 'Workplace',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/time-clock',
    access: rolesThatMay('time-clock:read'),
    params: ofPerson,
    query: days,
    success: { status: 200, body: z.strictObject({ items: z.array(WorkDayView).max(DAYS_MAX) }) },
    problems: ['person-not-found'],
    needs: reading,
    reads: 'work-hours',
  },
  listClockPositions: {
    summary: 'Read where an employee stamped, and for which customer',
    description: 'Kept for 30 days. Looking at them is recorded, also where the employee sees it (SM-05).',
    tag: 'Workplace',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/time-clock/positions',
    access: rolesThatMay('time-clock:read'),
    params: ofPerson,
    query: days,
    success: { status: 200, body: z.strictObject({ items: z.array(ClockPosition).max(POSITIONS_MAX) }) },
    problems: ['person-not-found', 'too-many'],
    needs: [...reading, 'transient:read'],
    reads: 'clock-positions',
  },
  correctHours: {
    summary: 'Correct hours, enter those that nobody stamped, or take some away',
    description:
      'What stood there before is kept, with who changed it and when. Without `entryId` hours are entered; with ' +
      `\`isWithdrawn\` they are taken away. At most ${DAYS_BACK_MAX} days back, and never in an approved time sheet.`,
    tag: 'Workplace',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/time-clock/{day}/corrections',
    access: rolesThatMay('time-clock:correct'),
    params: ofPerson.extend({ day: PlainDate }),
    body: z
      .strictObject({
        reason: z.enum(correctionReasons),
        entryId: TimeClockEntryId.optional(),
        isWithdrawn: z.literal(true).optional(),
        startedAt: Instant.optional(),
        endedAt: Instant.optional(),
        breaks: z.array(Break).max(BREAKS_MAX).optional(),
        customerId: CustomerId.optional(),
      })
      .meta({ id: 'HoursCorrection' }),
    success: { status: 201, body: WorkDayView },
    problems: [
      'person-not-found',
      'customer-not-found',
      'time-entry-not-found',
      'day-approved',
      'hours-refused',
      'too-many',
    ],
    needs: changingRecords,
    creates: true,
    versioned: true,
  },
  getTimeClockSettings: {
    summary: 'See how the time clock is used',
    tag: 'Workplace',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/time-clock-settings',
    access: rolesThatMay('organisation:read'),
    params: inOrganisation,
    success: { status: 200, body: SettingsInForce },
    problems: [],
    needs: readingRecords,
    versioned: true,
  },
  putTimeClockSettings: {
    summary: 'Decide how the time clock is used',
    description: 'Whether a stamp may carry a position is off until somebody turns it on.',
    tag: 'Workplace',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/time-clock-settings',
    access: rolesThatMay('workplace:manage'),
    params: inOrganisation,
    body: TimeClockSettings,
    success: { status: 200, body: SettingsInForce },
    problems: [],
    needs: changingRecords,
    versioned: true,
  },
} as const satisfies Routes;
