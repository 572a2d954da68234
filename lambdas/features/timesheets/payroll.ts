import type { PersonRecord } from '../people/person.ts';
import type { WorkingTime } from '../working-time/arrangement.ts';
import type { Timesheet } from './timesheet.ts';

/** RFC 4180. */
export const CSV = 'text/csv; charset=utf-8; header=present';
/** Employees in one answer; whoever has more exports by week. */
export const SHEETS_MAX = 1000;

/** One line of what the payroll takes in: minutes are whole numbers, days and instants as everywhere (RFC 3339). */
export interface PayrollLine {
  readonly employee_number: string;
  readonly last_name: string;
  readonly first_name: string;
  readonly period: string;
  readonly from: string;
  readonly to: string;
  readonly minutes: number;
  readonly break_minutes: number;
  readonly overtime_minutes: number;
  readonly agreed_minutes: number | '';
  readonly approved_at: string;
  readonly timesheet_id: string;
  readonly person_id: string;
}

/** Who is gone stays in the accounts without a name (CE-12). Pure. */
export function payrollLine(
  sheet: Timesheet,
  person: Pick<PersonRecord, 'firstName' | 'lastName'> | undefined,
  working: WorkingTime | undefined,
): PayrollLine {
  return {
    employee_number: working?.employeeNumber ?? '',
    last_name: person?.lastName ?? '',
    first_name: person?.firstName ?? '',
    period: sheet.period,
    from: sheet.from,
    to: sheet.to,
    minutes: sheet.minutes,
    break_minutes: sheet.breakMinutes,
    overtime_minutes: sheet.overtimeMinutes,
    agreed_minutes: sheet.agreedMinutes ?? '',
    approved_at: sheet.history.findLast(({ did }) => did === 'approved')?.at ?? '',
    timesheet_id: sheet.id,
    person_id: sheet.personId,
  };
}

/** As the route tells them. */
export const payrollColumns: readonly (readonly [name: keyof PayrollLine, what: string])[] = [
  ['employee_number', 'by which the payroll knows the employee; empty where none was given'],
  ['last_name', 'empty once the employee is erased'],
  ['first_name', 'likewise'],
  ['period', 'an ISO week or a month'],
  ['from', 'its first day'],
  ['to', 'its last day'],
  ['minutes', 'worked, without breaks'],
  ['break_minutes', 'breaks'],
  ['overtime_minutes', 'beyond 9 hours a day and 40 a week, in weeks whose Sunday lies in the period'],
  ['agreed_minutes', 'by the working-time arrangement; empty where there is none'],
  ['approved_at', 'when the hours were approved'],
  ['timesheet_id', 'the approved time sheet'],
  ['person_id', 'the employee'],
];
