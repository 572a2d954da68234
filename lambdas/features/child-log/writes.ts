import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Change } from '../../platform/records.ts';
import type { Organisation } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { isHealth, isOpenSleep } from './content.ts';
import {
  healthEntryEntity,
  healthEntryRef,
  keyOfEntry,
  type LogEntry,
  logEntryEntity,
  logEntryRef,
  logPointers,
} from './entry.ts';

type Condition = 'new' | { readonly version: number };

/** Each sort of entry where it belongs: what is health under the declaration that says so. */
export function putEntry(
  change: Change,
  organisationId: OrganisationId,
  childId: PersonId,
  entry: LogEntry,
  condition: Condition,
): void {
  const { id, day, content } = entry;
  if (isHealth(content)) {
    const ref = healthEntryRef(organisationId, childId, day, id);
    change.put(ref, healthEntryEntity.schema.parse(entry), condition);
  } else {
    const ref = logEntryRef(organisationId, childId, day, id);
    change.put(ref, logEntryEntity.schema.parse(entry), condition);
  }
}

export function removeEntry(
  change: Change,
  organisationId: OrganisationId,
  childId: PersonId,
  { id, day, content }: LogEntry,
  condition: { readonly version: number },
): void {
  const place = isHealth(content) ? healthEntryRef : logEntryRef;
  change.remove(place(organisationId, childId, day, id), condition);
}

/** A child sleeps once at a time: throws `already-asleep`, unless the sleep before was left open on an earlier day. */
export function pointAsleep(
  change: Change,
  owner: Owner,
  { day, id }: LogEntry,
  { replacesSleep }: { readonly replacesSleep: boolean },
): void {
  const row = { ...logPointers.asleep(owner), attributes: { entry: keyOfEntry(day, id) } };
  const personId = owner.subject;
  change.point(row, replacesSleep ? {} : { ifNew: () => new Problem('already-asleep', undefined, { personId }) });
}

export const isAsleepIn = (entry: LogEntry | undefined): entry is LogEntry =>
  entry !== undefined && entry.removed === undefined && isOpenSleep(entry.content);

/** Guardians may have something to be told today. */
export function pointToday(
  change: Change,
  { id: organisationId, timeZone }: Organisation,
  childId: PersonId,
  { day, visibleTo }: LogEntry,
  now: Date,
): void {
  if (visibleTo !== 'guardians' || day !== dayIn(timeZone, now)) return;
  const owner = ownerOf(organisationId, childId);
  change.point(logPointers.today(owner.controller as OrganisationId, timeZone, day, childId));
}
