import type { Language } from '../../http/call.ts';
import { dayIn, daysAfter, instantOf } from '../../platform/calendar.ts';
import { isFor } from '../calendar/calendar-index.ts';
import type { CalendarEvent } from '../calendar/event.ts';
import { type Occurrence, occurrencesOf } from '../calendar/occurrences.ts';
import { calendarText, type EventText } from '../icalendar/calendar.ts';
import { OSLO } from '../icalendar/oslo.ts';
import { eachDay } from '../reservations/days.ts';
import { concernedOn, type Known, type KnownPerson, type KnownPlace, may, rolesInForce } from '../week/known.ts';
import type { CalendarFeed, Level } from './feed.ts';
import { textsOf, windowAround } from './series.ts';
import { initialsOf, labelled, namesAny, type Teller, told, withoutAddresses, words } from './telling.ts';

/** Days around today of which expected times and absences are told. */
const DAYS_BACK = 7;
const DAYS_AHEAD = 27;
/** Events in one calendar: an answer of Lambda holds 6 MB. */
const TEXTS_MAX = 1500;
const REFRESHED_EVERY_HOURS = 4;

/** The days to be known of: the first and the last of the window, and between them those told day by day. */
export function daysToldAround(now: Date): string[] {
  const today = dayIn(OSLO, now);
  const { from, to } = windowAround(today);
  return [from, ...eachDay(daysAfter(today, -DAYS_BACK), daysAfter(today, DAYS_AHEAD)), to];
}

/**
 * The calendar at an address: what its account sees of its children and of its own through the API, at the level of the
 * address. Nothing in it depends on the instant at which it is asked for, so that what has not changed is the same text.
 */
export function calendarAt(
  feed: CalendarFeed,
  known: Known,
  { now, language, days }: { now: Date; language: Language; days: readonly string[] },
): string {
  const seen = known.persons.filter((one) => may('attendance:read', one, now));
  const teller: Teller = {
    level: feed.level,
    language,
    children: seen.filter((one) => !isCaller(one)).map(({ person }) => person),
  };
  const places = [...new Map(known.places.map((place) => [place.organisation.id, place])).values()];
  const events = places.flatMap((place) => {
    const here = known.persons.filter((one) => one.place.organisation.id === place.organisation.id);
    const seenHere = here.filter((one) => seen.includes(one));
    const level = here.some(({ person }) => person.protectedAddress) ? 'busy' : feed.level;
    const at = { ...teller, level };
    return [
      ...eventsAt(place, seenHere, here.filter(isCaller), { teller: at, now, days }),
      // Where a child is expected says nothing of when its guardian is busy.
      ...(level === 'busy' ? [] : dayTexts(place, seenHere, { teller: at, feed, days })),
      ...(level === 'busy' || seenHere.length === 0 ? [] : closureTexts(place, at, feed)),
    ];
  });
  return calendarText({
    product: 'Calendar 1',
    // Not the name that the person gave: it may say whose calendar it is.
    name: 'Vern',
    refreshedEveryHours: REFRESHED_EVERY_HOURS,
    events: events.slice(0, TEXTS_MAX),
  });
}

const isCaller = ({ person, place }: KnownPerson): boolean => person.id === place.callerId;

interface Telling {
  readonly teller: Teller;
  readonly days: readonly string[];
}

function eventsAt(
  place: KnownPlace,
  seen: readonly KnownPerson[],
  selves: readonly KnownPerson[],
  { teller, days, now }: Telling & { now: Date },
): EventText[] {
  const [from, to] = [days[0]!, days.at(-1)!];
  return place.events.flatMap((event) => {
    const own = selves.find(({ person }) => event.scope.kind === 'person' && event.scope.id === person.id);
    if (own) return ownTexts(event, own, occurrencesOf(event, from, to), teller, now);
    const forWhom = new Set<KnownPerson>();
    const visible = occurrencesOf(event, from, to).filter((occurrence) => {
      const concerned = seen.filter((one) => isConcerned(one, event, occurrence));
      for (const one of concerned) forWhom.add(one);
      return concerned.length > 0;
    });
    if (visible.length === 0) return [];
    const about = {
      forChildren: [...forWhom].filter((one) => !isCaller(one)).map(({ person }) => person),
      isPersonal: event.scope.kind === 'person',
      organisationName: place.organisation.name,
    };
    return textsOf(event, visible, (what) => told(what, about, teller));
  });
}

/**
 * What is about the caller alone. Who is there by a guarded role only (staff) opens it with a second factor elsewhere
 * (design, section 7), so an address tells no more than when they are busy.
 */
function ownTexts(
  event: CalendarEvent,
  { place }: KnownPerson,
  occurrences: readonly Occurrence[],
  teller: Teller,
  now: Date,
): EventText[] {
  const level = ownLevel(place, teller.level, now);
  if (!level || occurrences.length === 0) return [];
  const about = { forChildren: [], isPersonal: true, organisationName: place.organisation.name };
  return textsOf(event, occurrences, (what) => told(what, about, { ...teller, level }));
}

function ownLevel(place: KnownPlace, level: Level, now: Date): Level | undefined {
  if (place.organisation.state === 'closed') return undefined;
  if (rolesInForce(place, now).length > 0) return level;
  const today = dayIn(place.organisation.timeZone, now);
  const holdsAny = place.roles.some(
    ({ state, validFrom, validUntil = today }) => state === 'active' && validFrom <= today && today <= validUntil,
  );
  return holdsAny ? 'busy' : undefined;
}

/** On any of its days; groups change with the days. */
const isConcerned = (one: KnownPerson, event: CalendarEvent, { firstDay, lastDay }: Occurrence): boolean =>
  eachDay(firstDay, lastDay).some((day) => isFor(event, concernedOn(one, day)));

/** Expected times and absences: without a reason, which is nobody's business out there. */
function dayTexts(
  { organisation }: KnownPlace,
  seen: readonly KnownPerson[],
  { teller, feed, days }: Telling & { feed: CalendarFeed },
): EventText[] {
  const say = words[teller.language];
  return seen.flatMap((one) =>
    days.slice(1, -1).flatMap((day, i): EventText[] => {
      const known = one.days[i + 1];
      const summary = (short: string) =>
        teller.level === 'full'
          ? labelled(isCaller(one) ? [] : [one.person.firstName], `${organisation.name}, ${short}`)
          : labelled([initialsOf(one.person)], short);
      // Days have no instant of their revision: the feed's own beginning stands for it, and their text tells them apart.
      const common = { revisedAt: new Date(feed.createdAt), isTransparent: true as const };
      if (known?.absence) {
        const when = { days: { from: day, until: day } };
        return [{ ...common, uid: `${one.person.id}-${day}-absent`, summary: summary(say.absent), when }];
      }
      if (!known?.expected) return [];
      const at = (time: string) => instantOf(organisation.timeZone, day, time);
      const { from, until } = known.expected;
      const instants = { from: at(from), ...(until !== undefined && { until: at(until) }) };
      return [
        { ...common, uid: `${one.person.id}-${day}-expected`, summary: summary(say.expected), when: { instants } },
      ];
    }),
  );
}

function closureTexts({ organisation, opening }: KnownPlace, teller: Teller, feed: CalendarFeed): EventText[] {
  return opening.closures
    .filter(({ kind }) => kind !== 'reduced-staff')
    .map(({ id, title, kind, from, until }) => {
      const isTellable = teller.level === 'full' || !namesAny(title, teller.children);
      const what = isTellable ? withoutAddresses(title) : words[teller.language].closed;
      const closed = kind === 'closed' && isTellable ? `${words[teller.language].closed}: ${what}` : what;
      return {
        uid: id,
        revisedAt: new Date(feed.createdAt),
        summary: teller.level === 'full' ? `${organisation.name}: ${closed}` : closed,
        when: { days: { from, until } },
        isTransparent: true as const,
      };
    });
}
