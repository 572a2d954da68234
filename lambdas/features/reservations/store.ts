import { personIdsOf } from '../../http/call.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn, daysAfter } from '../../platform/calendar.ts';
import type { Change } from '../../platform/records.ts';
import { attendanceDayRef } from '../attendance/attendance-day.ts';
import { inOneWave } from '../attendance/one-wave.ts';
import { attendanceStore } from '../attendance/store.ts';
import { writeDays } from '../attendance/writes.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import { ownerOf } from '../people/person.ts';
import { linkRef, personRef } from '../people/writes.ts';
import { closuresBetween, LAST_DAY } from './closures-between.ts';
import { callerOf } from './facts.ts';
import type { ReservationStore, SaveDays } from './reservations.ts';
import { standingWeekPointer, standingWeeksRef } from './standing-week.ts';

export const reservationStore: ReservationStore = {
  settled: (decide) => attendanceStore.settled(() => decide()),

  async facts(organisationId, personIds, days, { records, now }) {
    // A day early: the zone is not known yet, and the next open day is looked for from its today on.
    const from = [daysAfter(dayIn('UTC', now), -1), ...days].sort()[0]!;
    const [read, opening] = await Promise.all([
      inOneWave(records, {
        organisations: [organisationRef(organisationId)],
        persons: personIds.map((personId) => personRef(organisationId, personId)),
        standing: personIds.map((personId) => standingWeeksRef(organisationId, personId)),
        days: personIds.flatMap((personId) => days.map((day) => attendanceDayRef(organisationId, personId, day))),
      }),
      closuresBetween(records, organisationId, from, LAST_DAY),
    ]);
    const timeZone = read.organisations[0]?.value.timeZone;
    if (timeZone === undefined) throw new Problem('organisation-not-found');
    const children = personIds.map((personId, i) => {
      const person = read.persons[i]?.value;
      // Grown-ups have no attendance here.
      if (person?.kind !== 'child' && person?.kind !== 'member') return undefined;
      return {
        child: { organisationId, personId, timeZone },
        person,
        standing: read.standing[i],
        days: read.days.slice(i * days.length, (i + 1) * days.length),
      };
    });
    return { timeZone, opening, children };
  },

  async ties(organisationId, personIds, call) {
    const caller = callerOf(call);
    const between = personIds.map((id) => blocksBetween(organisationId, personIdsOf(caller), id));
    const { links, blocks } = await inOneWave(call.records, {
      links: personIds.map((id) => linkRef(organisationId, id, caller.personId)),
      blocks: between.flat(),
    });
    const blocksEach = blocks.length / personIds.length;
    return links.map((link, i) => {
      const isBlocked = blocks.slice(i * blocksEach, (i + 1) * blocksEach).some((block) => block !== undefined);
      return link && { link: link.value, isBlocked };
    });
  },

  save(saves, { records }, answer) {
    const change = records.change();
    for (const save of saves) put(change, save);
    return change.commit(answer);
  },

  async saveStanding({ before, after, ...save }, { records }) {
    const { organisationId, personId } = save.child;
    const change = records.change();
    put(change, save);
    await change
      .put(standingWeeksRef(organisationId, personId), after, before ? { version: before.version } : 'new')
      .point({ ...standingWeekPointer(organisationId, personId), attributes: { filledUntil: after.filledUntil } })
      .commit();
  },
};

function put(change: Change, { child, edits, event }: SaveDays): void {
  writeDays(change, child, edits);
  const subject = ownerOf(child.organisationId, child.personId);
  change.activity({ event, subject, detail: { days: edits.length } });
}
