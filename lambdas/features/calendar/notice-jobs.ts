import { CalendarEventId, type OrganisationId } from '../../http/ids.ts';
import type { Change, Pointer } from '../../platform/records.ts';
import { type EventPlace, placeAt, scopeAttributes } from './calendar-index.ts';
import type { CalendarEvent, EventScope } from './event.ts';

/** What people are told: at once of an invitation and what becomes of it, the day before of what waits. */
export const tidings = ['invited', 'changed', 'cancelled', 'tomorrow', 'unanswered'] as const;
export type Tidings = (typeof tidings)[number];

/**
 * A whole group cannot be told in the transaction of the change, so a row waits for the clock, and goes when all have been
 * told. Attributes: the event's scope, what, for which day, and after whom to go on.
 */
export interface NoticeJob {
  readonly place: EventPlace;
  readonly what: Tidings;
  /** The occurrence's first day, or of a series the day from which on it is so. */
  readonly day: string;
  readonly row: Pointer;
}

export const jobPartition = (organisationId: OrganisationId) =>
  ({ table: 'core', pk: `${organisationId}#CALENDAR-NOTICES` }) as const;

export function jobFor(
  organisationId: OrganisationId,
  { id, scope }: Pick<CalendarEvent, 'id'> & { readonly scope: EventScope },
  what: Tidings,
  /** Tells it from other jobs of the same event: a sequence number, or a day. */
  occasion: string | number,
  day: string,
): Pointer {
  const sk = `${what}#${occasion}#${id}`;
  return { ...jobPartition(organisationId), sk, attributes: { ...scopeAttributes(scope), what, day } };
}

export function queueJob(
  change: Change,
  organisationId: OrganisationId,
  event: CalendarEvent,
  what: Tidings,
  day: string,
): void {
  if (event.invitation) change.point(jobFor(organisationId, event, what, event.sequence, day));
}

export function jobAt(organisationId: OrganisationId, row: Pointer): NoticeJob | undefined {
  const place = placeAt(organisationId, row);
  const what = tidings.find((known) => known === row.attributes?.['what']);
  const id = CalendarEventId.safeParse(row.sk.slice(row.sk.lastIndexOf('#') + 1));
  const day = row.attributes?.['day'];
  return place && what && id.success && typeof day === 'string' ? { place, what, day, row } : undefined;
}
