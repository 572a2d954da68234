import * as z from 'zod';
import type { OrganisationId } from '../../http/ids.ts';
import { PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { TimeOfDay } from '../attendance/attendance-day.ts';
import { ownerOf, PlainDate } from '../people/person.ts';
import { weekdayOf } from './days.ts';
import { Weekday } from './rules.ts';

/** Standing weeks of one child, those that held before included: the oldest goes when there are more. */
export const STANDING_WEEKS_MAX = 20;

/** When a child comes and, where somebody said so, leaves. */
export interface Times {
  readonly from: string;
  readonly until?: string | undefined;
}

export const StandingDay = z.strictObject({ weekday: Weekday, from: TimeOfDay, until: TimeOfDay.optional() });
export const StandingDays = z.array(StandingDay).max(7);

/** A week as it usually is, from a day on; without any days it ends the one before. */
export const StandingWeek = z.strictObject({ from: PlainDate, days: StandingDays, by: PersonId });
export type StandingWeek = z.output<typeof StandingWeek>;

export const StandingWeeks = z.strictObject({
  /** In the order of their beginning. */
  versions: z.array(StandingWeek).max(STANDING_WEEKS_MAX),
  /** The last day that has been entered from them: what was changed by hand before it is not touched again. */
  filledUntil: PlainDate,
});
export type StandingWeeks = z.output<typeof StandingWeeks>;

export const standingWeeksEntity = entity({
  name: 'standing-weeks',
  table: 'core',
  sortKey: 'STANDING-WEEKS',
  schema: StandingWeeks,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know when the child usually comes, without asking every week',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  retentionClass: 'attendance',
  exported: 'copy',
  onErasure: 'delete',
});

export const standingWeeksRef = (organisationId: OrganisationId, childId: PersonId) =>
  ({ entity: standingWeeksEntity, owner: ownerOf(organisationId, childId) }) as const;

/** A child with a standing week, for the clock. Attribute: `filledUntil`. */
export const standingWeekPointer = (organisationId: OrganisationId, childId: PersonId | '') =>
  ({ table: 'core', pk: `${organisationId}#STANDING-WEEKS`, sk: childId }) as const;

/** When the child usually comes on such a day; undefined when it does not. */
export function usualTimesOn(
  versions: readonly StandingWeek[],
  day: string,
): (Times & Pick<StandingWeek, 'by'>) | undefined {
  const version = versions.findLast(({ from }) => from <= day);
  const usual = version?.days.find(({ weekday }) => weekday === weekdayOf(day));
  return version && usual && { from: usual.from, until: usual.until, by: version.by };
}

/** From its first day on a new version holds alone. */
export const withVersion = (versions: readonly StandingWeek[], version: StandingWeek): StandingWeek[] =>
  [...versions.filter(({ from }) => from < version.from), version].slice(-STANDING_WEEKS_MAX);
