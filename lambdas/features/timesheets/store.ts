import { TimesheetId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dependantPointers } from '../../platform/entity.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { ownerOf, personEntity } from '../people/person.ts';
import { mayWork } from '../time-clock/employee.ts';
import { emptyDay, workDayRef } from '../time-clock/work-day.ts';
import { workingTimeRef } from '../working-time/arrangement.ts';
import { dueRow } from '../workplace-clock/due.ts';
import type { TimesheetStore } from './handlers.ts';
import { SHEETS_MAX } from './payroll.ts';
import { holderOf, timesheetPointers, timesheetRef } from './timesheet.ts';

const events = { approved: 'timesheet.approved', reopened: 'timesheet.reopened' } as const;

export const timesheetStore: TimesheetStore = {
  async find({ organisationId, personId, period }, days, { records }) {
    const owner = ownerOf(organisationId, personId);
    const [[organisation, person, working], stored, [pointer]] = await Promise.all([
      records.together([
        organisationRef(organisationId),
        { entity: personEntity, owner },
        workingTimeRef(organisationId, personId),
      ]),
      records.getMany(days.map((day) => workDayRef(organisationId, personId, day))),
      records.pointersAt([timesheetPointers.ofPerson(owner, period)]),
    ]);
    if (!organisation || !mayWork(person?.value)) return undefined;
    const id = TimesheetId.safeParse(pointer?.attributes?.['timesheetId']).data;
    const sheet = id && (await records.get(timesheetRef(organisationId, id)));
    return { timeZone: organisation.value.timeZone, sheet, days: stored, working: working?.value };
  },

  async save({ organisationId, personId }, after, { sheet, days }, { records }) {
    const owner = ownerOf(organisationId, personId);
    const { id, period, state } = after;
    const change = records.change();
    // Days without hours are locked as well: nobody enters any behind the back of whoever approved.
    for (const [i, { day }] of after.days.entries()) {
      const stored = days[i];
      const { approvedIn: _, ...free } = stored?.value ?? emptyDay(day);
      const value = state === 'approved' ? { ...free, approvedIn: id } : free;
      change.put(workDayRef(organisationId, personId, day), value, stored ? { version: stored.version } : 'new');
    }
    change.put(timesheetRef(organisationId, id), after, sheet ? { version: sheet.version } : 'new');
    if (!sheet) {
      change
        .point({ ...timesheetPointers.ofPerson(owner, period), attributes: { timesheetId: id } })
        .point(timesheetPointers.ofOrganisation(organisationId, period, id))
        .point(dependantPointers.subject(holderOf(organisationId), id))
        .point(dueRow(after.dueAt, { kind: 'timesheet', organisationId, id }));
    }
    await change.activity({ event: events[state], subject: owner, about: [id], detail: { period } }).commit();
  },

  async ofPeriod(organisationId, period, { records }) {
    const { table, pk, sk } = timesheetPointers.ofOrganisation(organisationId, period, '');
    const { items, next } = await records.pointers(table, pk, { prefix: sk, limit: SHEETS_MAX });
    if (next !== undefined) throw new Problem('too-many', `At most ${SHEETS_MAX} time sheets in one answer.`);
    const ids = items.map((pointer) => TimesheetId.parse(pointer.sk.slice(sk.length)));
    const stored = await records.getMany(ids.map((id) => timesheetRef(organisationId, id)));
    const sheets = stored.flatMap((one) => (one ? [one.value] : []));
    const [persons, workings] = await Promise.all([
      records.getMany(
        sheets.map(({ personId }) => ({ entity: personEntity, owner: ownerOf(organisationId, personId) })),
      ),
      records.getMany(sheets.map(({ personId }) => workingTimeRef(organisationId, personId))),
    ]);
    return sheets.map((sheet, i) => ({ sheet, person: persons[i]?.value, working: workings[i]?.value }));
  },
};
