import type { Call } from '../../http/call.ts';
import { OrganisationId, PersonId } from '../../http/ids.ts';
import { dayIn, daysAfter, instantOf } from '../../platform/calendar.ts';
import { errorName } from '../../platform/error-name.ts';
import { queueNotice } from '../notices/notice.ts';
import { organisationEntity, organisationOwner, organisationPointers } from '../organisations/organisation.ts';
import { isPlacedOn, ownerOf, type PersonRecord, personEntity } from '../people/person.ts';
import { closuresBetween } from '../reservations/closures-between.ts';
import { openingOn } from '../reservations/opening.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { attendanceDayRef, attendancePointers, boundsOf, openStayOf } from './attendance-day.ts';
import { closeForgotten, missedArrival } from './decisions.ts';
import { guardiansOf, mustBeAsked } from './guardians.ts';
import { inOneWave } from './one-wave.ts';
import { attendanceStore } from './store.ts';
import { type ChildHere, writeDays } from './writes.ts';

/** Sorts before every day that there is. */
const FIRST_DAY = '0000';

export interface Clock {
  /** A fresh one for each child: what was read for one must not be trusted for the next. */
  openCall(): Call;
  /** False when the worker's time is nearly over: the next run goes on where this one stopped. */
  hasTimeLeft(): boolean;
  /** One line for the log: ids and codes only. */
  log(line: { readonly event: string; readonly organisationId?: string; readonly error: string }): void;
}

export interface Ticked {
  organisations: number;
  staysClosed: number;
  missedArrivals: number;
  failed: number;
}

/**
 * Every quarter of an hour: ends the stays that nobody ended at 24:00 of their day, and asks the guardians of children
 * that were expected and have not come. Running it twice, or twice at once, changes nothing more.
 */
export async function tickAttendance(clock: Clock): Promise<Ticked> {
  const ticked: Ticked = { organisations: 0, staysClosed: 0, missedArrivals: 0, failed: 0 };
  for await (const { sk, attributes } of pointersIn(organisationPointers.all('' as OrganisationId), clock)) {
    const organisationId = OrganisationId.safeParse(sk);
    const timeZone = attributes?.['timeZone'];
    if (!organisationId.success || typeof timeZone !== 'string') {
      ticked.failed++;
      clock.log({ event: 'organisation-unreadable', organisationId: sk, error: 'pointer' });
      continue;
    }
    ticked.organisations++;
    const place = { organisationId: organisationId.data, timeZone };
    await tried(() => tickOrganisation(place, clock, ticked), place, clock, ticked);
  }
  return ticked;
}

type Place = Omit<ChildHere, 'personId'>;

async function tickOrganisation(place: Place, clock: Clock, ticked: Ticked): Promise<boolean> {
  const { organisationId, timeZone } = place;
  const { now } = clock.openCall();
  const today = dayIn(timeZone, now);
  const anyone = '' as PersonId;

  for await (const { sk, attributes } of pointersIn(attendancePointers.open(organisationId, anyone), clock)) {
    const day = String(attributes?.['day']);
    if (day >= today) continue;
    const isClosed = await tried(() => endStay(child(place, sk), day, clock.openCall()), place, clock, ticked);
    if (isClosed) ticked.staysClosed++;
  }

  // Earlier days' too: whoever was still awaited at midnight is not any more, however long ago that was.
  const { pk, sk: tomorrow } = attendancePointers.expected(organisationId, daysAfter(today, 1), '');
  for await (const { sk, attributes } of pointersIn({ table: 'core', pk }, clock, { from: FIRST_DAY, to: tomorrow })) {
    const expectedAt = Number(attributes?.['expectedAtEpochSeconds']) * 1000;
    const [day = '', personId = ''] = sk.split('#');
    if (day >= today && expectedAt > now.getTime()) continue;
    const isTold = await tried(() => lookFor(child(place, personId), day, clock.openCall()), place, clock, ticked);
    if (isTold) ticked.missedArrivals++;
  }
  return true;
}

const child = (place: Place, personId: string): ChildHere => ({ ...place, personId: PersonId.parse(personId) });

/**
 * Ends the stay at 24:00 of its day; true when there was one. A day that does not open is left alone: restricted, it is
 * closed when the restriction ends; erased, its row goes with the erasure.
 */
async function endStay(child: ChildHere, day: string, call: Call): Promise<boolean> {
  const { organisationId, personId, timeZone } = child;
  const before = await call.records.get(attendanceDayRef(organisationId, personId, day));
  if (!before || !openStayOf(before.value)) return false;
  const after = closeForgotten(before.value, boundsOf(timeZone, day).end);
  const change = call.records.change();
  writeDays(change, child, [{ before, after }]);
  const subject = ownerOf(organisationId, personId);
  await change.activity({ event: 'attendance.stay-closed', subject, detail: { day } }).commit();
  return true;
}

/** Asks the guardians where the child is, once; true when they were asked. */
async function lookFor(child: ChildHere, day: string, call: Call): Promise<boolean> {
  const { organisationId, personId, timeZone } = child;
  const { records } = call;
  const now = call.now.toISOString();
  const subject = ownerOf(organisationId, personId);
  // Whether or not there is anybody left to look for: the row has to go.
  if (now >= boundsOf(timeZone, day).end) {
    const change = records.change().unpoint(attendancePointers.expected(organisationId, day, personId));
    await change.activity({ event: 'arrival.day-over', subject, detail: { day } }).commit();
    return false;
  }
  const [facts, guardians, opening] = await Promise.all([
    inOneWave(records, {
      organisations: [{ entity: organisationEntity, owner: organisationOwner(organisationId) }],
      persons: [personRef(organisationId, personId)],
      days: [attendanceDayRef(organisationId, personId, day)],
    }),
    guardiansOf(records, organisationId, personId),
    closuresBetween(records, organisationId, day, day),
  ]);
  const [[organisation], [person], [before]] = [facts.organisations, facts.persons, facts.days];
  if (organisation?.value.state !== 'open' || !person || !before?.value.expected) return false;

  // Closed after somebody said that the child comes: nobody is looked for, today or on the clock's next round.
  if (openingOn(opening, day).kind === 'closed') return false;

  const expectedAt = instantOf(timeZone, day, before.value.expected.from);
  const dueAt = new Date(expectedAt.getTime() + organisation.value.notArrivedAfterMinutes * 60_000).toISOString();
  if (missedArrival(before.value, { now, dueAt }) !== 'tell' || !mayCome(person.value, day)) return false;

  const asked = guardians.filter((guardian) => mustBeAsked(guardian, day)).map(({ link }) => link.guardianId);
  const reachable = await records.getMany(asked.map((id) => personRef(organisationId, id)));
  const about = asked.filter((_, i) => reachable[i] !== undefined);
  const change = records.change();
  writeDays(change, child, [{ before, after: { ...before.value, missedArrivalToldAt: now } }]);
  for (const guardianId of about) {
    const parameters = { childId: personId, expectedAt: expectedAt.toISOString() };
    queueNotice(change, { to: ownerOf(organisationId, guardianId), template: 'not-arrived', parameters }, call);
  }
  await change.activity({ event: 'arrival.missed', subject, about, detail: { day } }).commit();
  return true;
}

const personRef = (organisationId: OrganisationId, personId: PersonId) =>
  ({ entity: personEntity, owner: ownerOf(organisationId, personId) }) as const;

/** Whoever has left all groups is not looked for; a club may have none. */
const mayCome = ({ placements }: PersonRecord, day: string): boolean =>
  placements.length === 0 || placements.some((placement) => isPlacedOn(placement, day));

/** A child, or an organisation, that fails must not keep the others waiting: the log says so, and the next run tries again. */
async function tried(
  look: () => Promise<boolean>,
  { organisationId }: Place,
  clock: Clock,
  ticked: Ticked,
): Promise<boolean> {
  try {
    // A door may be faster, or an erasure; then what they did is looked at.
    return await attendanceStore.settled(look);
  } catch (error) {
    ticked.failed++;
    clock.log({ event: 'attendance-tick-failed', organisationId, error: errorName(error) });
    return false;
  }
}
