import type { Call } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { daysAfterMonday, eachDay } from './days.ts';
import { fillAnew, type Planned, planAbsence, planGently } from './decisions.ts';
import {
  type ChildWithDays,
  callerOf,
  changedDays,
  daysOf,
  demandOfWeek,
  demandPlannable,
  editsOf,
  type Facts,
  plannerOf,
  versionOf,
  weekView,
} from './facts.ts';
import { demandSpan, malformed } from './refusals.ts';
import { childWithDays, type ReservationStore, type SaveDays } from './reservations.ts';
import type { reservationRoutes } from './routes.ts';
import { siblingsReservations } from './siblings.ts';
import { setStandingWeek } from './standing-handlers.ts';
import { ABSENCE_DAYS_MAX, standingWeeksView } from './views.ts';
import { planWeek } from './week-plan.ts';

export const reservationHandlers = (reservations: ReservationStore): HandlersFor<typeof reservationRoutes, Call> => ({
  async getReservations({ params: { organisationId, personId, week } }, call) {
    const days = daysOf(week);
    const { facts, one } = await childWithDays(reservations, organisationId, personId, days, call);
    return weekView({ week, days }, facts, one, [], call.now);
  },

  async setReservations({ params: { organisationId, personId, week }, body, ifMatch }, call) {
    const days = daysOf(week);
    demandOfWeek(body.days, days);
    const { facts, one } = await childWithDays(reservations, organisationId, personId, days, call);
    if (versionOf(one.days) !== ifMatch) throw new Problem('stale-version');
    const planned = planWeek(days, body.days, facts, one, call);
    const edits = editsOf(planned, one.days);
    const answer = weekView({ week, days }, facts, one, planned, call.now);
    if (edits.length === 0) return answer;
    return reservations.save([{ child: one.child, edits, event: 'reservations.set' }], call, answer);
  },

  setSiblingsReservations: (input, call) => siblingsReservations(reservations, input, call),

  async copyWeek({ params: { organisationId, personId, week }, body: { into } }, call) {
    const source = daysOf(week);
    const weeks = demandDistinct(into, 'into').map(daysOf);
    if (into.includes(week)) throw malformed('body', 'into', 'A week is not copied into itself.');
    return changeMany(reservations, { organisationId, personId }, [...source, ...weeks.flat()], call, (facts, one) => {
      for (const days of weeks) demandPlannable(days, facts.timeZone, call.now);
      const planner = plannerOf(facts, one, call);
      const { personId: by } = callerOf(call);
      const planned = weeks.flat().map((day, i) => {
        const times = one.days[daysAfterMonday(day)]?.value.expected;
        return planGently(day, one.days[source.length + i]?.value, times && { ...times, by }, planner);
      });
      return { event: 'reservations.copied', planned, stored: one.days.slice(source.length) };
    });
  },

  async reportAbsences({ params: { organisationId, personId }, body: { from, until, reason } }, call) {
    demandSpan(from, until, ABSENCE_DAYS_MAX, ['body', 'until']);
    const days = eachDay(from, until);
    return changeMany(reservations, { organisationId, personId }, days, call, (facts, one) => {
      demandPlannable(days, facts.timeZone, call.now);
      const planner = plannerOf(facts, one, call);
      const said = { reason, by: callerOf(call).personId };
      const planned = days.map((day, i) => planAbsence(day, one.days[i]?.value, said, planner));
      return { event: 'absences.reported', planned, stored: one.days };
    });
  },

  async getStandingWeeks({ params: { organisationId, personId } }, call) {
    const { one } = await childWithDays(reservations, organisationId, personId, [], call);
    return standingWeeksView(personId, (one.standing?.version ?? 0) + 1, one.standing?.value);
  },

  setStandingWeek: (input, call) => setStandingWeek(reservations, input, call),

  async enterStandingWeek({ params: { organisationId, personId }, body: { weeks } }, call) {
    const days = demandDistinct(weeks, 'weeks').flatMap(daysOf);
    return changeMany(reservations, { organisationId, personId }, days, call, (facts, one) => {
      if (!one.standing) throw new Problem('wrong-state', 'The child has no standing week.');
      for (const week of weeks) demandPlannable(daysOf(week), facts.timeZone, call.now);
      const planner = plannerOf(facts, one, call);
      const { versions } = one.standing.value;
      const planned = days.map((day, i) => fillAnew(day, one.days[i]?.value, versions, planner));
      return { event: 'reservations.entered', planned, stored: one.days };
    });
  },
});

/** Decides about many days of one child and saves them; the answer says what became of each. */
async function changeMany(
  reservations: ReservationStore,
  { organisationId, personId }: { readonly organisationId: OrganisationId; readonly personId: PersonId },
  days: readonly string[],
  call: Call,
  decide: (
    facts: Facts,
    one: ChildWithDays,
  ) => { event: SaveDays['event']; planned: readonly Planned[]; stored: ChildWithDays['days'] },
) {
  return reservations.settled(async () => {
    const { facts, one } = await childWithDays(reservations, organisationId, personId, days, call);
    const { event, planned, stored } = decide(facts, one);
    const answer = changedDays(personId, planned, facts, call.now);
    return reservations.save([{ child: one.child, edits: editsOf(planned, stored), event }], call, answer);
  });
}

function demandDistinct(weeks: readonly string[], field: string): readonly string[] {
  if (new Set(weeks).size !== weeks.length) throw malformed('body', field, 'Each week once.');
  return weeks;
}
