import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { ownerOf, PlainDate } from '../people/person.ts';

/** Changes of one employee's arrangement: more is a mistake. */
export const ARRANGEMENTS_MAX = 50;
const WEEK_MINUTES_MAX = 7 * 24 * 60;
/** Monday first (ISO 8601). */
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** What was agreed about working time, from a day on (Working Environment Act, section 14-6(1) j). */
export const Arrangement = z
  .strictObject({
    from: PlainDate,
    /** Of a full position. */
    percentage: z.number().min(1).max(100),
    /** Of a full position: 2250 are 37.5 hours. */
    fullTimeMinutesPerWeek: z.int().min(60).max(WEEK_MINUTES_MAX),
    workingDays: z.array(z.enum(weekdays)).min(1).max(7),
  })
  .meta({ id: 'WorkingTimeArrangement' });
export type Arrangement = z.output<typeof Arrangement>;

export const WorkingTime = z.strictObject({
  /** By which the payroll knows the employee. */
  employeeNumber: oneLine({ max: 20 }).optional(),
  /** By their first days; each holds until the next. */
  arrangements: z.array(Arrangement).max(ARRANGEMENTS_MAX),
});
export type WorkingTime = z.output<typeof WorkingTime>;

export const workingTimeEntity = entity({
  name: 'working-time',
  table: 'core',
  sortKey: 'WORKING-TIME',
  schema: WorkingTime,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know what was agreed about working time',
  // What the contract of employment says of it (arbeidsmiljøloven, section 14-6).
  legalBasis: 'contract',
  article9: 'none',
  source: 'controller',
  retentionClass: 'person',
  exported: 'portable',
  onErasure: 'delete',
});
export const workingTimeRef = (organisationId: OrganisationId, personId: PersonId) =>
  ({ entity: workingTimeEntity, owner: ownerOf(organisationId, personId) }) as const;

export const noWorkingTime: WorkingTime = { arrangements: [] };

/** The one in force on a day. */
export const arrangementOn = ({ arrangements }: WorkingTime, day: string): Arrangement | undefined =>
  arrangements.findLast(({ from }) => from <= day);

/** Whole minutes agreed for these days; undefined where nothing is agreed for any of them. Pure. */
export function agreedMinutes(working: WorkingTime, days: readonly string[]): number | undefined {
  let isAgreed = false;
  let minutes = 0;
  for (const day of days) {
    const arrangement = arrangementOn(working, day);
    if (!arrangement) continue;
    isAgreed = true;
    const { percentage, fullTimeMinutesPerWeek, workingDays } = arrangement;
    if (!workingDays.includes(weekdays[weekdayOf(day) - 1]!)) continue;
    minutes += (fullTimeMinutesPerWeek * percentage) / 100 / new Set(workingDays).size;
  }
  return isAgreed ? Math.round(minutes) : undefined;
}

/** 1 is Monday (ISO 8601). */
export const weekdayOf = (day: string): number => new Date(`${day}T12:00:00Z`).getUTCDay() || 7;
