import * as z from 'zod';
import type { OrganisationId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { TimeOfDay } from '../attendance/attendance-day.ts';
import { organisationOwner } from '../organisations/organisation.ts';

/** Weeks that a standing week is carried ahead: with them one change stays well below 100 writes. */
export const FILL_WEEKS_MAX = 6;

/** 1 is Monday, 7 is Sunday. */
export const Weekday = z.int().min(1).max(7);

/** Until when guardians may change a day: one deadline for a whole ISO week, or one for each day. */
const CutOff = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('week'),
      weeksBefore: z.int().min(1).max(4),
      weekday: Weekday,
      at: TimeOfDay,
    }),
    z.strictObject({ kind: z.literal('day'), daysBefore: z.int().min(0).max(14), at: TimeOfDay }),
  ])
  .meta({
    id: 'CutOff',
    description: 'Thursday 12:00 the week before: `{kind: "week", weeksBefore: 1, weekday: 4, at: "12:00"}`.',
  });

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
  /** Absent: guardians may change a day as long as it lasts. */
  cutOff: CutOff.optional(),
  /** Hours before a deadline at which guardians of children without times get a letter; absent: none. */
  remindHoursBefore: z.int().min(1).max(72).optional(),
  /** Weeks beyond the present one for which the clock enters each child's standing week. */
  fillWeeksAhead: z.int().min(1).max(FILL_WEEKS_MAX),
});
export type ReservationRules = z.output<typeof ReservationRules>;

/** What holds where the organisation has said nothing: every day is open, and nothing is too late. */
export const rulesUnlessSet: ReservationRules = {
  openWeekdays: [1, 2, 3, 4, 5, 6, 7],
  closedOnPublicHolidays: false,
  closesAt: '17:00',
  fillWeeksAhead: 4,
};

/** When an organisation is open, and until when guardians may say when their children come. Nothing about a person. */
export const reservationRulesEntity = entity({
  name: 'reservation-rules',
  table: 'core',
  sortKey: 'RESERVATION-RULES',
  schema: ReservationRules,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know when the organisation is open, and until when its days can be planned',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  retentionClass: 'organisation',
  exported: 'copy',
  onErasure: 'delete',
});

export const reservationRulesRef = (organisationId: OrganisationId) =>
  ({ entity: reservationRulesEntity, owner: organisationOwner(organisationId) }) as const;
