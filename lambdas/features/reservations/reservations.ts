import type { Call } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { GuardianOfChild } from '../attendance/guardians.ts';
import type { ChildHere, DayEdit } from '../attendance/writes.ts';
import type { ChildWithDays, Facts } from './facts.ts';
import type { StandingWeeks } from './standing-week.ts';

export interface SaveDays {
  readonly child: ChildHere;
  readonly edits: readonly DayEdit[];
  readonly event: `${'reservations' | 'absences'}.${string}`;
}

export interface SaveStanding extends SaveDays {
  readonly before: ChildWithDays['standing'];
  readonly after: StandingWeeks;
}

export interface ReservationStore {
  /** Decides, and decides anew while others are faster. Throws `Busy` in the end. */
  settled<A>(decide: () => Promise<A>): Promise<A>;
  /** One wave. */
  facts(
    organisationId: OrganisationId,
    personIds: readonly PersonId[],
    days: readonly string[],
    call: Call,
  ): Promise<Facts>;
  /** What the caller is to each of the children; one wave. Undefined: no guardian. */
  ties(
    organisationId: OrganisationId,
    personIds: readonly PersonId[],
    call: Call,
  ): Promise<readonly (GuardianOfChild | undefined)[]>;
  /** All of it, or nothing. Throws `StaleVersion` when a day has been changed meanwhile. */
  save<A>(saves: readonly SaveDays[], call: Call, answer: A): Promise<A>;
  /** With the days that the standing week was entered into. Throws `StaleVersion`. */
  saveStanding(save: SaveStanding, call: Call): Promise<void>;
}

/** Throws `person-not-found`. */
export async function childWithDays(
  reservations: ReservationStore,
  organisationId: OrganisationId,
  personId: PersonId,
  days: readonly string[],
  call: Call,
): Promise<{ readonly facts: Facts; readonly one: ChildWithDays }> {
  const facts = await reservations.facts(organisationId, [personId], days, call);
  const [one] = facts.children;
  if (!one) throw new Problem('person-not-found');
  return { facts, one };
}
