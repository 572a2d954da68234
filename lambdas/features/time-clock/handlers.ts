import type * as z from 'zod';
import type { Call, RoleCaller } from '../../http/call.ts';
import type { CustomerId, OrganisationId, PersonId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { dayIn, daysAfter } from '../../platform/calendar.ts';
import type { Stored } from '../../platform/records.ts';
import type { ClockPosition, StampPosition } from './clock-position.ts';
import {
  clockIn,
  clockOut,
  comeBack,
  correct,
  demandApart,
  leaveUnended,
  type Stamp,
  type Stamped,
  takeBreak,
  type Wanted,
} from './decisions.ts';
import type { timeClockRoutes } from './routes.ts';
import { settingsByDefault, type TimeClockSettings } from './settings.ts';
import { type WorkDayView, workDayView } from './views.ts';
import {
  DAYS_BACK_MAX,
  DAYS_MAX,
  emptyDay,
  OFFLINE_HOURS_MAX,
  openEntryOf,
  type TimeClockEntry,
  type WorkDay,
  type workDayEntity,
} from './work-day.ts';

/** A stamp in after so many hours begins anew: the one before was never ended, and nobody knows when it should have been. */
const FORGOTTEN_HOURS = 16;
/** The clock of a phone may be ahead by so much. */
const AHEAD_SECONDS_MAX = 120;

export interface Employee {
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
  /** The organisation's. */
  readonly timeZone: string;
}
export interface AtTheClock extends Employee {
  readonly settings: TimeClockSettings | undefined;
  /** The day that an entry is open on, as its pointer says. */
  readonly openDay: string | undefined;
}

/** A day as it was read (absent when it holds nothing yet) and as it shall be. */
export interface WorkDayEdit {
  readonly before: Stored<typeof workDayEntity> | undefined;
  readonly after: WorkDay;
}
export interface SaveHours {
  readonly employee: Employee;
  readonly edits: readonly WorkDayEdit[];
  readonly activity: {
    readonly event: `${string}.${string}`;
    readonly detail: Readonly<Record<string, string | number>>;
  };
  readonly position?: ClockPosition | undefined;
  /** The pointer to who is at work is moved, and not new: an earlier day's entry was never ended. */
  readonly movesPointer?: boolean;
}

export interface TimeClockStore {
  /** Decides, and decides anew while the same employee's other device is faster. Throws `Busy` in the end. */
  settled<A>(decide: () => Promise<A>): Promise<A>;
  /** One wave; undefined for whoever does not work there. */
  atTheClock(organisationId: OrganisationId, personId: PersonId, call: Call): Promise<AtTheClock | undefined>;
  /** One wave, in their order. */
  days(
    employee: Pick<Employee, 'organisationId' | 'personId'>,
    days: readonly string[],
    call: Call,
  ): Promise<readonly (Stored<typeof workDayEntity> | undefined)[]>;
  isCustomer(organisationId: OrganisationId, customerId: CustomerId, call: Call): Promise<boolean>;
  /** Throws `StaleVersion` when a day has been changed meanwhile, and `already-clocked-in`. */
  save<A>(save: SaveHours, call: Call, answer: A): Promise<A>;
  /** Where stamps were made from one day to another; throws `too-many`. */
  positions(
    employee: Employee,
    days: { readonly from: string; readonly to: string },
    call: Call,
  ): Promise<readonly ClockPosition[]>;
  settings(
    organisationId: OrganisationId,
    call: Call,
  ): Promise<{ readonly value: TimeClockSettings; readonly version: number } | undefined>;
  /** `before`: the version that was read, if there was one. */
  saveSettings(
    organisationId: OrganisationId,
    settings: TimeClockSettings,
    before: number | undefined,
    call: Call,
  ): Promise<void>;
}

export const timeClockHandlers = (clock: TimeClockStore): HandlersFor<typeof timeClockRoutes, Call> => ({
  async stampTimeClock({ params: { organisationId, personId }, body }, call) {
    const { stamp, customerId, position } = body;
    if (customerId !== undefined && stamp !== 'in') throw malformed('body', 'customerId', 'With `in` alone.');
    const stamped = stampedAt(body.at, call.now);
    return clock.settled(async () => {
      const employee = await found(clock, organisationId, personId, call);
      if (position && !(employee.settings ?? settingsByDefault).takesPosition) throw new Problem('position-not-used');
      await demandCustomer(clock, organisationId, customerId, call);
      const { edits, movesPointer } = await stampedDays(clock, employee, { stamp, customerId }, stamped, call);
      const { before, after } = edits.at(-1)!;
      // A stamp of this moment runs into nothing that has ended; what a device hands in later may.
      if (body.at !== undefined) demandApart(after, await around(clock, employee, after.day, call));
      const id = openEntryOf(stamp === 'in' || !before ? after : before.value)?.id;
      const entry = after.entries.find((one) => one.id === id);
      const isPlaced = entry?.customerId !== undefined && (stamp === 'in' || stamp === 'out');
      if (position && !isPlaced) throw new Problem('position-not-used');
      return clock.save(
        {
          employee,
          edits,
          activity: { event: eventOf[stamp], detail: { day: after.day } },
          movesPointer,
          ...(position && entry && { position: placed(position, { stamp, entry, at: stamped.at }) }),
        },
        call,
        workDayView(personId, after, (before?.version ?? 0) + 1),
      );
    });
  },

  async listWorkDays({ params: { organisationId, personId }, query }, call) {
    const days = daysBetween(query.from, query.to);
    const employee = await found(clock, organisationId, personId, call);
    const stored = await clock.days(employee, days, call);
    return {
      items: stored.flatMap((day): WorkDayView[] => (day ? [workDayView(personId, day.value, day.version)] : [])),
    };
  },

  async listClockPositions({ params: { organisationId, personId }, query }, call) {
    daysBetween(query.from, query.to);
    const employee = await found(clock, organisationId, personId, call);
    return { items: [...(await clock.positions(employee, query, call))] };
  },

  async correctHours({ params: { organisationId, personId, day }, body }, call) {
    demandOneThing(body);
    return clock.settled(async () => {
      const employee = await found(clock, organisationId, personId, call);
      demandNotLongAgo(employee, day, call.now);
      await demandCustomer(clock, organisationId, body.customerId, call);
      const [before] = await clock.days(employee, [day], call);
      const hand = { by: callerOf(call).personId, now: call.now.toISOString(), newId: call.newId('tce') };
      const after = correct(before?.value ?? emptyDay(day), inMilliseconds(body), hand);
      const corrected = after.corrections.at(-1)!;
      if (corrected.after && dayIn(employee.timeZone, new Date(corrected.after.startedAt)) !== day) {
        throw new Problem('hours-refused', 'The hours begin on another day.');
      }
      if (corrected.after) demandApart(after, await around(clock, employee, day, call), hand.now);
      return clock.save(
        {
          employee,
          edits: [{ before, after }],
          activity: {
            event: 'hours.corrected',
            detail: { day, reason: body.reason, entryId: corrected.entryId },
          },
        },
        call,
        workDayView(personId, after, (before?.version ?? 0) + 1),
      );
    });
  },

  async getTimeClockSettings({ params: { organisationId } }, call) {
    const stored = await clock.settings(organisationId, call);
    return { ...(stored?.value ?? settingsByDefault), version: (stored?.version ?? 0) + 1 };
  },

  async putTimeClockSettings({ params: { organisationId }, body, ifMatch }, call) {
    const stored = await clock.settings(organisationId, call);
    const version = (stored?.version ?? 0) + 1;
    if (version !== ifMatch) throw new Problem('stale-version');
    await clock.saveSettings(organisationId, body, stored?.version, call);
    return { ...body, version: version + 1 };
  },
});

const eventOf = {
  in: 'time-clock.stamped-in',
  out: 'time-clock.stamped-out',
  break: 'time-clock.break-begun',
  back: 'time-clock.break-ended',
} as const satisfies Record<Stamp, string>;

/** The days that a stamp changes; the last one is the day that it counts for. */
async function stampedDays(
  clock: TimeClockStore,
  employee: AtTheClock,
  { stamp, customerId }: { readonly stamp: Stamp; readonly customerId?: CustomerId | undefined },
  stamped: Stamped,
  call: Call,
): Promise<{ readonly edits: readonly WorkDayEdit[]; readonly movesPointer: boolean }> {
  const { openDay } = employee;
  const today = dayIn(employee.timeZone, new Date(stamped.at));
  const [ofToday, ofOpen] = await clock.days(employee, [today, openDay ?? today], call);
  if (stamp !== 'in') {
    const before = openDay === undefined ? ofToday : ofOpen;
    const after = otherStamps[stamp](before?.value ?? emptyDay(today), stamped);
    return { edits: [{ before, after }], movesPointer: false };
  }
  const entry = { id: call.newId('tce'), customerId };
  const left = ofOpen && openEntryOf(ofOpen.value);
  if (!left || Date.parse(stamped.at) - Date.parse(left.startedAt) < FORGOTTEN_HOURS * 3_600_000) {
    const after = clockIn(ofToday?.value ?? emptyDay(today), entry, stamped);
    if (left) throw new Problem('already-clocked-in');
    return { edits: [{ before: ofToday, after }], movesPointer: openDay !== undefined };
  }
  const unended = leaveUnended(ofOpen.value);
  if (openDay === today) {
    return { edits: [{ before: ofToday, after: clockIn(unended, entry, stamped) }], movesPointer: true };
  }
  return {
    edits: [
      { before: ofOpen, after: unended },
      { before: ofToday, after: clockIn(ofToday?.value ?? emptyDay(today), entry, stamped) },
    ],
    movesPointer: true,
  };
}

/** The day before and the day after. */
async function around(clock: TimeClockStore, employee: Employee, day: string, call: Call) {
  const stored = await clock.days(employee, [daysAfter(day, -1), daysAfter(day, 1)], call);
  return stored.map((one) => one?.value);
}

const otherStamps = { out: clockOut, break: takeBreak, back: comeBack } as const;

/** The instant that counts: ours, or the device's where it says when it had no network. */
function stampedAt(deviceAt: string | undefined, now: Date): Stamped {
  if (deviceAt === undefined) return { at: now.toISOString() };
  const millisecondsAgo = now.getTime() - Date.parse(deviceAt);
  if (millisecondsAgo < -AHEAD_SECONDS_MAX * 1000) throw new Problem('hours-refused', 'Not in the future.');
  if (millisecondsAgo > OFFLINE_HOURS_MAX * 3_600_000) {
    throw new Problem(
      'hours-refused',
      `A stamp is handed in within ${OFFLINE_HOURS_MAX} hours; correct the hours instead.`,
    );
  }
  return { at: new Date(Math.min(Date.parse(deviceAt), now.getTime())).toISOString(), deviceAt };
}

/** As our own instants are written: they are compared as text. */
function inMilliseconds({ startedAt, endedAt, breaks, ...rest }: Wanted): Wanted {
  return {
    ...rest,
    ...(startedAt !== undefined && { startedAt: whole(startedAt) }),
    ...(endedAt !== undefined && { endedAt: whole(endedAt) }),
    ...(breaks && {
      breaks: breaks.map(({ from, until }) => ({
        from: whole(from),
        ...(until !== undefined && { until: whole(until) }),
      })),
    }),
  };
}
const whole = (instant: string) => new Date(instant).toISOString();

function placed(
  position: z.output<typeof StampPosition>,
  { stamp, entry, at }: { readonly stamp: Stamp; readonly entry: TimeClockEntry; readonly at: string },
): ClockPosition | undefined {
  const { id: entryId, customerId } = entry;
  return customerId && { ...position, entryId, stamp: stamp === 'in' ? 'in' : 'out', customerId, at };
}

async function found(clock: TimeClockStore, organisationId: OrganisationId, personId: PersonId, call: Call) {
  const employee = await clock.atTheClock(organisationId, personId, call);
  if (!employee) throw new Problem('person-not-found');
  return employee;
}

async function demandCustomer(
  clock: TimeClockStore,
  organisationId: OrganisationId,
  customerId: CustomerId | undefined,
  call: Call,
): Promise<void> {
  if (customerId === undefined || (await clock.isCustomer(organisationId, customerId, call))) return;
  throw new Problem('customer-not-found');
}

function demandNotLongAgo({ timeZone }: Employee, day: string, now: Date): void {
  const today = dayIn(timeZone, now);
  if (day > today) throw new Problem('hours-refused', 'Not in the future.');
  if (day < daysAfter(today, -DAYS_BACK_MAX)) throw new Problem('hours-refused', `At most ${DAYS_BACK_MAX} days back.`);
}

function demandOneThing({
  entryId,
  isWithdrawn,
  startedAt,
  endedAt,
  breaks,
  customerId,
}: Parameters<ReturnType<typeof timeClockHandlers>['correctHours']>[0]['body']): void {
  const isTimed = [startedAt, endedAt, breaks, customerId].some((one) => one !== undefined);
  if (isWithdrawn && entryId === undefined) throw malformed('body', 'entryId', 'Which hours are taken away.');
  if (isTimed === (isWithdrawn === true)) throw malformed('body', 'isWithdrawn', 'New hours, or `isWithdrawn`.');
}

function daysBetween(from: string, to: string): string[] {
  if (to < from) throw malformed('query', 'to', 'The last day is before the first.');
  const days = [from];
  while (days.at(-1)! < to) {
    if (days.length === DAYS_MAX) throw malformed('query', 'to', `At most ${DAYS_MAX} days.`);
    days.push(daysAfter(days.at(-1)!, 1));
  }
  return days;
}

const malformed = (place: string, field: string, detail: string) =>
  new Problem('malformed-request', undefined, { errors: [{ pointer: pointer(place, field), detail }] });

/** The chain lets nobody without a role reach a route for roles. */
function callerOf(call: Call): RoleCaller {
  if (!call.role) throw new Error('A route for roles without a role');
  return call.role;
}
