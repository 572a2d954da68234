import * as z from 'zod';
import { GroupId } from '../../http/ids.ts';
import { inOrganisation, ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { PlainDate } from '../people/person.ts';
import {
  absenceReasons,
  correctionReasons,
  DAYS_BACK_MAX,
  DAYS_MAX,
  Instant,
  StayId,
  TimeOfDay,
} from './attendance-day.ts';
import { Attendance, GroupList } from './views.ts';

const ofDay = ofPerson.extend({ day: PlainDate });
const ofStay = ofDay.extend({ stayId: StayId });

const reading = [...readingRecords, 'activity:append'] as const;

export const attendanceRoutes = {
  checkIn: {
    summary: 'Check a child in',
    description:
      'Now, in the organisation’s day. One open stay per child: whoever comes second gets `already-checked-in`. ' +
      'Guardians who may know are told by a notice in the same transaction.',
    tag: 'Attendance',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/attendance/check-ins',
    access: rolesThatMay('attendance:register'),
    params: ofPerson,
    success: { status: 201, body: Attendance },
    problems: ['person-not-found', 'already-checked-in', 'too-many'],
    needs: changingRecords,
    creates: true,
    versioned: true,
  },
  checkOut: {
    summary: 'Check a child out',
    description:
      'A stay that nobody ended on its own day ends there at 24:00, and the answer is that day and not today.',
    tag: 'Attendance',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/attendance/check-outs',
    access: rolesThatMay('attendance:register'),
    params: ofPerson,
    success: { status: 201, body: Attendance },
    problems: ['person-not-found', 'not-checked-in'],
    needs: changingRecords,
    creates: true,
    versioned: true,
  },
  listAttendance: {
    summary: 'Read the attendance of a child over some days',
    description: `Both days included, at most ${DAYS_MAX}.`,
    tag: 'Attendance',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/attendance',
    access: rolesThatMay('attendance:read'),
    params: ofPerson,
    query: z.strictObject({ from: PlainDate, to: PlainDate }),
    success: { status: 200, body: z.strictObject({ items: z.array(Attendance).max(DAYS_MAX) }) },
    problems: ['person-not-found'],
    needs: reading,
    reads: 'attendance',
  },
  getAttendance: {
    summary: 'Read the attendance of a child on a day',
    tag: 'Attendance',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/attendance/{day}',
    access: rolesThatMay('attendance:read'),
    params: ofDay,
    success: { status: 200, body: Attendance },
    problems: ['person-not-found'],
    needs: reading,
    reads: 'attendance',
    versioned: true,
  },
  expectArrival: {
    summary: 'Say when a child is expected',
    description:
      'Today or later, in the organisation’s zone, and for a guardian before the cut-off: `behind-cut-off` names the ' +
      'next day that is open.',
    tag: 'Attendance',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/people/{personId}/attendance/{day}/expected',
    access: rolesThatMay('absence:report'),
    params: ofDay,
    body: z.strictObject({ from: TimeOfDay, until: TimeOfDay.optional() }).meta({ id: 'ExpectedTimes' }),
    success: { status: 200, body: Attendance },
    problems: ['person-not-found', 'wrong-state', 'day-closed', 'behind-cut-off'],
    needs: changingRecords,
    versioned: true,
  },
  reportAbsence: {
    summary: 'Report a child absent',
    description:
      'Today or later; staff also for a day that is over, ' +
      `at most ${DAYS_BACK_MAX} days back. A code, no text: what is wrong with a child has no place here.`,
    tag: 'Attendance',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/people/{personId}/attendance/{day}/absence',
    access: rolesThatMay('absence:report'),
    params: ofDay,
    body: z.strictObject({ reason: z.enum(absenceReasons) }).meta({ id: 'AbsenceReport' }),
    success: { status: 200, body: Attendance },
    problems: ['person-not-found', 'wrong-state'],
    needs: changingRecords,
    versioned: true,
  },
  withdrawAbsence: {
    summary: 'Take an absence back',
    tag: 'Attendance',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/people/{personId}/attendance/{day}/absence',
    access: rolesThatMay('absence:report'),
    params: ofDay,
    success: { status: 204 },
    problems: ['person-not-found', 'wrong-state'],
    needs: changingRecords,
    versioned: true,
  },
  correctStay: {
    summary: 'Correct a stay',
    description: 'What stood there before is kept, with who changed it and when. `withdrawn` takes the stay away.',
    tag: 'Attendance',
    method: 'PATCH',
    path: '/v1/organisations/{organisationId}/people/{personId}/attendance/{day}/stays/{stayId}',
    access: rolesThatMay('attendance:correct'),
    params: ofStay,
    body: z
      .strictObject({
        reason: z.enum(correctionReasons),
        checkedInAt: Instant.optional(),
        checkedOutAt: Instant.optional(),
        withdrawn: z.literal(true).optional(),
      })
      .meta({ id: 'StayCorrection' }),
    success: { status: 200, body: Attendance },
    problems: ['person-not-found', 'stay-not-found', 'wrong-state', 'too-many'],
    needs: changingRecords,
    versioned: true,
  },
  enterStay: {
    summary: 'Enter a stay afterwards',
    description:
      'Nobody registered it at the door. Kept as a correction, with who entered it and when; nobody is told. At most ' +
      `${DAYS_BACK_MAX} days back; both times lie in the past, within the day.`,
    tag: 'Attendance',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/attendance/{day}/stays',
    access: rolesThatMay('attendance:correct'),
    params: ofDay,
    body: z
      .strictObject({ reason: z.enum(correctionReasons), checkedInAt: Instant, checkedOutAt: Instant })
      .meta({ id: 'StayEntry' }),
    success: { status: 201, body: Attendance },
    problems: ['person-not-found', 'wrong-state', 'too-many'],
    needs: changingRecords,
    creates: true,
    versioned: true,
  },
  getGroupList: {
    summary: 'List who of a group is expected, in, out or absent',
    description:
      'Today unless a day is given. Whoever is not placed in the group on that day is left out; but who is in the ' +
      'house and placed nowhere any more stands on the lists of the groups they were in.',
    tag: 'Attendance',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/groups/{groupId}/attendance',
    access: rolesThatMay('group-list:read'),
    params: inOrganisation.extend({ groupId: GroupId }),
    query: z.strictObject({ day: PlainDate.optional() }),
    success: { status: 200, body: GroupList },
    problems: ['group-not-found', 'too-many'],
    needs: reading,
    reads: 'group-list',
  },
} as const satisfies Routes;
