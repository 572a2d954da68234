import * as z from 'zod';
import { CustomerId, type OrganisationId, PersonId, TimesheetId } from '../../http/ids.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { PlainDate } from '../people/person.ts';
import { breakMinutesOf, minutesOf } from '../time-clock/minutes.ts';
import { ENTRIES_MAX, type WorkDay } from '../time-clock/work-day.ts';
import { Period } from './period.ts';

const Instant = z.iso.datetime();
/** The longest month. */
export const DAYS_OF_PERIOD_MAX = 31;
/** Approved and reopened again this often, it is left approved. */
export const HISTORY_MAX = 20;
/** Codes, no free text. */
export const reopenReasons = ['hours-missing', 'hours-wrong', 'approved-by-mistake'] as const;

export const SheetDay = z.strictObject({
  day: PlainDate,
  minutes: z.int().min(0),
  breakMinutes: z.int().min(0),
  customers: z.array(z.strictObject({ customerId: CustomerId, minutes: z.int().min(0) })).max(ENTRIES_MAX),
});
export type SheetDay = z.output<typeof SheetDay>;

export const SheetStep = z.strictObject({
  did: z.enum(['approved', 'reopened']),
  at: Instant,
  by: PersonId,
  reason: z.enum(reopenReasons).optional(),
  minutes: z.int().min(0),
});

/**
 * The hours of one employee in one period, as somebody approved them: what wages are paid by. The employee is an id in
 * it and nothing else, so it stays what it is when the account and the person are gone (CE-12).
 */
export const Timesheet = z.strictObject({
  id: TimesheetId,
  personId: PersonId,
  period: Period,
  from: PlainDate,
  to: PlainDate,
  state: z.enum(['approved', 'reopened']),
  days: z.array(SheetDay).max(DAYS_OF_PERIOD_MAX),
  minutes: z.int().min(0),
  breakMinutes: z.int().min(0),
  overtimeMinutes: z.int().min(0),
  agreedMinutes: z.int().min(0).optional(),
  history: z.array(SheetStep).min(1).max(HISTORY_MAX),
  /** Then it is erased. */
  dueAt: Instant,
});
export type Timesheet = z.output<typeof Timesheet>;

export const timesheetEntity = entity({
  name: 'timesheet',
  table: 'core',
  sortKey: 'TIMESHEET',
  schema: Timesheet,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to pay wages by, and to show what they were paid by',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'controller',
  retentionClass: 'time-sheet',
  exported: 'copy',
  onErasure: {
    keepUntil: "3.5 years after the accounting year's end",
    law: 'Bookkeeping Act (bokføringsloven), section 13',
  },
});

/** It has a key of its own: each goes at its own term, whatever has become of the employee. */
export const timesheetOwner = (organisationId: OrganisationId, id: TimesheetId): Owner => ({
  controller: organisationId,
  subject: id,
});
export const timesheetRef = (organisationId: OrganisationId, id: TimesheetId) =>
  ({ entity: timesheetEntity, owner: timesheetOwner(organisationId, id) }) as const;

export const timesheetPointers = {
  /** From an employee to the sheet of a period; goes with the employee. Attribute: `timesheetId`. */
  ofPerson: ({ controller, subject }: Owner, period: string) =>
    ({ table: 'core', pk: `${controller}#${subject}`, sk: `TIMESHEET#${period}` }) as const satisfies PointerKey,
  /** An organisation's own, by period. They name nobody. */
  ofOrganisation: (organisationId: OrganisationId, period: string, id: TimesheetId | '') =>
    ({ table: 'core', pk: `${organisationId}#TIMESHEETS`, sk: `${period}#${id}` }) as const satisfies PointerKey,
};

/** The organisation's own history: an end of the agreement finds it there. */
export const holderOf = (organisationId: OrganisationId) => organisationOwner(organisationId);

/** What was worked on a day, and for whom. Pure. */
export function sheetDay(day: string, worked: Pick<WorkDay, 'entries'> | undefined): SheetDay {
  const entries = worked?.entries ?? [];
  const byCustomer = new Map<CustomerId, number>();
  for (const entry of entries) {
    if (entry.customerId === undefined) continue;
    byCustomer.set(entry.customerId, (byCustomer.get(entry.customerId) ?? 0) + minutesOf(entry));
  }
  return {
    day,
    minutes: entries.reduce((sum, entry) => sum + minutesOf(entry), 0),
    breakMinutes: entries.reduce((sum, entry) => sum + breakMinutesOf(entry), 0),
    customers: [...byCustomer].map(([customerId, minutes]) => ({ customerId, minutes })),
  };
}

/** Days whose hours are not known: somebody is at work, or nobody stamped out. Pure. */
export const unsettledDays = (days: readonly Pick<WorkDay, 'day' | 'entries'>[]): string[] =>
  days.flatMap(({ day, entries }) => (entries.some(({ endedAt }) => endedAt === undefined) ? [day] : []));
