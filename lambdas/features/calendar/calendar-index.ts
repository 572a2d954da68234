import { CalendarEventId, DepartmentId, GroupId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { daysAfter } from '../../platform/calendar.ts';
import type { Pointer, Range, Records } from '../../platform/records.ts';
import { type CalendarEvent, EVENT_DAYS_MAX, type EventRef, type EventScope, eventRefOf } from './event.ts';
import { firstDayOf, lastDayOf } from './occurrences.ts';

/** Sorts after every last day that there is: of a series without an end. */
const WITHOUT_END = '9999-12-31';

/**
 * Which events an organisation has, by their last day: ids, scopes and days, so that a week is found without opening
 * anything. Single events lie apart from those that recur or were moved, which may be anywhere before their last day.
 */
export const eventPointers = {
  once: (organisationId: OrganisationId, lastDay: string, id: CalendarEventId | '') =>
    ({ table: 'core', pk: calendarPartition(organisationId), sk: `ONCE#${lastDay}#${id}` }) as const,
  every: (organisationId: OrganisationId, lastDay: string | undefined, id: CalendarEventId | '') =>
    ({ table: 'core', pk: calendarPartition(organisationId), sk: `EVERY#${lastDay ?? WITHOUT_END}#${id}` }) as const,
  /** From an id to its place: the scope says in whose partition the event lies. */
  byId: (organisationId: OrganisationId, id: CalendarEventId) =>
    ({ table: 'core', pk: calendarPartition(organisationId), sk: `ID#${id}` }) as const,
};
export const calendarPartition = (organisationId: OrganisationId) => `${organisationId}#CALENDAR`;

/** Of an event about a person they name that person as `subject`, for the erasure to find the row. */
export const scopeAttributes = (scope: EventScope) => ({
  scope: scope.kind,
  ...(scope.kind !== 'organisation' && { scopeId: scope.id }),
  ...(scope.kind === 'person' && { subject: scope.id }),
});

export interface EventPlace {
  readonly organisationId: OrganisationId;
  readonly id: CalendarEventId;
  readonly scope: EventScope;
}

/** The index rows of an event. */
export function pointersOf(organisationId: OrganisationId, event: CalendarEvent): Pointer[] {
  const { id, scope } = event;
  const lastDay = lastDayOf(event);
  const attributes = scopeAttributes(scope);
  const isSingle = event.rule === undefined && event.overrides.length === 0;
  const byDay = isSingle
    ? eventPointers.once(organisationId, lastDay!, id)
    : eventPointers.every(organisationId, lastDay, id);
  return [
    { ...byDay, attributes: { ...attributes, firstDay: firstDayOf(event.when) } },
    { ...eventPointers.byId(organisationId, id), attributes },
  ];
}

/**
 * Events that may have something from one day to another, both included: ids and scopes, nothing opened. One wave (the
 * pages beyond the first thousand rows come after it).
 */
export async function eventsBetween(
  records: Pick<Records, 'pointers'>,
  organisationId: OrganisationId,
  from: string,
  to: string,
): Promise<EventPlace[]> {
  const { pk } = eventPointers.byId(organisationId, '' as CalendarEventId);
  const found = await Promise.all([
    // What begins by then has ended so many days later.
    allRows(records, pk, { from: `ONCE#${from}`, to: `ONCE#${daysAfter(to, EVENT_DAYS_MAX)}#~` }),
    allRows(records, pk, { from: `EVERY#${from}`, to: `EVERY#${WITHOUT_END}#~` }),
  ]);
  return found.flat().flatMap((pointer) => {
    const firstDay = pointer.attributes?.['firstDay'];
    const place = placeAt(organisationId, pointer);
    return place && (pointer.sk.startsWith('EVERY#') || String(firstDay) <= to) ? [place] : [];
  });
}

async function allRows(records: Pick<Records, 'pointers'>, pk: string, range: Range): Promise<Pointer[]> {
  const rows: Pointer[] = [];
  for (let after: string | undefined; ; ) {
    const page = await records.pointers('core', pk, { ...range, limit: 1000, ...(after !== undefined && { after }) });
    rows.push(...page.items);
    if (page.next === undefined) return rows;
    after = page.next;
  }
}

/** Undefined for a row that is none of an event's. */
export function placeAt(organisationId: OrganisationId, { sk, attributes }: Pointer): EventPlace | undefined {
  const id = CalendarEventId.safeParse(sk.slice(sk.lastIndexOf('#') + 1));
  const scope = scopeAt(attributes?.['scope'], attributes?.['scopeId']);
  return id.success && scope ? { organisationId, id: id.data, scope } : undefined;
}

function scopeAt(kind: unknown, id: unknown): EventScope | undefined {
  switch (kind) {
    case 'organisation':
      return { kind };
    case 'department':
      return { kind, id: DepartmentId.parse(id) };
    case 'group':
      return { kind, id: GroupId.parse(id) };
    case 'person':
      return { kind, id: PersonId.parse(id) };
    default:
      return undefined;
  }
}

/** To be read with `records.getMany`, in the caller's own wave. */
export const eventRef = ({ organisationId, scope, id }: EventPlace): EventRef => eventRefOf(organisationId, scope, id);

/** A person, and the groups and departments that they are in on the days that are looked at. */
export interface ConcernedPerson {
  readonly personId: string;
  readonly groupIds: readonly string[];
  readonly departmentIds: readonly string[];
}

/** Whether an event is for a person. Pure; who may see that person is decided elsewhere. */
export function isFor(
  { scope }: Pick<EventPlace, 'scope'>,
  { personId, groupIds, departmentIds }: ConcernedPerson,
): boolean {
  switch (scope.kind) {
    case 'organisation':
      return true;
    case 'department':
      return departmentIds.includes(scope.id);
    case 'group':
      return groupIds.includes(scope.id);
    case 'person':
      return scope.id === personId;
  }
}
