import type { Call } from '../../http/call.ts';
import type { PersonId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem, type ProblemSlug } from '../../http/problem.ts';
import type { InputOf } from '../../http/route.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { GuardianOfChild } from '../attendance/guardians.ts';
import { isLinkedOn } from '../people/person.ts';
import type { Planned } from './decisions.ts';
import { type ChildWithDays, daysOf, demandOfWeek, editsOf, type Facts, versionOf, weekView } from './facts.ts';
import { malformed } from './refusals.ts';
import type { ReservationStore } from './reservations.ts';
import type { reservationRoutes } from './routes.ts';
import type { ExpectedOn } from './views.ts';
import { planWeek } from './week-plan.ts';

interface Asked {
  readonly personId: PersonId;
  readonly version: number;
  readonly days: readonly ExpectedOn[];
}

/** What keeps one child's week from being saved. */
interface Refused {
  readonly personId: PersonId;
  readonly problem: ProblemSlug;
  readonly detail: string;
}

/** One week of several children of the caller: all of it is saved, or nothing, and each child's problem is named. */
export async function siblingsReservations(
  reservations: ReservationStore,
  {
    params: { organisationId, week },
    body: { children },
  }: InputOf<(typeof reservationRoutes)['setSiblingsReservations']>,
  call: Call,
) {
  const days = daysOf(week);
  const personIds = children.map(({ personId }) => personId);
  if (new Set(personIds).size !== personIds.length) throw malformed('body', 'children', 'Each child once.');
  for (const { days: expected } of children) demandOfWeek(expected, days);
  const [facts, ties] = await Promise.all([
    reservations.facts(organisationId, personIds, days, call),
    reservations.ties(organisationId, personIds, call),
  ]);
  const today = dayIn(facts.timeZone, call.now);
  const decided = children.map((asked, i) => {
    const one = mayPlan(ties[i], today) ? facts.children[i] : undefined;
    return decide(asked, days, facts, one, call);
  });
  const refused = decided.flatMap((each) => ('problem' in each ? [each] : []));
  if (refused.length > 0) throw allRefused(refused, personIds);
  const planned = decided.flatMap((each) => ('problem' in each ? [] : [each]));
  const items = planned.map((each) => weekView({ week, days }, facts, each.one, each.planned, call.now));
  const saves = planned
    .map(
      ({ one, planned: some }) =>
        ({ child: one.child, edits: editsOf(some, one.days), event: 'reservations.set' }) as const,
    )
    .filter(({ edits }) => edits.length > 0);
  return saves.length === 0 ? { items } : reservations.save(saves, call, { items });
}

/** As the route for one child decides it, before anything is said of the child. */
const mayPlan = (tie: GuardianOfChild | undefined, today: string): boolean =>
  tie !== undefined && !tie.isBlocked && isLinkedOn(tie.link, today) && tie.link.rights === 'parental-responsibility';

function decide(
  { personId, version, days: expected }: Asked,
  days: readonly string[],
  facts: Facts,
  one: ChildWithDays | undefined,
  call: Call,
): Refused | { readonly one: ChildWithDays; readonly planned: readonly Planned[] } {
  try {
    if (!one) throw new Problem('person-not-found');
    if (versionOf(one.days) !== version) throw new Problem('stale-version');
    return { one, planned: planWeek(days, expected, facts, one, call) };
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
    return { personId, problem: thrown.slug, detail: thrown.message, ...thrown.extensions };
  }
}

const allRefused = (refused: readonly Refused[], personIds: readonly PersonId[]) =>
  new Problem('reservations-refused', undefined, {
    refused,
    errors: refused.map(({ personId, detail }) => ({
      pointer: pointer('body', 'children', personIds.indexOf(personId)),
      detail,
    })),
  });
