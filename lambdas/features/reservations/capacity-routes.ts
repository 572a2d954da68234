import * as z from 'zod';
import { GroupId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { TimeOfDay } from '../attendance/attendance-day.ts';
import { PlainDate } from '../people/person.ts';
import { closureKinds } from './closure.ts';
import { CAPACITY_DAYS_MAX, Staffing } from './staffing.ts';

/** Half hours of a day. */
const HALF_HOURS_MAX = 48;

const ofGroup = inOrganisation.extend({ groupId: GroupId });
const Count = z.int().min(0);

const HalfHour = z.strictObject({
  from: TimeOfDay,
  underThree: Count,
  overThree: Count,
  staffNeeded: Count,
  staffPlanned: Count,
  short: Count.meta({ description: 'How many more would be needed.' }),
});
const Capacity = z
  .strictObject({
    groupId: GroupId,
    timeZone: z.string(),
    days: z
      .array(
        z.strictObject({
          day: PlainDate,
          opening: z.enum(['open', ...closureKinds]),
          expected: Count.meta({ description: 'Children with times.' }),
          absent: Count,
          unsaid: Count.meta({ description: 'Children of whom nobody said whether they come.' }),
          ageUnknown: Count.meta({
            description: 'Of those expected, without a date of birth: counted as under three.',
          }),
          halfHours: z.array(HalfHour).max(HALF_HOURS_MAX),
        }),
      )
      .max(CAPACITY_DAYS_MAX),
  })
  .meta({ id: 'Capacity', description: 'Numbers alone: nobody’s name, and nobody’s id.' });
const StaffingView = Staffing.extend({ groupId: GroupId, version: z.int().min(1) }).meta({ id: 'Staffing' });

export const capacityRoutes = {
  getCapacity: {
    summary: 'Compare the children expected in a group with the staff planned',
    description:
      `Both days included, at most ${CAPACITY_DAYS_MAX}; by the half hour, in the organisation’s zone. The norm is the ` +
      'Norwegian one (barnehageloven § 26): one for three children under three years, one for six older ones; a child ' +
      'counts as older from August of the year in which it becomes three.',
    tag: 'Attendance',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/groups/{groupId}/capacity',
    access: rolesThatMay('capacity:read'),
    params: ofGroup,
    query: z.strictObject({ from: PlainDate, to: PlainDate }),
    success: { status: 200, body: Capacity },
    problems: ['group-not-found', 'too-many'],
    needs: readingRecords,
  },
  getStaffing: {
    summary: 'Read how many of the staff are planned for a group',
    tag: 'Attendance',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/groups/{groupId}/staffing',
    access: rolesThatMay('capacity:read'),
    params: ofGroup,
    success: { status: 200, body: StaffingView },
    problems: ['group-not-found'],
    needs: readingRecords,
    versioned: true,
  },
  setStaffing: {
    summary: 'Say how many of the staff are planned for a group',
    description:
      'A standing week, and days that are not like it. Numbers, no names. Exceptions that are over are dropped.',
    tag: 'Attendance',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/groups/{groupId}/staffing',
    access: rolesThatMay('capacity:manage'),
    params: ofGroup,
    body: Staffing.meta({ id: 'StaffingChange' }),
    success: { status: 200, body: StaffingView },
    problems: ['group-not-found'],
    needs: changingRecords,
    versioned: true,
  },
} as const satisfies Routes;
