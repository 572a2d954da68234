import * as z from 'zod';
import type { GroupId, OrganisationId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { TimeOfDay } from '../attendance/attendance-day.ts';
import { ofTheOrganisation } from '../organisations/of-the-organisation.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { PlainDate } from '../people/person.ts';
import { weekdayOf } from './days.ts';
import { Weekday } from './rules.ts';

/** Days of one answer: their records are all read in one wave. */
export const CAPACITY_DAYS_MAX = 7;
const PERIODS_MAX = 20;
const EXCEPTIONS_MAX = 60;

/** How many are at work from one time of day to another. Numbers: who they are is another plan's (CE-05). */
const Period = z.strictObject({ from: TimeOfDay, until: TimeOfDay, staff: z.int().min(0).max(200) });
const Periods = z.array(Period).max(PERIODS_MAX);
type Period = z.output<typeof Period>;

export const Staffing = z.strictObject({
  /** Each week, where no exception stands. */
  standing: z.array(z.strictObject({ weekday: Weekday, periods: Periods })).max(7),
  exceptions: z.array(z.strictObject({ day: PlainDate, periods: Periods })).max(EXCEPTIONS_MAX),
});
export type Staffing = z.output<typeof Staffing>;

/** How many of the staff are planned for one group. */
export const staffingEntity = entity({
  ...ofTheOrganisation,
  name: 'staffing',
  sortKey: 'STAFFING',
  schema: Staffing,
  purpose: 'to have enough staff for the children who come',
});

export const staffingRef = (organisationId: OrganisationId, groupId: GroupId) =>
  ({ entity: staffingEntity, owner: organisationOwner(organisationId), key: groupId }) as const;

/** Who is planned on a day, period by period; periods may overlap, and then add up. */
export function periodsOn({ standing, exceptions }: Staffing, day: string): readonly Period[] {
  const exception = exceptions.find((one) => one.day === day);
  if (exception) return exception.periods;
  return standing.find(({ weekday }) => weekday === weekdayOf(day))?.periods ?? [];
}
