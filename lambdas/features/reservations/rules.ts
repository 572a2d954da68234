import * as z from 'zod';
import type { OrganisationId } from '../../http/ids.ts';
import { daysAfter } from '../../platform/calendar.ts';
import { entity } from '../../platform/entity.ts';
import { TimeOfDay } from '../attendance/attendance-day.ts';
import { ofTheOrganisation } from '../organisations/of-the-organisation.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { mondayOf, weekdays } from './days.ts';

/** Weeks that a standing week is carried ahead: with the present one they are 42 days of two writes, in a transaction of 100. */
export const FILL_WEEKS_MAX = 5;

export const Weekday = z.enum(weekdays).meta({ id: 'Weekday' });

export const ReservationRules = z.strictObject({
  /** The others are closed. */
  openWeekdays: z
    .array(Weekday)
    .min(1)
    .max(7)
    .refine((days) => new Set(days).size === days.length, 'Each weekday once.'),
  closedOnPublicHolidays: z.boolean(),
  /** When a child is thought to leave of whom nobody said when. */
  closesAt: TimeOfDay,
  /**
   * Until when guardians may change a day: one deadline for a whole ISO week, one for each day; of two, the earlier.
   * With neither they may change a day as long as it lasts.
   */
  weekCutOff: z
    .strictObject({ weeksBefore: z.int().min(1).max(4), weekday: Weekday, at: TimeOfDay })
    .optional()
    .meta({ description: 'Thursday 12:00 the week before: `{weeksBefore: 1, weekday: "thursday", at: "12:00"}`.' }),
  dayCutOff: z.strictObject({ daysBefore: z.int().min(0).max(14), at: TimeOfDay }).optional(),
  /** Hours before a deadline at which guardians of children without times get a letter; absent: none. */
  remindHoursBefore: z.int().min(1).max(72).optional(),
  /** Weeks beyond the present one for which the clock enters each child's standing week. */
  fillWeeksAhead: z.int().min(1).max(FILL_WEEKS_MAX),
});
export type ReservationRules = z.output<typeof ReservationRules>;

/** What holds where the organisation has said nothing: every day is open, and nothing is too late. */
export const rulesUnlessSet: ReservationRules = {
  openWeekdays: [...weekdays],
  closedOnPublicHolidays: false,
  closesAt: '17:00',
  fillWeeksAhead: 4,
};

/** When an organisation is open, and until when guardians may say when their children come. Nothing about a person. */
export const reservationRulesEntity = entity({
  ...ofTheOrganisation,
  name: 'reservation-rules',
  sortKey: 'RESERVATION-RULES',
  schema: ReservationRules,
  purpose: 'to know when the organisation is open, and until when its days can be planned',
});

export const reservationRulesRef = (organisationId: OrganisationId) =>
  ({ entity: reservationRulesEntity, owner: organisationOwner(organisationId) }) as const;

/** The last day that the clock has entered, or enters next time: a Sunday some weeks ahead. */
export const fillTarget = (today: string, { fillWeeksAhead }: ReservationRules): string =>
  daysAfter(mondayOf(today), 7 * fillWeeksAhead + 6);
