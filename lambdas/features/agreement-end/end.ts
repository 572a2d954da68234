import * as z from 'zod';
import { ErasureId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { dayIn, daysAfter } from '../../platform/calendar.ts';
import { entity } from '../../platform/entity.ts';
import { ofTheOrganisation } from '../organisations/of-the-organisation.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { PlainDate } from '../people/person.ts';
import { dueDay } from '../retention/policy.ts';
import { terms } from '../retention/terms.ts';

/** What becomes of all data when an agreement has ended (GDPR Art. 28(3)(g), ALL-09). */
export const choices = ['return', 'deletion'] as const;

/** Days after the end on which whoever has not chosen is asked again. */
const REMINDER_DAYS = [30, 60, 80] as const;
/** How long before the end the choice is asked for. */
const ASKED_DAYS_BEFORE = 30;
/** From the choice of deletion to the deletion: time for somebody to notice a mistake. */
const SECOND_THOUGHTS_DAYS = 3;

const reminders = ['reminder-30', 'reminder-60', 'reminder-80'] as const;
/** What is done once, in this order, when its day has come. */
export const endSteps = ['asked', ...reminders, 'agreement-erased', 'deletion-announced', 'deletion-ordered'] as const;
export type EndStep = (typeof endSteps)[number];

/** How far the end of an agreement has come; ids, codes and instants. */
export const AgreementEnd = z.strictObject({
  /** The last day that this is about: of an agreement that goes on longer everything begins anew. */
  endsOn: PlainDate,
  choice: z.strictObject({ what: z.enum(choices), at: z.iso.datetime(), by: PersonId }).optional(),
  done: z.array(z.enum(endSteps)).max(endSteps.length),
  erasureId: ErasureId.optional(),
});
export type AgreementEnd = z.output<typeof AgreementEnd>;

export const agreementEndEntity = entity({
  ...ofTheOrganisation,
  name: 'agreement-end',
  sortKey: 'AGREEMENT-END',
  schema: AgreementEnd,
  purpose: "to return or delete the organisation's data as it chooses",
});

export const agreementEndRef = (organisationId: OrganisationId) =>
  ({ entity: agreementEndEntity, owner: organisationOwner(organisationId) }) as const;

/** The record that is about this last day: what was done for another one counts no more. */
export const endOf = (stored: AgreementEnd | undefined, endsOn: string): AgreementEnd =>
  stored?.endsOn === endsOn ? stored : { endsOn, done: [] };

/** The first day without what we are controller for (KP-10), and the first without anything at all. */
export function daysOf({ endsOn, choice }: AgreementEnd, timeZone: string) {
  const latest = dueDay(terms.organisation, endsOn, timeZone);
  const agreementErasedOn = dueDay(terms.agreement, endsOn, timeZone);
  if (choice?.what !== 'deletion') return { agreementErasedOn, deletedOn: latest };
  const chosen = daysAfter(dayIn(timeZone, new Date(choice.at)), SECOND_THOUGHTS_DAYS);
  return { agreementErasedOn, deletedOn: earlier(later(chosen, daysAfter(endsOn, 1)), latest) };
}

const earlier = (one: string, other: string) => [one, other].sort()[0]!;
const later = (one: string, other: string) => [one, other].sort()[1]!;

/** What has to be done today; of several reminders that were missed only the last. Pure. */
export function stepsDue(end: AgreementEnd, timeZone: string, today: string): EndStep[] {
  const { agreementErasedOn, deletedOn } = daysOf(end, timeZone);
  const due: EndStep[] = [];
  const isDue = (step: EndStep, from: string) => today >= from && !end.done.includes(step);
  if (isDue('deletion-ordered', deletedOn)) return ['deletion-ordered'];
  if (isDue('deletion-announced', daysAfter(deletedOn, -1))) due.push('deletion-announced');
  else if (!end.choice) {
    const reminder = REMINDER_DAYS.findLast((days) => today >= daysAfter(end.endsOn, days));
    if (reminder !== undefined) {
      if (!end.done.includes(`reminder-${reminder}`)) due.push(`reminder-${reminder}`);
    } else if (isDue('asked', daysAfter(end.endsOn, -ASKED_DAYS_BEFORE))) due.push('asked');
  }
  if (isDue('agreement-erased', agreementErasedOn)) due.push('agreement-erased');
  return due;
}
