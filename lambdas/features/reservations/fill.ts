import type { Call } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { daysAfter } from '../../platform/calendar.ts';
import { ownerOf } from '../people/person.ts';
import { eachDay } from './days.ts';
import { fill, mayCome } from './decisions.ts';
import { editsOf } from './facts.ts';
import type { ReservationStore } from './reservations.ts';
import { FILL_WEEKS_MAX } from './rules.ts';
import { standingWeekPointer, standingWeeksEntity } from './standing-week.ts';

/** Enters a child's standing week into the days up to one that have not been looked at yet; true when there were any. */
export async function fillStandingWeek(
  reservations: ReservationStore,
  child: { readonly organisationId: OrganisationId; readonly personId: PersonId },
  { filledUntil, target }: { readonly filledUntil: string; readonly target: string },
  call: Call,
): Promise<boolean> {
  const days = eachDay(daysAfter(filledUntil, 1), target).slice(-7 * (FILL_WEEKS_MAX + 1));
  const facts = await reservations.facts(child.organisationId, [child.personId], days, call);
  const one = facts.children[0];
  if (!one?.standing) {
    const mayStillCome = one !== undefined && days.some((day) => mayCome(one.person.placements, day));
    if (!mayStillCome) await dropUnlessRestricted(child, call);
    return false;
  }
  // Somebody said something new since the row was read: what they entered is looked at next time.
  if (one.standing.value.filledUntil !== filledUntil) return false;
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

/** The row of a child whose records are gone with their term would be looked at for ever; a restriction ends. */
async function dropUnlessRestricted(
  { organisationId, personId }: { readonly organisationId: OrganisationId; readonly personId: PersonId },
  { records }: Call,
): Promise<void> {
  const subject = ownerOf(organisationId, personId);
  const states = await records.keyStates(subject);
  if (states.get(standingWeeksEntity.retentionClass) === 'RESTRICTED') return;
  const change = records.change().unpoint(standingWeekPointer(organisationId, personId));
  await change.activity({ event: 'reservations.standing-week-dropped', subject }).commit();
}
