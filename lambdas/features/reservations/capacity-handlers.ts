import type { Call } from '../../http/call.ts';
import type { GroupId, OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { dayIn, daysAfter } from '../../platform/calendar.ts';
import type { Stored } from '../../platform/records.ts';
import type { AttendanceDay } from '../attendance/attendance-day.ts';
import { isPlacedOn, type PersonRecord } from '../people/person.ts';
import { capacityOn } from './capacity.ts';
import type { capacityRoutes } from './capacity-routes.ts';
import { eachDay } from './days.ts';
import { type OpeningDays, openingOn } from './opening.ts';
import { demandSpan, malformed } from './refusals.ts';
import { CAPACITY_DAYS_MAX, periodsOn, type Staffing, type staffingEntity } from './staffing.ts';

type StoredStaffing = Stored<typeof staffingEntity>;

export interface GroupWithDays {
  readonly timeZone: string;
  readonly opening: OpeningDays;
  readonly staffing: Staffing | undefined;
  /** Whoever is or was in the group, with a record for each of the days, in their order. */
  readonly members: readonly {
    readonly person: PersonRecord;
    readonly days: readonly (AttendanceDay | undefined)[];
  }[];
}

export interface CapacityStore {
  /** Two waves. Throws `too-many`. */
  group(organisationId: OrganisationId, groupId: GroupId, days: readonly string[], call: Call): Promise<GroupWithDays>;
  /** One wave. */
  staffing(organisationId: OrganisationId, groupId: GroupId, call: Call): Promise<StoredStaffing | undefined>;
  /** Throws `StaleVersion`. */
  saveStaffing(
    organisationId: OrganisationId,
    groupId: GroupId,
    before: StoredStaffing | undefined,
    after: Staffing,
    call: Call,
  ): Promise<void>;
}

const nothingPlanned: Staffing = { standing: [], exceptions: [] };

export const capacityHandlers = (capacity: CapacityStore): HandlersFor<typeof capacityRoutes, Call> => ({
  async getCapacity({ params: { organisationId, groupId }, query: { from, to } }, call) {
    demandSpan(from, to, CAPACITY_DAYS_MAX, ['query', 'to']);
    const days = eachDay(from, to);
    const group = await capacity.group(organisationId, groupId, days, call);
    return { groupId, timeZone: group.timeZone, days: days.map((day, i) => capacityOfDay(group, groupId, day, i)) };
  },

  async getStaffing({ params: { organisationId, groupId } }, call) {
    const stored = await capacity.staffing(organisationId, groupId, call);
    return { ...(stored?.value ?? nothingPlanned), groupId, version: (stored?.version ?? 0) + 1 };
  },

  async setStaffing({ params: { organisationId, groupId }, body, ifMatch }, call) {
    demandPossible(body);
    const before = await capacity.staffing(organisationId, groupId, call);
    const version = (before?.version ?? 0) + 1;
    if (version !== ifMatch) throw new Problem('stale-version');
    // A day before any zone's today: none of them can be needed any more.
    const yesterday = daysAfter(dayIn('UTC', call.now), -1);
    const after = { ...body, exceptions: body.exceptions.filter(({ day }) => day >= yesterday) };
    await capacity.saveStaffing(organisationId, groupId, before, after, call);
    return { ...after, groupId, version: version + 1 };
  },
});

function capacityOfDay({ opening, staffing, members }: GroupWithDays, groupId: GroupId, day: string, i: number) {
  const { kind } = openingOn(opening, day);
  const placed = members
    .filter(({ person }) => person.placements.some((one) => one.groupId === groupId && isPlacedOn(one, day)))
    .map(({ person, days }) => ({ birthDate: person.birthDate, day: days[i] }));
  // Nobody comes on a closed day, whatever was said before it was closed.
  const coming = kind === 'closed' ? [] : placed.filter((child) => child.day?.expected && !child.day.absence);
  const absent = placed.filter((child) => child.day?.absence).length;
  const periods = kind === 'closed' ? [] : periodsOn(staffing ?? nothingPlanned, day);
  const children = coming.map(({ birthDate, day: one }) => ({ birthDate, times: one?.expected }));
  return {
    day,
    opening: kind,
    expected: coming.length,
    absent,
    unsaid: kind === 'closed' ? 0 : placed.length - coming.length - absent,
    ageUnknown: coming.filter(({ birthDate }) => birthDate === undefined).length,
    halfHours: capacityOn(day, children, periods, opening.rules.closesAt),
  };
}

function demandPossible({ standing, exceptions }: Staffing): void {
  const isOnce = (keys: readonly unknown[]) => new Set(keys).size === keys.length;
  if (!isOnce(standing.map(({ weekday }) => weekday))) throw malformed('body', 'standing', 'Each weekday once.');
  if (!isOnce(exceptions.map(({ day }) => day))) throw malformed('body', 'exceptions', 'Each day once.');
  for (const [field, all] of Object.entries({ standing, exceptions })) {
    const periods = all.flatMap((one) => one.periods);
    if (periods.some(({ from, until }) => until <= from)) {
      throw malformed('body', field, 'A period ends after it has begun.');
    }
  }
}
