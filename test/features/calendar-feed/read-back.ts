import ICAL from 'ical.js';

/** One occurrence as a calendar app would show it. */
export interface Shown {
  readonly uid: string;
  readonly from: string;
  readonly until: string;
  readonly summary: string;
}

const OCCURRENCES_MAX = 2000;

/** All that `ical.js` makes of a calendar, rules carried out, in order: days as days, times as instants. */
export function readBack(text: string): Shown[] {
  const components = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent');
  const byUid = Map.groupBy(components, (component) => String(component.getFirstPropertyValue('uid')));
  return [...byUid.values()]
    .flatMap((same) => {
      const overrides = same.filter((component) => component.hasProperty('recurrence-id'));
      const [master, ...others] = same.filter((component) => !overrides.includes(component));
      if (!master || others.length > 0) throw new Error('One event for each UID, beside its overrides');
      return expanded(
        new ICAL.Event(master, { exceptions: overrides.map((one) => new ICAL.Event(one)), strictExceptions: true }),
      );
    })
    .sort((one, other) => one.from.localeCompare(other.from) || one.uid.localeCompare(other.uid));
}

function expanded(event: ICAL.Event): Shown[] {
  if (!event.isRecurring()) return [shown(event, event.startDate, event.endDate)];
  const all: Shown[] = [];
  const iterator = event.iterator();
  for (let next = iterator.next(); next && all.length < OCCURRENCES_MAX; next = iterator.next()) {
    const { item, startDate, endDate } = event.getOccurrenceDetails(next);
    all.push(shown(item, startDate, endDate));
  }
  return all;
}

const shown = ({ uid, summary }: ICAL.Event, from: ICAL.Time, until: ICAL.Time): Shown => ({
  uid,
  summary,
  from: at(from),
  until: at(until),
});
const at = (time: ICAL.Time) => (time.isDate ? time.toString() : time.toJSDate().toISOString());
