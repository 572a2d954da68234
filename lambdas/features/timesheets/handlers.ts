import type * as z from 'zod';
import type { Call, RoleCaller } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { dayIn, daysAfter } from '../../platform/calendar.ts';
import type { Stored } from '../../platform/records.ts';
import { csvOf } from '../exports/csv.ts';
import type { PersonRecord } from '../people/person.ts';
import { dueAt } from '../retention/policy.ts';
import { terms } from '../retention/terms.ts';
import { emptyDay, type workDayEntity } from '../time-clock/work-day.ts';
import { agreedMinutes, type WorkingTime } from '../working-time/arrangement.ts';
import { limits, overtimeMinutes, warningsOf } from '../working-time/limits.ts';
import { CSV, type PayrollLine, payrollColumns, payrollLine } from './payroll.ts';
import { daysOfPeriod } from './period.ts';
import type { TimesheetView, timesheetRoutes } from './routes.ts';
import { HISTORY_MAX, sheetDay, type Timesheet, type timesheetEntity, unsettledDays } from './timesheet.ts';

/** A week's rest and overtime can only be seen with the week before. */
const LOOK_BACK_DAYS = 7;

export interface SheetOfPeriod {
  readonly timeZone: string;
  readonly sheet: Stored<typeof timesheetEntity> | undefined;
  /** One for each day asked for, in that order. */
  readonly days: readonly (Stored<typeof workDayEntity> | undefined)[];
  readonly working: WorkingTime | undefined;
}
export interface SheetOfEmployee {
  readonly sheet: Timesheet;
  readonly person: PersonRecord | undefined;
  readonly working: WorkingTime | undefined;
}

export interface TimesheetStore {
  /** Two waves; undefined for whoever does not work there. */
  find(
    place: { readonly organisationId: OrganisationId; readonly personId: PersonId; readonly period: string },
    days: readonly string[],
    call: Call,
  ): Promise<SheetOfPeriod | undefined>;
  /** The sheet and all its days, locked by it or free again, together. Throws `StaleVersion`. */
  save(
    place: { readonly organisationId: OrganisationId; readonly personId: PersonId },
    after: Timesheet,
    before: Pick<SheetOfPeriod, 'sheet'> & { readonly days: SheetOfPeriod['days'] },
    call: Call,
  ): Promise<void>;
  /** Three waves. Throws `too-many`. */
  ofPeriod(organisationId: OrganisationId, period: string, call: Call): Promise<readonly SheetOfEmployee[]>;
}

export const timesheetHandlers = (sheets: TimesheetStore): HandlersFor<typeof timesheetRoutes, Call> => ({
  async getTimesheet({ params }, call) {
    const { found, days } = await sheetOf(sheets, params, call);
    return viewOf(params, days, found);
  },

  async setTimesheetState({ params, body, ifMatch }, call) {
    const { personId } = callerOf(call);
    if (personId === params.personId) throw new Problem('second-person-required', 'Somebody else approves your hours.');
    const { found, days } = await sheetOf(sheets, params, call);
    if (versionOf(found) !== ifMatch) throw new Problem('stale-version');
    const { sheet, timeZone } = found;
    const history = sheet?.value.history ?? [];
    if (history.length >= HISTORY_MAX) throw new Problem('too-many', `At most ${HISTORY_MAX} approvals.`);
    const step = { did: body.state, at: call.now.toISOString(), by: personId } as const;
    let after: Timesheet;
    if (body.state === 'approved') {
      if (sheet?.value.state === 'approved') throw new Problem('wrong-state', 'It is approved already.');
      if (days.at(-1)! >= dayIn(timeZone, call.now)) throw new Problem('hours-not-settled', 'The period is not over.');
      const counted = countedFrom(days, found);
      if (counted.unsettledDays.length > 0) throw new Problem('hours-not-settled', counted.unsettledDays.join(', '));
      if (inPeriod(days, found).some((day) => day?.value.approvedIn !== undefined)) throw new Problem('day-approved');
      const { unsettledDays: _, warnings: __, ...sums } = counted;
      after = {
        id: sheet?.value.id ?? call.newId('tsh'),
        personId: params.personId,
        period: params.period,
        ...sums,
        state: 'approved',
        history: [...history, { ...step, minutes: sums.minutes }],
        dueAt: dueAt(terms['time-sheet'], sums.to, timeZone).toISOString(),
      };
    } else {
      if (sheet?.value.state !== 'approved') throw new Problem('wrong-state', 'It is not approved.');
      const { minutes } = sheet.value;
      after = { ...sheet.value, state: 'reopened', history: [...history, { ...step, reason: body.reason, minutes }] };
    }
    await sheets.save(params, after, { sheet, days: inPeriod(days, found) }, call);
    const again = await sheetOf(sheets, params, call);
    return viewOf(params, again.days, again.found);
  },

  async listTimesheets({ params: { organisationId, period } }, call) {
    const found = await sheets.ofPeriod(organisationId, period, call);
    return {
      items: found.map(({ sheet: { id, personId, state, minutes, overtimeMinutes: overtime } }) => ({
        timesheetId: id,
        personId,
        state,
        minutes,
        overtimeMinutes: overtime,
      })),
    };
  },

  async exportPayroll({ params: { organisationId, period } }, call) {
    const found = await sheets.ofPeriod(organisationId, period, call);
    const lines = found
      .filter(({ sheet }) => sheet.state === 'approved')
      .map(({ sheet, person, working }) => payrollLine(sheet, person, working));
    const byName = new Intl.Collator('nb');
    lines.sort(
      (one, other) =>
        byName.compare(one.last_name, other.last_name) || byName.compare(one.first_name, other.first_name),
    );
    return {
      contentType: CSV,
      content: csvOf(lines.length > 0 ? lines : [headingAlone]),
      filename: `payroll-${period}.csv`,
    };
  },
});

/** A period without approved hours still has its columns. */
const headingAlone = Object.fromEntries(payrollColumns.map(([name]) => [name, ''])) as Record<keyof PayrollLine, ''>;

type Params = {
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
  readonly period: string;
};

async function sheetOf(sheets: TimesheetStore, params: Params, call: Call) {
  // The schema of the path lets no other period through.
  const days = daysOfPeriod(params.period)!;
  const asked = [...Array.from({ length: LOOK_BACK_DAYS }, (_, i) => daysAfter(days[0]!, i - LOOK_BACK_DAYS)), ...days];
  const found = await sheets.find(params, asked, call);
  if (!found) throw new Problem('person-not-found');
  return { found, days };
}

const inPeriod = (days: readonly string[], { days: stored }: SheetOfPeriod) => stored.slice(-days.length);

/** Any change of the sheet or of one of its days is another version. */
const versionOf = ({ sheet, days }: SheetOfPeriod): number =>
  1 + (sheet?.version ?? 0) + days.slice(LOOK_BACK_DAYS).reduce((sum, day) => sum + (day?.version ?? 0), 0);

function countedFrom(days: readonly string[], found: SheetOfPeriod) {
  const stored = inPeriod(days, found);
  const sheetDays = days.map((day, i) => sheetDay(day, stored[i]?.value));
  const span = { from: days[0]!, to: days.at(-1)! };
  const all = found.days.flatMap((day) => (day ? [day.value] : []));
  const agreed = agreedMinutes(found.working ?? { arrangements: [] }, days);
  return {
    ...span,
    days: sheetDays,
    minutes: sheetDays.reduce((sum, { minutes }) => sum + minutes, 0),
    breakMinutes: sheetDays.reduce((sum, { breakMinutes }) => sum + breakMinutes, 0),
    overtimeMinutes: overtimeMinutes(all, span),
    ...(agreed !== undefined && { agreedMinutes: agreed }),
    unsettledDays: unsettledDays(stored.map((day, i) => day?.value ?? emptyDay(days[i]!))),
    warnings: warningsOf(all, { ...span, timeZone: found.timeZone }).map((one) => ({ ...one, law: limits[one.limit] })),
  };
}

function viewOf(
  { personId, period }: Params,
  days: readonly string[],
  found: SheetOfPeriod,
): z.input<typeof TimesheetView> {
  const { sheet } = found;
  const { unsettledDays: unsettled, warnings, ...counted } = countedFrom(days, found);
  const isApproved = sheet?.value.state === 'approved';
  const { id, state, history, dueAt: _, ...approved } = sheet?.value ?? {};
  return {
    personId,
    period,
    ...(isApproved ? { ...counted, ...approved } : counted),
    ...(id !== undefined && { timesheetId: id }),
    state: state ?? 'open',
    unsettledDays: isApproved ? [] : unsettled,
    warnings,
    history: history ?? [],
    version: versionOf(found),
  };
}

/** The chain lets nobody without a role reach a route for roles. */
function callerOf(call: Call): RoleCaller {
  if (!call.role) throw new Error('A route for roles without a role');
  return call.role;
}
