import type { Call } from '../../http/call.ts';
import { Problem } from '../../http/problem.ts';
import type { InputOf } from '../../http/route.ts';
import { dayIn, daysAfter } from '../../platform/calendar.ts';
import { eachDay } from './days.ts';
import { fill } from './decisions.ts';
import { callerOf, editsOf, plannerOf } from './facts.ts';
import { malformed } from './refusals.ts';
import { childWithDays, type ReservationStore } from './reservations.ts';
import type { reservationRoutes } from './routes.ts';
import { FILL_WEEKS_MAX, fillTarget } from './rules.ts';
import { type StandingWeek, type StandingWeeks, withVersion } from './standing-week.ts';
import { standingWeeksView } from './views.ts';

/** How far ahead a standing week can begin. */
const DAYS_AHEAD_MAX = 366;

/** Two round trips: the days that follow from the zone and the rules are known after the first. */
export async function setStandingWeek(
  reservations: ReservationStore,
  { params: { organisationId, personId }, body, ifMatch }: InputOf<(typeof reservationRoutes)['setStandingWeek']>,
  call: Call,
) {
  demandWeekdaysOnce(body.days);
  const { facts, one } = await childWithDays(reservations, organisationId, personId, [], call);
  const version = (one.standing?.version ?? 0) + 1;
  if (version !== ifMatch) throw new Problem('stale-version');
  const today = dayIn(facts.timeZone, call.now);
  if (body.from < today) throw new Problem('wrong-state', 'Days that are over stay as they were.');
  if (body.from > daysAfter(today, DAYS_AHEAD_MAX)) {
    throw new Problem('wrong-state', `At most ${DAYS_AHEAD_MAX} days ahead.`);
  }

  const was = one.standing?.value.versions ?? [];
  const is = withVersion(was, { ...body, by: callerOf(call).personId });
  const filledUntil = latest(one.standing?.value.filledUntil ?? '', fillTarget(today, facts.opening.rules));
  // An organisation that looked further ahead before has days of its old horizon: no more than a change can hold.
  const days = eachDay(body.from, filledUntil).slice(0, 7 * (FILL_WEEKS_MAX + 1));
  const { one: filled } = await childWithDays(reservations, organisationId, personId, days, call);
  const planner = plannerOf(facts, one, call);
  const planned = days.map((day, i) => fill(day, filled.days[i]?.value, was, is, planner));
  const after: StandingWeeks = { versions: is, filledUntil };
  const edits = editsOf(planned, filled.days);
  await reservations.saveStanding(
    { child: one.child, before: one.standing, after, edits, event: 'reservations.standing-week-set' },
    call,
  );
  const changed = planned.map(({ day, outcome }) => ({ day, outcome }));
  return { ...standingWeeksView(personId, version + 1, after), changed };
}

function demandWeekdaysOnce(days: StandingWeek['days']): void {
  if (new Set(days.map(({ weekday }) => weekday)).size !== days.length) {
    throw malformed('body', 'days', 'Each weekday once.');
  }
  if (days.some(({ from, until }) => until !== undefined && until <= from)) {
    throw malformed('body', 'days', 'A child leaves after it has come.');
  }
}

const latest = (one: string, other: string): string => (one > other ? one : other);
