import * as z from 'zod';
import { PersonId, TimesheetId } from '../../http/ids.ts';
import { inOrganisation, ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { PlainDate } from '../people/person.ts';
import { type Limit, limits } from '../working-time/limits.ts';
import { CSV, payrollColumns, SHEETS_MAX } from './payroll.ts';
import { Period } from './period.ts';
import { DAYS_OF_PERIOD_MAX, HISTORY_MAX, reopenReasons, SheetDay, SheetStep, Timesheet } from './timesheet.ts';

const reading = [...readingRecords, 'activity:append'] as const;
const WARNINGS_MAX = 8 * DAYS_OF_PERIOD_MAX;
const ofPeriod = ofPerson.extend({ period: Period });

export const TimesheetView = Timesheet.omit({ id: true, state: true, history: true, dueAt: true })
  .extend({
    timesheetId: TimesheetId.optional(),
    state: z.enum(['open', 'approved', 'reopened']),
    days: z.array(SheetDay).max(DAYS_OF_PERIOD_MAX),
    /** Days whose hours are not known yet: while there are any, nothing can be approved. */
    unsettledDays: z.array(PlainDate).max(DAYS_OF_PERIOD_MAX),
    warnings: z
      .array(
        z.strictObject({ limit: z.enum(Object.keys(limits) as [Limit, ...Limit[]]), day: PlainDate, law: z.string() }),
      )
      .max(WARNINGS_MAX),
    history: z.array(SheetStep).max(HISTORY_MAX),
    version: z.int().min(1),
  })
  .meta({ id: 'TimesheetView' });

export const timesheetRoutes = {
  getTimesheet: {
    summary: 'Read an employee’s time sheet of a week or a month',
    description:
      'While it is open it is counted from the hours as they stand. `warnings` point at what the Working Environment Act ' +
      '(arbeidsmiljøloven), chapter 10, says of such hours; they forbid nothing.',
    tag: 'Workplace',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/timesheets/{period}',
    access: rolesThatMay('timesheet:read'),
    params: ofPeriod,
    success: { status: 200, body: TimesheetView },
    problems: ['person-not-found'],
    needs: reading,
    reads: 'timesheets',
    versioned: true,
  },
  setTimesheetState: {
    summary: 'Approve the hours of a period, or reopen them',
    description:
      'Approved, no hour of its days changes; the sheet is kept for three and a half years after the accounting year. ' +
      'Reopened, with a reason, the hours can be corrected and approved anew. `If-Match` is what was read: who approves ' +
      'approves just that. A period is approved when its last day is over, and never by the employee: a leader’s own ' +
      'hours are approved by another leader or an administrator.',
    tag: 'Workplace',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/people/{personId}/timesheets/{period}/state',
    access: rolesThatMay('timesheet:approve'),
    params: ofPeriod,
    body: z
      .discriminatedUnion('state', [
        z.strictObject({ state: z.literal('approved') }),
        z.strictObject({ state: z.literal('reopened'), reason: z.enum(reopenReasons) }),
      ])
      .meta({ id: 'TimesheetStateChange' }),
    success: { status: 200, body: TimesheetView },
    problems: [
      'person-not-found',
      'second-person-required',
      'hours-not-settled',
      'day-approved',
      'wrong-state',
      'too-many',
    ],
    needs: changingRecords,
    versioned: true,
  },
  listTimesheets: {
    summary: 'List the approved time sheets of a period',
    description: 'Also of employees who are gone: they are an id then, and nothing else (CE-12).',
    tag: 'Workplace',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/timesheets/{period}',
    access: rolesThatMay('payroll:export'),
    params: inOrganisation.extend({ period: Period }),
    success: {
      status: 200,
      body: z.strictObject({
        items: z
          .array(
            z
              .strictObject({
                timesheetId: TimesheetId,
                personId: PersonId,
                state: z.enum(['approved', 'reopened']),
                minutes: z.int().min(0),
                overtimeMinutes: z.int().min(0),
              })
              .meta({ id: 'TimesheetSummary' }),
          )
          .max(SHEETS_MAX),
      }),
    },
    problems: ['too-many'],
    needs: reading,
    reads: 'timesheets',
  },
  exportPayroll: {
    summary: 'Export the approved hours of a period for the payroll',
    description: `RFC 4180, in UTF-8 with a byte order mark; no cell is run as a formula. Columns: ${payrollColumns
      .map(([name, what]) => `\`${name}\` (${what})`)
      .join(', ')}.`,
    tag: 'Workplace',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/timesheets/{period}/payroll',
    access: rolesThatMay('payroll:export'),
    params: inOrganisation.extend({ period: Period }),
    success: { status: 200, content: [CSV] },
    problems: ['too-many'],
    needs: reading,
    reads: 'payroll',
  },
} as const satisfies Routes;
