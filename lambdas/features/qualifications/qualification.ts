import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { type OrganisationId, PersonId, QualificationId } from '../../http/ids.ts';
import { daysAfter } from '../../platform/calendar.ts';
import { entity } from '../../platform/entity.ts';
import type { Change, PointerKey } from '../../platform/records.ts';
import { ownerOf, PlainDate } from '../people/person.ts';

/** Of one employee: more is a mistake. */
export const QUALIFICATIONS_MAX = 100;
export const qualificationKinds = ['certificate', 'licence', 'course', 'education'] as const;
/** How many days before it expires the employee and whoever leads are reminded. */
export const remindedDaysBefore = [60, 30, 7] as const;

export const QualificationFields = z.strictObject({
  kind: z.enum(qualificationKinds),
  /** What it is called on the paper; nothing about health. */
  title: oneLine({ max: 120 }),
  issuer: oneLine({ max: 120 }).optional(),
  issuedOn: PlainDate.optional(),
  /** The last day on which it holds; absent for what does not end. */
  expiresOn: PlainDate.optional(),
});
export type QualificationFields = z.output<typeof QualificationFields>;

export const Qualification = QualificationFields.extend({
  id: QualificationId,
  /** Who has seen the paper. Absent while nobody but the employee has said so. */
  confirmedBy: PersonId.optional(),
  /** The shortest of the reminders that went out, in days. */
  remindedDays: z.int().min(0).optional(),
  /** The day of the next reminder: where the row stands by which the clock finds it. */
  remindOn: PlainDate.optional(),
});
export type Qualification = z.output<typeof Qualification>;

/** What somebody has learnt and may do (CE-03). */
export const qualificationEntity = entity({
  name: 'qualification',
  table: 'core',
  sortKey: 'QUALIFICATION',
  schema: Qualification,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know who may do which work, and to renew what expires',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'person',
  exported: 'portable',
  onErasure: 'delete',
});
export const qualificationRef = (organisationId: OrganisationId, personId: PersonId, id: QualificationId) =>
  ({ entity: qualificationEntity, owner: ownerOf(organisationId, personId), key: id }) as const;

/** By the day of the next reminder. Attribute: `subject`, by which an erasure finds it. */
export const reminderKey = (
  organisationId: OrganisationId,
  day: string,
  personId: PersonId,
  id: QualificationId,
): PointerKey => ({ table: 'core', pk: `${organisationId}#QUALIFICATIONS-DUE`, sk: `${day}#${personId}#${id}` });

/** With the day of its next reminder; none when it has expired, or has been reminded of for the last time. Pure. */
export function withReminder({ remindOn: _, ...qualification }: Qualification, today: string): Qualification {
  const { expiresOn, remindedDays = Number.POSITIVE_INFINITY } = qualification;
  if (expiresOn === undefined || expiresOn < today) return qualification;
  const due = remindedDaysBefore.filter((days) => days < remindedDays).map((days) => daysAfter(expiresOn, -days));
  // What was registered late is reminded of once, at the next round of the clock, for all that has passed.
  const remindOn = due.findLast((day) => day <= today) ?? due[0];
  return remindOn === undefined ? qualification : { ...qualification, remindOn };
}

/** As it is once it has been reminded of on a day: for all reminders that have passed together. Pure. */
export function reminded(qualification: Qualification, today: string): Qualification {
  const { expiresOn } = qualification;
  if (expiresOn === undefined) return qualification;
  const remindedDays = remindedDaysBefore.findLast((days) => daysAfter(expiresOn, -days) <= today);
  return withReminder({ ...qualification, ...(remindedDays !== undefined && { remindedDays }) }, today);
}

/** Moves the row by which the clock finds it, where its reminder moves (at most two writes). */
export function moveReminder(
  change: Change,
  { organisationId, personId }: { readonly organisationId: OrganisationId; readonly personId: PersonId },
  before: Qualification | undefined,
  after: Qualification | undefined,
): void {
  if (before?.remindOn === after?.remindOn) return;
  if (before?.remindOn) change.unpoint(reminderKey(organisationId, before.remindOn, personId, before.id));
  if (!after?.remindOn) return;
  const key = reminderKey(organisationId, after.remindOn, personId, after.id);
  change.point({ ...key, attributes: { subject: personId } });
}
