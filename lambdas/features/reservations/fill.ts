import type { Call } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { daysAfter } from '../../platform/calendar.ts';
import { eachDay } from './days.ts';
import { fill } from './decisions.ts';
import { editsOf } from './facts.ts';
import type { ReservationStore } from './reservations.ts';
import { FILL_WEEKS_MAX } from './rules.ts';

/**
 * Enters a child's standing week into the days up to one that have not been looked at yet; true when there were any.
 * A child that does not open is left alone: restricted, it is filled when the restriction ends; erased, its row goes.
 */
export async function fillStandingWeek(
  reservations: ReservationStore,
  child: { readonly organisationId: OrganisationId; readonly personId: PersonId },
  { filledUntil, target }: { readonly filledUntil: string; readonly target: string },
  call: Call,
): Promise<boolean> {
  const days = eachDay(daysAfter(filledUntil, 1), target).slice(-7 * (FILL_WEEKS_MAX + 1));
  const facts = await reservations.facts(child.organisationId, [child.personId], days, call);
  const one = facts.children[0];
  // Somebody said something new since the row was read: what they entered is looked at next time.
  if (!one?.standing || one.standing.value.filledUntil !== filledUntil) return false;
  const { versions } = one.standing.value;
  const { opening, timeZone } = facts;
  const planner = { mayAlways: true, opening, timeZone, now: call.now, placements: one.person.placements };
  const planned = days.map((day, i) => fill(day, one.days[i]?.value, [], versions, planner));
  const after = { versions, filledUntil: target };
  const edits = editsOf(planned, one.days);
  await reservations.saveStanding(
    { child: one.child, before: one.standing, after, edits, event: 'reservations.entered' },
    call,
  );
  return true;
}
