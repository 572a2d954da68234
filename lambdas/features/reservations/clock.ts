import { OrganisationId, PersonId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import { errorName } from '../../platform/error-name.ts';
import { organisationOwner, organisationPointers, organisationRef } from '../organisations/organisation.ts';
import { peoplePointers } from '../people/person.ts';
import type { FamilyClock } from '../walks/family-clock.ts';
import { inLanes } from '../walks/in-lanes.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { closuresBetween, LAST_DAY } from './closures-between.ts';
import { type Deadline, deadlinesNear } from './deadlines.ts';
import { fillStandingWeek } from './fill.ts';
import type { OpeningDays } from './opening.ts';
import { daysMissing, remind, reminderPointers } from './remind.ts';
import { fillTarget } from './rules.ts';
import { standingWeekPointer } from './standing-week.ts';
import { reservationStore } from './store.ts';

/** Children whose days are read in one wave: with all days of a long period they stay below 5,000 records. */
const CHILDREN_AT_ONCE_MAX = 25;

interface Ticked {
  organisations: number;
  standingWeeksFilled: number;
  childrenReminded: number;
  failed: number;
}

const nothingYet: Readonly<Ticked> = { organisations: 0, standingWeeksFilled: 0, childrenReminded: 0, failed: 0 };

interface Place {
  readonly organisationId: OrganisationId;
  readonly timeZone: string;
  readonly opening: OpeningDays;
}

/**
 * Every quarter of an hour, in each open organisation: enters the standing weeks into the weeks ahead, and reminds
 * guardians some hours before a deadline. Running it twice, or twice at once, changes nothing more; what one run has no
 * time for, the next does.
 */
export async function tickReservations(clock: FamilyClock): Promise<Ticked> {
  const ticked: Ticked = { ...nothingYet };
  await inLanes(pointersIn(organisationPointers.all('' as OrganisationId), clock), async ({ sk }) => {
    const organisationId = OrganisationId.safeParse(sk).data;
    // The clock of attendance says so of a row that cannot be read.
    if (!organisationId) return;
    await tried(clock, ticked, organisationId, async () => {
      const place = await placeOf(organisationId, clock);
      if (!place) return;
      ticked.organisations++;
      await fillAll(place, clock, ticked);
      const { now } = clock.openCall();
      for (const deadline of deadlinesNear(place.opening, place.timeZone, now)) {
        await remindAll(place, deadline, clock, ticked);
      }
    });
  });
  return ticked;
}

/** Undefined for an organisation that is closed, or cannot be read. */
async function placeOf(organisationId: OrganisationId, clock: FamilyClock): Promise<Place | undefined> {
  const { records, now } = clock.openCall();
  const [organisation, opening] = await Promise.all([
    records.get(organisationRef(organisationId)),
    closuresBetween(records, organisationId, dayIn('Etc/GMT+12', now), LAST_DAY),
  ]);
  if (organisation?.value.state !== 'open') return undefined;
  return { organisationId, timeZone: organisation.value.timeZone, opening };
}

async function fillAll({ organisationId, timeZone, opening }: Place, clock: FamilyClock, ticked: Ticked) {
  const target = fillTarget(dayIn(timeZone, clock.openCall().now), opening.rules);
  for await (const { sk, attributes } of pointersIn(standingWeekPointer(organisationId, ''), clock)) {
    const filledUntil = String(attributes?.['filledUntil']);
    if (filledUntil >= target) continue;
    await tried(clock, ticked, organisationId, async () => {
      const child = { organisationId, personId: PersonId.parse(sk) };
      const isFilled = await reservationStore.settled(() =>
        fillStandingWeek(reservationStore, child, { filledUntil, target }, clock.openCall()),
      );
      if (isFilled) ticked.standingWeeksFilled++;
    });
  }
}

/** Looks at every child once for each deadline: the last row says that all have been looked at. */
async function remindAll(place: Place, deadline: Deadline, clock: FamilyClock, ticked: Ticked): Promise<void> {
  const { organisationId } = place;
  const done = reminderPointers.all(organisationId, deadline);
  const [isDone] = await clock.openCall().records.pointersAt([done]);
  if (isDone) return;
  // Its own count: other organisations are looked at meanwhile.
  const here: Ticked = { ...nothingYet };
  for await (const personIds of childrenOf(organisationId, clock)) {
    await tried(clock, here, organisationId, () => remindSome(place, personIds, deadline, clock, here));
  }
  ticked.childrenReminded += here.childrenReminded;
  ticked.failed += here.failed;
  if (!clock.hasTimeLeft() || here.failed > 0) return;
  const detail = { deadline: deadline.at.toISOString(), days: deadline.days.length };
  await clock
    .openCall()
    .records.change()
    .point(done)
    .activity({ event: 'reservations.reminders-sent', subject: organisationOwner(organisationId), detail })
    .commit();
}

async function remindSome(
  { organisationId }: Place,
  personIds: readonly PersonId[],
  deadline: Deadline,
  clock: FamilyClock,
  ticked: Ticked,
): Promise<void> {
  const { children } = await reservationStore.facts(organisationId, personIds, deadline.days, clock.openCall());
  for (const one of children) {
    const [first, ...rest] = one ? daysMissing(deadline, one) : [];
    if (!one || first === undefined) continue;
    await tried(clock, ticked, organisationId, async () => {
      if (await remind(one.child, deadline, [first, ...rest], clock.openCall())) ticked.childrenReminded++;
    });
  }
}

/** All children of the organisation, some at a time. */
async function* childrenOf(organisationId: OrganisationId, clock: FamilyClock): AsyncGenerator<PersonId[]> {
  const { table, pk, sk: prefix } = peoplePointers.person(organisationId, 'child', '' as PersonId);
  let some: PersonId[] = [];
  for await (const { sk } of pointersIn({ table, pk }, clock, { prefix })) {
    some.push(PersonId.parse(sk.slice(prefix.length)));
    if (some.length < CHILDREN_AT_ONCE_MAX) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

/** One that fails keeps no other waiting: the log says so, and the next run tries again. */
async function tried(
  clock: FamilyClock,
  ticked: Ticked,
  organisationId: OrganisationId,
  look: () => Promise<void>,
): Promise<void> {
  try {
    await look();
  } catch (error) {
    ticked.failed++;
    const name = errorName(error);
    clock.log({ event: 'reservations-tick-failed', organisationId, error: name });
  }
}
