import type { Call, RoleCaller } from '../../http/call.ts';
import type { GroupId, OrganisationId, PersonId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { dayIn, daysAfter } from '../../platform/calendar.ts';
import type { ActivityRecord } from '../../platform/records.ts';
import type { PersonRecord } from '../people/person.ts';
import { isChangeable, type OpeningDays, openingOn } from '../reservations/opening.ts';
import { behindCutOff, dayClosed } from '../reservations/refusals.ts';
import { type AttendanceDay, boundsOf, DAYS_BACK_MAX, DAYS_MAX, emptyDay, openStayOf } from './attendance-day.ts';
import {
  asOf,
  checkIn,
  checkOut,
  closeForgotten,
  correct,
  enterStay,
  expectArrival,
  reportAbsence,
  withdrawAbsence,
} from './decisions.ts';
import type { attendanceRoutes } from './routes.ts';
import { type Attendance, attendanceFor, groupEntry } from './views.ts';
import type { ChildHere, DayEdit, StoredDay } from './writes.ts';

/** How far ahead somebody can be expected or reported absent. */
const DAYS_AHEAD_MAX = 366;

/** A child, as a door needs to know it. */
export interface AtTheDoor {
  readonly child: ChildHere;
  /** The organisation's local day. */
  readonly today: string;
  readonly day: StoredDay | undefined;
  /** An open stay is on record somewhere. */
  readonly isPointedOpen: boolean;
  /** The earlier day that it lies on: nobody checked the child out, and the clock has not come by yet. */
  readonly earlier: StoredDay | undefined;
  /** Guardians who are told of an arrival: linked today, not blocked, more than picking up. */
  readonly guardianIds: readonly PersonId[];
}

export interface DaysOfChild {
  readonly child: ChildHere;
  /** One for each day asked for, in that order. */
  readonly days: readonly (StoredDay | undefined)[];
}

export interface GroupOnDay {
  readonly timeZone: string;
  readonly day: string;
  /** Placed in the group on that day, and not kept from the caller by a block. */
  readonly children: readonly { readonly person: PersonRecord; readonly day: AttendanceDay | undefined }[];
}

export interface Save {
  readonly child: ChildHere;
  readonly edits: readonly DayEdit[];
  readonly activities: readonly Omit<ActivityRecord, 'subject'>[];
  readonly movesPointer?: boolean;
  /** Who is told that the child came, and when that was. */
  readonly arrival?: { readonly at: string; readonly guardianIds: readonly PersonId[] };
}

export interface AttendanceStore {
  /**
   * Decides, and decides anew while other doors are faster. `mayTell` is false once a guardian's records turned out to
   * be closed: nothing can be stored for them, which must not keep the child out. Throws `Busy` in the end.
   */
  settled<A>(decide: (mayTell: boolean) => Promise<A>): Promise<A>;
  /** One wave of reads (one more where the organisation's day is not Oslo's, or a stay is open since an earlier day). */
  atTheDoor(organisationId: OrganisationId, personId: PersonId, call: Call): Promise<AtTheDoor | undefined>;
  /** Those of them whose records are open: nothing can be stored for the others. One wave. */
  reachable(organisationId: OrganisationId, guardianIds: readonly PersonId[], call: Call): Promise<PersonId[]>;
  /** One wave; undefined for whoever has no attendance, or is not there. */
  days(
    organisationId: OrganisationId,
    personId: PersonId,
    days: readonly string[],
    call: Call,
  ): Promise<DaysOfChild | undefined>;
  /** When the organisation is open, from today on. One wave. */
  opening(organisationId: OrganisationId, call: Call): Promise<OpeningDays>;
  /** Throws `StaleVersion` when a day has been changed meanwhile. */
  save<A>(save: Save, call: Call, answer: A): Promise<A>;
  /** Two round trips (three where the organisation's day is not Oslo's); `day` absent is today. Throws `too-many`. */
  group(organisationId: OrganisationId, groupId: GroupId, day: string | undefined, call: Call): Promise<GroupOnDay>;
}

export const attendanceHandlers = (attendance: AttendanceStore): HandlersFor<typeof attendanceRoutes, Call> => ({
  async checkIn({ params: { organisationId, personId } }, call) {
    const now = call.now.toISOString();
    return attendance.settled(async (mayTell) => {
      const door = await atTheDoor(attendance, organisationId, personId, call);
      const after = checkIn(door.day?.value ?? emptyDay(door.today), { by: callerOf(call).personId, now });
      const guardianIds = mayTell
        ? door.guardianIds
        : await attendance.reachable(organisationId, door.guardianIds, call);
      const stay = openStayOf(after)!;
      const forgotten = forgottenOf(door);
      return attendance.save(
        {
          child: door.child,
          edits: [...forgotten, { before: door.day, after }],
          activities: [
            { event: 'attendance.checked-in', about: guardianIds, detail: { day: after.day, stayId: stay.id } },
            ...forgotten.map(({ after: { day } }) => ({ event: 'attendance.stay-closed', detail: { day } }) as const),
          ],
          movesPointer: door.isPointedOpen,
          arrival: { at: stay.checkedInAt, guardianIds },
        },
        call,
        answerOf(door.child, door.day, after, call),
      );
    });
  },

  async checkOut({ params: { organisationId, personId } }, call) {
    const now = call.now.toISOString();
    return attendance.settled(async () => {
      const door = await atTheDoor(attendance, organisationId, personId, call);
      const isHere = door.day && openStayOf(door.day.value);
      const before = isHere ? door.day : (door.earlier ?? door.day);
      if (!before) throw new Problem('not-checked-in');
      const { day } = before.value;
      const bounds = boundsOf(door.child.timeZone, day);
      const after = checkOut(before.value, { by: callerOf(call).personId, now }, bounds);
      return attendance.save(
        {
          child: door.child,
          edits: [{ before, after }],
          activities: [{ event: 'attendance.checked-out', detail: { day } }],
        },
        call,
        answerOf(door.child, before, after, call),
      );
    });
  },

  async listAttendance({ params: { organisationId, personId }, query: { from, to } }, call) {
    const days = daysBetween(from, to);
    const { child, days: stored } = await daysOf(attendance, organisationId, personId, days, call);
    return { items: stored.map((day, i) => shown(child, day, emptyDay(days[i]!), call)) };
  },

  async getAttendance({ params: { organisationId, personId, day } }, call) {
    const { child, days } = await daysOf(attendance, organisationId, personId, [day], call);
    return shown(child, days[0], emptyDay(day), call);
  },

  async expectArrival({ params, body, ifMatch }, call) {
    if (body.until !== undefined && body.until <= body.from) throw malformed('body', 'until', 'Not after `from`.');
    const [{ child, before, day }, opening] = await Promise.all([
      dayToChange(attendance, params, ifMatch, call),
      attendance.opening(params.organisationId, call),
    ]);
    demandTodayOrLater(child.timeZone, day.day, call.now);
    demandOpen(opening, child.timeZone, day.day, call);
    const after = expectArrival(day, { ...body, by: callerOf(call).personId });
    return saveDay(attendance, child, { before, after }, { event: 'arrival.expected', detail: { day: day.day } }, call);
  },

  async reportAbsence({ params, body, ifMatch }, call) {
    const { child, before, day } = await dayToChange(attendance, params, ifMatch, call);
    demandReportable(child.timeZone, day.day, call);
    const door = { by: callerOf(call).personId, now: call.now.toISOString() };
    const after = reportAbsence(day, { ...door, ...body });
    return saveDay(attendance, child, { before, after }, { event: 'absence.reported', detail: { day: day.day } }, call);
  },

  async withdrawAbsence({ params, ifMatch }, call) {
    const { child, before, day } = await dayToChange(attendance, params, ifMatch, call);
    if (!before || !day.absence) return;
    demandReportable(child.timeZone, day.day, call);
    const edit = { before, after: withdrawAbsence(day) };
    await saveDay(attendance, child, edit, { event: 'absence.withdrawn', detail: { day: day.day } }, call);
  },

  async correctStay({ params, body, ifMatch }, call) {
    const { reason, ...changes } = body;
    demandOneCorrection(changes);
    const { child, before, day } = await dayToChange(attendance, params, ifMatch, call);
    const door = { by: callerOf(call).personId, now: call.now.toISOString() };
    const bounds = boundsOf(child.timeZone, day.day);
    const { stayId } = params;
    const after = correct(asOf(day, door.now, bounds), { ...door, stayId, reason, changes }, bounds);
    const activity = { event: 'attendance.corrected', detail: { day: day.day, stayId, reason } } as const;
    return saveDay(attendance, child, { before, after }, activity, call);
  },

  async enterStay({ params: { organisationId, personId, day }, body }, call) {
    const now = call.now.toISOString();
    return attendance.settled(async () => {
      const { child, days } = await daysOf(attendance, organisationId, personId, [day], call);
      const [before] = days;
      demandNotLongAgo(child.timeZone, day, call.now);
      const bounds = boundsOf(child.timeZone, day);
      const standing = asOf(before?.value ?? emptyDay(day), now, bounds);
      const after = enterStay(standing, { ...body, by: callerOf(call).personId, now }, bounds);
      const stayId = after.corrections.at(-1)!.stayId;
      const activity = { event: 'attendance.entered', detail: { day, stayId, reason: body.reason } } as const;
      return saveDay(attendance, child, { before, after }, activity, call);
    });
  },

  async getGroupList({ params: { organisationId, groupId }, query }, call) {
    const { timeZone, day, children } = await attendance.group(organisationId, groupId, query.day, call);
    const now = call.now.toISOString();
    const items = children.map((child) => groupEntry(child.person, { day: child.day ?? emptyDay(day), timeZone, now }));
    const byName = new Intl.Collator('nb');
    items.sort(
      (one, other) => byName.compare(one.firstName, other.firstName) || byName.compare(one.lastName, other.lastName),
    );
    return { groupId, day, timeZone, items };
  },
});

async function atTheDoor(attendance: AttendanceStore, organisationId: OrganisationId, personId: PersonId, call: Call) {
  const door = await attendance.atTheDoor(organisationId, personId, call);
  if (!door) throw new Problem('person-not-found');
  return door;
}

/** The stay of an earlier day that has to end before another can begin. */
function forgottenOf({ earlier, child }: AtTheDoor): DayEdit[] {
  if (!earlier) return [];
  const { end } = boundsOf(child.timeZone, earlier.value.day);
  return [{ before: earlier, after: closeForgotten(earlier.value, end) }];
}

async function daysOf(
  attendance: AttendanceStore,
  organisationId: OrganisationId,
  personId: PersonId,
  days: readonly string[],
  call: Call,
): Promise<DaysOfChild> {
  const found = await attendance.days(organisationId, personId, days, call);
  if (!found) throw new Problem('person-not-found');
  return found;
}

async function dayToChange(
  attendance: AttendanceStore,
  params: { readonly organisationId: OrganisationId; readonly personId: PersonId; readonly day: string },
  ifMatch: number,
  call: Call,
) {
  const { child, days } = await daysOf(attendance, params.organisationId, params.personId, [params.day], call);
  const [before] = days;
  if (versionOf(before) !== ifMatch) throw new Problem('stale-version');
  return { child, before, day: before?.value ?? emptyDay(params.day) };
}

const saveDay = (
  attendance: AttendanceStore,
  child: ChildHere,
  edit: DayEdit,
  activity: Save['activities'][number],
  call: Call,
): Promise<Attendance> =>
  attendance.save(
    { child, edits: [edit], activities: [activity] },
    call,
    answerOf(child, edit.before, edit.after, call),
  );

/** A day that holds nothing has a version too, so that the first change of it can be conditioned like any other. */
const versionOf = (stored: StoredDay | undefined): number => (stored?.version ?? 0) + 1;

const shown = (child: ChildHere, stored: StoredDay | undefined, otherwise: AttendanceDay, call: Call): Attendance =>
  attendanceFor(callerOf(call), child.personId, versionOf(stored), {
    day: stored?.value ?? otherwise,
    timeZone: child.timeZone,
    now: call.now.toISOString(),
  });

const answerOf = ({ personId, timeZone }: ChildHere, before: StoredDay | undefined, day: AttendanceDay, call: Call) =>
  attendanceFor(callerOf(call), personId, versionOf(before) + 1, { day, timeZone, now: call.now.toISOString() });

function daysBetween(from: string, to: string): string[] {
  if (to < from) throw malformed('query', 'to', 'The last day is before the first.');
  const days = [from];
  while (days.at(-1)! < to) {
    if (days.length === DAYS_MAX) throw malformed('query', 'to', `At most ${DAYS_MAX} days.`);
    days.push(daysAfter(days.at(-1)!, 1));
  }
  return days;
}

function demandTodayOrLater(timeZone: string, day: string, now: Date): void {
  const today = dayIn(timeZone, now);
  if (day < today) throw new Problem('wrong-state', 'The day is over.');
  if (day > daysAfter(today, DAYS_AHEAD_MAX)) throw new Problem('wrong-state', `At most ${DAYS_AHEAD_MAX} days ahead.`);
}

/** A guardian says what will be; staff also put right what was. */
function demandReportable(timeZone: string, day: string, call: Call): void {
  const isStaff = ['leader', 'staff'].includes(callerOf(call).role);
  if (isStaff && day < dayIn(timeZone, call.now)) demandNotLongAgo(timeZone, day, call.now);
  else demandTodayOrLater(timeZone, day, call.now);
}

/** The cut-off binds guardians; on a closed day nobody is expected. */
function demandOpen(opening: OpeningDays, timeZone: string, day: string, call: Call): void {
  if (openingOn(opening, day).kind === 'closed') throw dayClosed(day);
  const isStaff = ['leader', 'staff'].includes(callerOf(call).role);
  if (!isStaff && !isChangeable(opening, timeZone, day, call.now)) throw behindCutOff(day, opening, timeZone, call.now);
}

function demandNotLongAgo(timeZone: string, day: string, now: Date): void {
  if (day >= daysAfter(dayIn(timeZone, now), -DAYS_BACK_MAX)) return;
  throw new Problem('wrong-state', `At most ${DAYS_BACK_MAX} days back.`);
}

function demandOneCorrection({ withdrawn, ...times }: { readonly withdrawn?: true | undefined }): void {
  const isTimed = Object.values(times).some((time) => time !== undefined);
  if (isTimed === (withdrawn === true))
    throw malformed('body', 'withdrawn', 'New times, or `withdrawn`: one of the two.');
}

const malformed = (place: string, field: string, detail: string) =>
  new Problem('malformed-request', undefined, { errors: [{ pointer: pointer(place, field), detail }] });

/** The chain lets nobody without a role reach a route for roles. */
function callerOf(call: Call): RoleCaller {
  if (!call.role) throw new Error('A route for roles without a role');
  return call.role;
}
