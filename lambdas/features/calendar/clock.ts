import { OrganisationId } from '../../http/ids.ts';
import { dayIn, daysAfter, timeOfDayIn } from '../../platform/calendar.ts';
import { errorName } from '../../platform/error-name.ts';
import { type Pointer, type PointerKey, StaleVersion } from '../../platform/records.ts';
import { organisationOwner, organisationPointers } from '../organisations/organisation.ts';
import { daysIn, terms } from '../retention/terms.ts';
import type { FamilyClock } from '../walks/family-clock.ts';
import { inLanes } from '../walks/in-lanes.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { calendarPartition, type EventPlace, eventRef, eventsBetween, placeAt } from './calendar-index.ts';
import { type CalendarEvent, eventOwner } from './event.ts';
import { jobAt, jobFor, jobPartition } from './notice-jobs.ts';
import { occurrencesOf } from './occurrences.ts';
import { carryOutJob, type TellingPlace } from './tell.ts';
import { removeEvent } from './writes.ts';

/** When the day before begins to be one: the bag is packed in the evening. */
const REMINDED_FROM = '15:00';
/** No answer closes longer before its event. */
const DAYS_AHEAD = 61;
/** Never before its term is over, leap years and all. */
const DAYS_KEPT = Math.ceil(daysIn(terms['past-event'].length));
const JOBS_PER_CHANGE = 90;
const PLANNED_SECONDS = 3 * 24 * 60 * 60;
const EVENTS_PER_READ = 500;

export interface CalendarTicked {
  organisations: number;
  planned: number;
  told: number;
  removed: number;
  failed: number;
}

/**
 * Every quarter of an hour, in each organisation: tells those whom a change is to be told; once a day, from the afternoon
 * on, puts down who is to be reminded of tomorrow, and removes what ended more than a year ago. Running it twice, or twice
 * at once, changes nothing more.
 */
export async function tickCalendar(clock: FamilyClock): Promise<CalendarTicked> {
  const ticked: CalendarTicked = { organisations: 0, planned: 0, told: 0, removed: 0, failed: 0 };
  await inLanes(pointersIn(organisationPointers.all('' as OrganisationId), clock), async ({ sk, attributes }) => {
    const organisationId = OrganisationId.safeParse(sk);
    const timeZone = attributes?.['timeZone'];
    if (!organisationId.success || typeof timeZone !== 'string') {
      ticked.failed++;
      clock.log({ event: 'organisation-unreadable', organisationId: sk, error: 'pointer' });
      return;
    }
    ticked.organisations++;
    const place = { organisationId: organisationId.data, timeZone };
    await tried(() => planTheDay(place, clock, ticked), place, clock, ticked);
    await tried(() => tellAll(place, clock, ticked), place, clock, ticked);
  });
  return ticked;
}

async function tellAll(place: TellingPlace, clock: FamilyClock, ticked: CalendarTicked): Promise<void> {
  for await (const row of pointersIn(jobPartition(place.organisationId), clock)) {
    const job = jobAt(place.organisationId, row);
    if (!job) continue;
    await tried(
      async () => {
        const told = await carryOutJob(job, place, clock);
        ticked.told += told;
      },
      place,
      clock,
      ticked,
    );
  }
}

/** Once a day; a run that is cut off is taken up by the next, since the row that says so comes last. */
async function planTheDay(place: TellingPlace, clock: FamilyClock, ticked: CalendarTicked): Promise<void> {
  const { organisationId, timeZone } = place;
  const { records, now } = clock.openCall();
  const today = dayIn(timeZone, now);
  if (timeOfDayIn(timeZone, now) < REMINDED_FROM) return;
  const planned = plannedRow(organisationId, today, now);
  const [done] = await records.pointersAt([planned]);
  if (done) return;
  await removeEnded(place, daysAfter(today, -DAYS_KEPT), clock, ticked);
  const tomorrow = daysAfter(today, 1);
  const places = await eventsBetween(records, organisationId, tomorrow, daysAfter(today, DAYS_AHEAD));
  const jobs: Pointer[] = [];
  for (let n = 0; n < places.length; n += EVENTS_PER_READ) {
    const events = await clock.openCall().records.getMany(places.slice(n, n + EVENTS_PER_READ).map(eventRef));
    for (const event of events) if (event) jobs.push(...remindersOf(organisationId, event.value, tomorrow));
  }
  if (!clock.hasTimeLeft()) return;
  const rows = [...jobs, planned];
  for (let n = 0; n < rows.length; n += JOBS_PER_CHANGE) {
    const change = clock.openCall().records.change();
    for (const row of rows.slice(n, n + JOBS_PER_CHANGE)) change.point(row);
    const subject = organisationOwner(organisationId);
    await change
      .activity({ event: 'calendar.reminders-planned', subject, detail: { day: today, events: jobs.length } })
      .commit();
  }
  ticked.planned += jobs.length;
}

/** Of what to bring tomorrow, and of answers that are taken until tomorrow. Pure. */
export function remindersOf(organisationId: OrganisationId, event: CalendarEvent, tomorrow: string): Pointer[] {
  const { invitation } = event;
  const starting = (day: string) => occurrencesOf(event, day, day).filter(({ firstDay }) => firstDay === day);
  const toBring = starting(tomorrow).filter(({ bring }) => bring.length > 0);
  const closing = invitation ? starting(daysAfter(tomorrow, invitation.answersCloseDaysBefore)) : [];
  return [
    ...toBring.map(({ firstDay }) => jobFor(organisationId, event, 'tomorrow', firstDay, firstDay)),
    ...closing.map(({ of }) => jobFor(organisationId, event, 'unanswered', of, of)),
  ];
}

const plannedRow = (organisationId: OrganisationId, day: string, now: Date): PointerKey & Pointer => ({
  table: 'transient',
  pk: `CALENDAR-PLANNED#${organisationId}`,
  sk: day,
  expiresAtEpochSeconds: Math.floor(now.getTime() / 1000) + PLANNED_SECONDS,
});

/** What ended before a day: the event with its index and its files, or a row that leads nowhere any more. */
async function removeEnded(
  { organisationId }: TellingPlace,
  before: string,
  clock: FamilyClock,
  ticked: CalendarTicked,
): Promise<void> {
  const partition = { table: 'core', pk: calendarPartition(organisationId) } as const;
  for (const kind of ['ONCE', 'EVERY']) {
    for await (const row of pointersIn(partition, clock, { from: `${kind}#0000`, to: `${kind}#${before}` })) {
      const place = placeAt(organisationId, row);
      if (place && (await removeOne(place, row, clock))) ticked.removed++;
    }
  }
}

async function removeOne(place: EventPlace, row: Pointer, clock: FamilyClock): Promise<boolean> {
  const { organisationId, scope, id } = place;
  const { records, now } = clock.openCall();
  const [stored] = await records.getMany([eventRef(place)]);
  const change = records.change();
  if (stored) removeEvent(change, organisationId, stored, now);
  // Restricted, it is removed when that ends; erased, only its row is left.
  else if (scope.kind === 'person') return false;
  else change.unpoint(row);
  const event = stored ? 'calendar-event.removed' : 'calendar-event.row-dropped';
  await change.activity({ event, subject: eventOwner(organisationId, scope), about: [id] }).commit();
  return stored !== undefined;
}

/** An organisation, or a job, that fails must not keep the others waiting: the log says so, and the next run tries again. */
async function tried(
  step: () => Promise<void>,
  { organisationId }: TellingPlace,
  clock: FamilyClock,
  ticked: CalendarTicked,
): Promise<void> {
  try {
    await step();
  } catch (error) {
    // Somebody changed it at this moment: the next run looks at what they did.
    if (error instanceof StaleVersion) return;
    ticked.failed++;
    clock.log({ event: 'calendar-tick-failed', organisationId, error: errorName(error) });
  }
}
