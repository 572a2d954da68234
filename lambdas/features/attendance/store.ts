import { type Call, personIdsOf } from '../../http/call.ts';
import type { GroupId, OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn, daysAfter } from '../../platform/calendar.ts';
import { Busy, Closed, type Records, StaleVersion } from '../../platform/records.ts';
import { queueNotice } from '../notices/notice.ts';
import { organisationEntity, organisationOwner } from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import { isPlacedOn, ownerOf, type PersonRecord, peoplePointers, personEntity } from '../people/person.ts';
import { closuresBetween, LAST_DAY } from '../reservations/closures-between.ts';
import { attendanceDayRef, attendancePointers, openStayOf } from './attendance-day.ts';
import { guardiansOf, mayBeTold } from './guardians.ts';
import type { AttendanceStore } from './handlers.ts';
import { inOneWave } from './one-wave.ts';
import { GROUP_MEMBERS_MAX } from './views.ts';
import { writeDays } from './writes.ts';

/**
 * The day has to be known before the organisation's zone is, if both shall come in one wave: the default zone is tried,
 * and what was read is read again for the few organisations and hours where that is another day.
 */
const LIKELY_TIME_ZONE = 'Europe/Oslo';

/** Times a check-in or check-out is decided because another door was faster. */
const DECISIONS_MAX = 8;

export const attendanceStore: AttendanceStore = {
  async settled(decide) {
    let mayTell = true;
    for (let decisions = 0; decisions < DECISIONS_MAX; decisions++) {
      try {
        return await decide(mayTell);
      } catch (error) {
        if (error instanceof Closed && mayTell) mayTell = false;
        else if (!(error instanceof StaleVersion)) throw error;
      }
    }
    throw new Busy('Other doors kept being faster');
  },

  async atTheDoor(organisationId, personId, { records, now }) {
    const likely = dayIn(LIKELY_TIME_ZONE, now);
    const openKey = attendancePointers.open(organisationId, personId);
    const [[organisation, person, likelyDay], [open], guardians] = await Promise.all([
      records.together([
        organisationRef(organisationId),
        personRef(organisationId, personId),
        attendanceDayRef(organisationId, personId, likely),
      ]),
      records.pointersAt([openKey]),
      guardiansOf(records, organisationId, personId),
    ]);
    if (!organisation || !isAttending(person?.value)) return undefined;
    const { timeZone } = organisation.value;
    const today = dayIn(timeZone, now);
    const openDay = open?.attributes?.['day'];
    const otherDay = typeof openDay === 'string' && openDay !== today ? openDay : undefined;
    const [day, earlier] =
      today === likely && otherDay === undefined
        ? [likelyDay]
        : await records.together([
            attendanceDayRef(organisationId, personId, today),
            attendanceDayRef(organisationId, personId, otherDay ?? today),
          ]);
    return {
      child: { organisationId, personId, timeZone },
      today,
      day,
      isPointedOpen: open !== undefined,
      earlier: otherDay !== undefined && earlier && openStayOf(earlier.value) ? earlier : undefined,
      guardianIds: guardians.filter((guardian) => mayBeTold(guardian, today)).map(({ link }) => link.guardianId),
    };
  },

  async reachable(organisationId, guardianIds, { records }) {
    const persons = await records.getMany(guardianIds.map((id) => personRef(organisationId, id)));
    return guardianIds.filter((_, i) => persons[i] !== undefined);
  },

  async days(organisationId, personId, days, { records }) {
    const [organisation, person, ...stored] = await records.together([
      organisationRef(organisationId),
      personRef(organisationId, personId),
      ...days.map((day) => attendanceDayRef(organisationId, personId, day)),
    ]);
    if (!organisation || !isAttending(person?.value)) return undefined;
    return { child: { organisationId, personId, timeZone: organisation.value.timeZone }, days: stored };
  },

  opening: (organisationId, { records, now }) =>
    // A day early: the zone is not known yet.
    closuresBetween(records, organisationId, daysAfter(dayIn('UTC', now), -1), LAST_DAY),

  async save({ child, edits, activities, movesPointer, arrival }, call, answer) {
    const subject = ownerOf(child.organisationId, child.personId);
    const change = call.records.change();
    writeDays(change, child, edits, movesPointer);
    for (const activity of activities) change.activity({ ...activity, subject });
    for (const guardianId of arrival?.guardianIds ?? []) {
      const to = ownerOf(child.organisationId, guardianId);
      const parameters = { childId: child.personId, at: arrival!.at };
      queueNotice(change, { to, template: 'checked-in', parameters }, call);
    }
    return change.commit(answer);
  },

  async group(organisationId, groupId, asked, call) {
    const { records, now } = call;
    const ids = await memberIds(organisationId, groupId, records);
    const likely = asked ?? dayIn(LIKELY_TIME_ZONE, now);
    const first = await readGroup(organisationId, ids, likely, call);
    const { timeZone } = first;
    const day = asked ?? dayIn(timeZone, now);
    const { members } = day === likely ? first : await readGroup(organisationId, ids, day, call);
    const children = members.flatMap(({ person, isBlocked, attendance }) => {
      const placed = person?.placements.filter((one) => isPlacedOn(one, day)) ?? [];
      // A placement may end while the child is in the house: who is there stands on a list until checked out.
      const isStillThere = placed.length === 0 && attendance !== undefined && openStayOf(attendance) !== undefined;
      const isListed = isStillThere || placed.some((one) => one.groupId === groupId);
      return person && isListed && isAttending(person) && !isBlocked ? [{ person, day: attendance }] : [];
    });
    return { timeZone, day, children };
  },
};

async function memberIds(organisationId: OrganisationId, groupId: GroupId, records: Records): Promise<PersonId[]> {
  const { pk, sk } = peoplePointers.groupMember(organisationId, groupId, '' as PersonId);
  const { items, next } = await records.pointers('core', pk, { prefix: sk, limit: GROUP_MEMBERS_MAX });
  // A list that leaves somebody out would be taken for the whole group, in a fire drill of all times.
  if (next !== undefined) throw new Problem('too-many', `At most ${GROUP_MEMBERS_MAX} past and present members.`);
  return items.map((pointer) => pointer.sk.slice(sk.length) as PersonId);
}

async function readGroup(organisationId: OrganisationId, ids: readonly PersonId[], day: string, call: Call) {
  // The chain lets nobody without a role reach a route for roles.
  const callerIds = personIdsOf(call.role!);
  const read = await inOneWave(call.records, {
    organisations: [organisationRef(organisationId)],
    persons: ids.map((id) => personRef(organisationId, id)),
    // A block keeps a grown-up from the child, whatever their role is; the caller may be either of the two.
    blocks: ids.flatMap((id) => blocksBetween(organisationId, callerIds, id)),
    days: ids.map((id) => attendanceDayRef(organisationId, id, day)),
  });
  const [organisation] = read.organisations;
  if (!organisation) throw new Problem('organisation-not-found');
  const blocksEach = read.blocks.length / ids.length;
  const members = ids.map((_, i) => ({
    person: read.persons[i]?.value,
    isBlocked: read.blocks.slice(i * blocksEach, (i + 1) * blocksEach).some((block) => block !== undefined),
    attendance: read.days[i]?.value,
  }));
  return { timeZone: organisation.value.timeZone, members };
}

const organisationRef = (organisationId: OrganisationId) =>
  ({ entity: organisationEntity, owner: organisationOwner(organisationId) }) as const;
const personRef = (organisationId: OrganisationId, personId: PersonId) =>
  ({ entity: personEntity, owner: ownerOf(organisationId, personId) }) as const;

/** Grown-ups have no attendance here; the time clock of staff is another thing (CE-05). */
const isAttending = (person: PersonRecord | undefined) => person?.kind === 'child' || person?.kind === 'member';
