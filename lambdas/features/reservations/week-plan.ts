import type { Call } from '../../http/call.ts';
import { leaveEmpty, type Planned, plan } from './decisions.ts';
import { type ChildWithDays, callerOf, demandPlannable, type Facts, plannerOf } from './facts.ts';
import { behindCutOff, dayClosed } from './refusals.ts';
import { usualTimesOn } from './standing-week.ts';
import type { ExpectedOn } from './views.ts';

/**
 * What becomes of the seven days when somebody says when the child comes. Throws `wrong-state`, `day-closed` and
 * `behind-cut-off`.
 */
export function planWeek(
  days: readonly string[],
  expected: readonly ExpectedOn[],
  facts: Facts,
  one: ChildWithDays,
  call: Call,
): Planned[] {
  demandPlannable(days, facts.timeZone, call.now);
  const planner = plannerOf(facts, one, call);
  const { personId: by } = callerOf(call);
  const planned = days.map((day, i) => {
    const now = one.days[i]?.value;
    const times = expected.find((wanted) => wanted.day === day);
    const usual = usualTimesOn(one.standing?.value.versions ?? [], day);
    return leaveEmpty(plan(day, now, times && { from: times.from, until: times.until, by }, planner), now, !!usual);
  });
  const closed = planned.find(({ outcome }) => outcome === 'closed');
  if (closed) throw dayClosed(closed.day);
  const late = planned.find(({ outcome }) => outcome === 'behind-cut-off');
  if (late) throw behindCutOff(late.day, facts.opening, facts.timeZone, call.now);
  return planned;
}
