import * as z from 'zod';
import { PersonId } from '../../http/ids.ts';
import { ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { WorkingTime } from './arrangement.ts';

const WorkingTimeView = WorkingTime.extend({ personId: PersonId, version: z.int().min(1) }).meta({
  id: 'WorkingTimeView',
});

export const workingTimeRoutes = {
  getWorkingTime: {
    summary: 'Read what was agreed about an employee’s working time',
    tag: 'Workplace',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/working-time',
    access: rolesThatMay('working-time:read'),
    params: ofPerson,
    success: { status: 200, body: WorkingTimeView },
    problems: ['person-not-found'],
    needs: [...readingRecords, 'activity:append'],
    reads: 'working-time',
    versioned: true,
  },
  putWorkingTime: {
    summary: 'Agree on working time, from a day on',
    description:
      'All arrangements at once, each from its first day until the next one’s. The employee number is what the payroll ' +
      'knows the employee by.',
    tag: 'Workplace',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/people/{personId}/working-time',
    access: rolesThatMay('working-time:manage'),
    params: ofPerson,
    body: WorkingTime.meta({ id: 'WorkingTime' }),
    success: { status: 200, body: WorkingTimeView },
    problems: ['person-not-found', 'forbidden-content'],
    needs: changingRecords,
    versioned: true,
  },
} as const satisfies Routes;
