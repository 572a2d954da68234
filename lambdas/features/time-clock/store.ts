import { Problem } from '../../http/problem.ts';
import { daysAfter, instantOf } from '../../platform/calendar.ts';
import { settled } from '../../platform/records.ts';
import { customerRef } from '../customers/customer.ts';
import { organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { ownerOf, personEntity } from '../people/person.ts';
import { expiryAfter, terms } from '../retention/terms.ts';
import { clockPositionEntity, clockPositionRef } from './clock-position.ts';
import { mayWork } from './employee.ts';
import type { TimeClockStore } from './handlers.ts';
import { timeClockSettingsRef } from './settings.ts';
import { openEntryOf, timeClockPointers, workDayRef } from './work-day.ts';

/** As the route says. */
const POSITIONS_MAX = 200;

export const timeClockStore: TimeClockStore = {
  settled,

  async atTheClock(organisationId, personId, { records }) {
    const [[organisation, person, settings], [open]] = await Promise.all([
      records.together([
        organisationRef(organisationId),
        { entity: personEntity, owner: ownerOf(organisationId, personId) },
        timeClockSettingsRef(organisationId),
      ]),
      records.pointersAt([timeClockPointers.clockedIn(organisationId, personId)]),
    ]);
    if (!organisation || !mayWork(person?.value)) return undefined;
    const openDay = open?.attributes?.['day'];
    return {
      organisationId,
      personId,
      timeZone: organisation.value.timeZone,
      settings: settings?.value,
      openDay: typeof openDay === 'string' ? openDay : undefined,
    };
  },

  days: ({ organisationId, personId }, days, { records }) =>
    records.getMany(days.map((day) => workDayRef(organisationId, personId, day))),

  async isCustomer(organisationId, customerId, { records }) {
    const customer = await records.get(customerRef(organisationId, customerId));
    return customer !== undefined && customer.value.endedAt === undefined;
  },

  async save({ employee, edits, activity, position, movesPointer }, call, answer) {
    const { organisationId, personId } = employee;
    const change = call.records.change();
    const pointer = timeClockPointers.clockedIn(organisationId, personId);
    for (const { before, after } of edits) {
      const condition = before ? { version: before.version } : 'new';
      change.put(workDayRef(organisationId, personId, after.day), after, condition);
    }
    const opened = edits.find(({ before, after }) => {
      const open = openEntryOf(after);
      return open && open.id !== (before && openEntryOf(before.value)?.id);
    });
    const wasOpen = edits.some(({ before }) => before && openEntryOf(before.value));
    if (opened) {
      const { day } = opened.after;
      const open = { ...pointer, attributes: { day, since: openEntryOf(opened.after)!.startedAt } };
      change.point(open, movesPointer ? {} : { ifNew: () => new Problem('already-clocked-in') });
    } else if (wasOpen && edits.every(({ after }) => !openEntryOf(after))) change.unpoint(pointer);
    if (position) {
      const expiresAtEpochSeconds = expiryAfter(terms.position.length, new Date(position.at));
      change.put(clockPositionRef(organisationId, personId, position), position, 'new', { expiresAtEpochSeconds });
    }
    const subject = ownerOf(organisationId, personId);
    return change.activity({ ...activity, subject }).commit(answer);
  },

  async positions({ organisationId, personId, timeZone }, { from, to }, { records }) {
    const range = {
      from: instantOf(timeZone, from).toISOString(),
      to: instantOf(timeZone, daysAfter(to, 1)).toISOString(),
      limit: POSITIONS_MAX,
    };
    const { items, next } = await records.list(clockPositionEntity, ownerOf(organisationId, personId), range);
    if (next !== undefined) throw new Problem('too-many', `At most ${POSITIONS_MAX} positions: ask for fewer days.`);
    return items.map(({ value }) => value);
  },

  settings: (organisationId, { records }) => records.get(timeClockSettingsRef(organisationId)),

  async saveSettings(organisationId, settings, before, { records }) {
    await records
      .change()
      .put(timeClockSettingsRef(organisationId), settings, before === undefined ? 'new' : { version: before })
      .activity({
        event: 'time-clock.settings-changed',
        subject: organisationOwner(organisationId),
        detail: { takesPosition: settings.takesPosition },
      })
      .commit();
  },
};
