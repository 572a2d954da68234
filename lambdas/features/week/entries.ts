import type { Call } from '../../http/call.ts';
import { type AttendanceDay, emptyDay } from '../attendance/attendance-day.ts';
import { ownDay } from '../attendance/views.ts';
import { isFor } from '../calendar/calendar-index.ts';
import { type Occurrence, occurrencesOf } from '../calendar/occurrences.ts';
import { homeOn } from '../custody/custody.ts';
import { inboxAbout } from '../messages/inbox.ts';
import { cutOffOf, isChangeable, openingOn } from '../reservations/opening.ts';
import { publicHolidaysOn } from '../reservations/public-holidays.ts';
import { concernedOn, type Known, type KnownPerson, type KnownPlace, may, rolesInForce } from './known.ts';
import {
  ENTRIES_MAX,
  EVENTS_MAX,
  type Week,
  type WeekDay,
  type WeekEntry,
  type WeekEvent,
  type WeekOrganisation,
} from './week.ts';

/** What the caller may see of a week. Pure: whatever the zone of this process is, days are the organisation's. */
export function weekOf(
  week: string,
  days: readonly string[],
  known: Known,
  { now, language }: Pick<Call, 'now' | 'language'>,
): Week {
  const seen = known.persons.filter((one) => may('attendance:read', one, now));
  const inNorwegian = new Intl.Collator('nb');
  const shown = onceEach(seen, now);
  const happening = new Map(
    [...new Set(shown.map(({ place }) => place))].map((place) => [place, happeningAt(place, days)]),
  );
  const entries = shown
    .map((one) => entryOf(one, days, happening.get(one.place)!, known, now))
    .sort(
      (one, other) =>
        inNorwegian.compare(one.firstName, other.firstName) ||
        inNorwegian.compare(one.organisationName, other.organisationName),
    );
  return {
    week,
    from: days[0]!,
    to: days.at(-1)!,
    publicHolidays: days.flatMap((day) => {
      const names = publicHolidaysOn(day, language);
      return names.length > 0 ? [{ day, names }] : [];
    }),
    organisations: organisationsOf(known, seen, now).sort((one, other) =>
      inNorwegian.compare(one.organisationName, other.organisationName),
    ),
    entries: entries.slice(0, ENTRIES_MAX),
  };
}

/** Once per organisation, also where the caller is two persons there: as the one who decides for the child. */
function onceEach(seen: readonly KnownPerson[], now: Date): KnownPerson[] {
  const decidesFirst = seen.toSorted(
    (one, other) => Number(may('reservation:manage', one, now)) - Number(may('reservation:manage', other, now)),
  );
  return [...new Map(decidesFirst.map((one) => [`${one.place.organisation.id}|${one.person.id}`, one])).values()];
}

function organisationsOf(known: Known, seen: readonly KnownPerson[], now: Date): WeekOrganisation[] {
  const found = new Map<string, WeekOrganisation>();
  for (const place of known.places) {
    if (rolesInForce(place, now).length === 0) continue;
    const { id, name } = place.organisation;
    const maySee = (childId: string) => seen.some((one) => one.place === place && one.person.id === childId);
    const { waiting } = inboxAbout(place.inbox, 'families', maySee);
    const before = found.get(id)?.messagesWaiting ?? 0;
    found.set(id, { organisationId: id, organisationName: name, messagesWaiting: before + waiting });
  }
  return [...found.values()];
}

function entryOf(
  one: KnownPerson,
  days: readonly string[],
  happening: readonly Happening[],
  known: Known,
  now: Date,
): WeekEntry {
  const { place, person } = one;
  const { organisation } = place;
  return {
    organisationId: organisation.id,
    organisationName: organisation.name,
    timeZone: organisation.timeZone,
    personId: person.id,
    firstName: person.firstName,
    lastName: person.lastName,
    relation: person.id === place.callerId ? 'me' : 'child',
    days: days.map((day, i) => ({
      ...dayOf(one, one.days[i] ?? emptyDay(day), known, now),
      events: happening
        .filter(({ event, occurrence }) => isOn(occurrence, day) && isFor(event, concernedOn(one, day)))
        .slice(0, EVENTS_MAX)
        .map(({ occurrence }) => eventView(occurrence)),
    })),
  };
}

function dayOf(one: KnownPerson, attendance: AttendanceDay, known: Known, now: Date): Omit<WeekDay, 'events'> {
  const { place, custody } = one;
  const { timeZone } = place.organisation;
  const { day } = attendance;
  const opening = openingOn(place.opening, day);
  const shown = ownDay({ day: attendance, timeZone, now: now.toISOString() });
  const home = custody && may('custody:read', one, now) ? homeOn(custody, day) : undefined;
  const isUnsaid = !shown.expected && !shown.absence && shown.stays.length === 0 && opening.kind !== 'closed';
  const mayAnswer = isUnsaid && isChangeable(place.opening, timeZone, day, now) && may('reservation:manage', one, now);
  const answerBefore = mayAnswer ? cutOffOf(place.opening, timeZone, day) : undefined;
  return {
    ...shown,
    opening: opening.kind,
    ...(opening.closure && { closure: opening.closure.title }),
    ...(home && { home: home.some((id) => isCaller(id, one, known)) ? 'with-me' : 'not-with-me' }),
    ...(answerBefore && { answerBefore: answerBefore.toISOString() }),
  };
}

const isCaller = (id: string, { place }: KnownPerson, { places }: Known): boolean =>
  places.some(({ organisation, callerId }) => callerId === id && organisation.id === place.organisation.id);

interface Happening {
  readonly event: KnownPlace['events'][number];
  readonly occurrence: Occurrence;
}

/** Everything that happens there, in the order of its beginning; for whom it is may change with the day. */
function happeningAt({ events }: KnownPlace, days: readonly string[]): Happening[] {
  return events
    .flatMap((event) =>
      occurrencesOf(event, days[0]!, days.at(-1)!).map((occurrence): Happening => ({ event, occurrence })),
    )
    .sort((one, other) => one.occurrence.startsAt.localeCompare(other.occurrence.startsAt));
}

const isOn = ({ firstDay, lastDay }: Occurrence, day: string): boolean => firstDay <= day && day <= lastDay;

const eventView = ({ eventId, of, title, place, allDay, from, until, timeZone, bring }: Occurrence): WeekEvent => ({
  eventId,
  of,
  title,
  ...(place !== undefined && { place }),
  allDay,
  from,
  until,
  timeZone,
  bring: [...bring],
});
