import type { Call } from '../../http/call.ts';
import type { CalendarEventId, FileId, OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { Change, Stored } from '../../platform/records.ts';
import { claimFile, releaseFile, uploadsOf } from '../files/claim.ts';
import { departmentRef, GROUPS_MAX, groupEntity, organisationOwner } from '../organisations/organisation.ts';
import { blockedFor } from '../people/blocks.ts';
import { ownerOf, type PersonRecord } from '../people/person.ts';
import { groupRef, personRef } from '../people/writes.ts';
import { answerKeptUntil, isAsked } from './answering.ts';
import { candidatesFor, isForOn } from './audience.ts';
import { eventRef, eventsBetween } from './calendar-index.ts';
import {
  type CalendarEvent,
  EVENT_FILES_MAX,
  type EventScope,
  type eventAnswerEntity,
  eventAnswerRef,
  eventOwner,
} from './event.ts';
import type { CalendarStore } from './handlers.ts';
import { look, placesById, roleOf } from './look.ts';
import { queueJob, type Tidings } from './notice-jobs.ts';
import { firstDayOf, type Occurrence, occurrenceOn, occurrencesOf } from './occurrences.ts';
import { departmentsOf } from './sight.ts';
import { putNewEvent, replaceEvent, type StoredEvent } from './writes.ts';

/** What becomes of an event; `later` is the series that goes on where this one ends. */
export interface EventEdit {
  readonly before: StoredEvent;
  readonly after: CalendarEvent;
  readonly later?: CalendarEvent;
  readonly what: Extract<Tidings, 'invited' | 'changed' | 'cancelled'>;
  /** Of what those invited are told. */
  readonly day: string;
  readonly addFileIds: readonly FileId[];
  readonly removeFileIds: readonly FileId[];
}

/** What is for one person in a range of days. */
export interface Concern {
  readonly person: PersonRecord;
  readonly events: readonly { readonly event: CalendarEvent; readonly occurrence: Occurrence }[];
  answerTo(eventId: CalendarEventId, day: string): 'yes' | 'no' | 'maybe' | undefined;
}

/** One person, one occurrence, and what was answered. */
export interface AnswersOn {
  readonly organisationId: OrganisationId;
  readonly event: CalendarEvent;
  readonly occurrence: Occurrence;
  readonly person: PersonRecord;
  readonly answer: Stored<typeof eventAnswerEntity> | undefined;
}

export const calendarStore: CalendarStore = {
  between: (organisationId, from, to, call) =>
    look(organisationId, (records) => eventsBetween(records, organisationId, from, to), call),

  byId: (organisationId, eventId, call) => look(organisationId, placesById(organisationId, eventId), call),

  async around(organisationId, scope, call) {
    const [found, isInStructure] = await Promise.all([
      look(organisationId, async () => [], call, [scope]),
      isPartOf(organisationId, scope, call),
    ]);
    const isPerson = scope.kind === 'person' && found.sight.others.has(scope.id);
    return { ...found, isThere: isInStructure || isPerson };
  },

  async add(organisationId, event, fileIds, call, answer) {
    const change = call.records.change();
    const files = await claimed(change, organisationId, event, fileIds, call);
    const whole = { ...event, files };
    putNewEvent(change, organisationId, whole);
    queueJob(change, organisationId, whole, 'invited', firstDayOf(whole.when));
    return change
      .activity({
        event: 'calendar-event.created',
        subject: eventOwner(organisationId, event.scope),
        about: [event.id],
        detail: { scope: event.scope.kind, recurs: event.rule !== undefined, files: files.length },
      })
      .commit(answer(whole));
  },

  async save(organisationId, { before, after, later, what, day, addFileIds, removeFileIds }, call) {
    const change = call.records.change();
    const kept = before.value.files.filter(({ id }) => !removeFileIds.includes(id));
    const added = await claimed(change, organisationId, before.value, addFileIds, call);
    const files = [...kept, ...added];
    if (files.length > EVENT_FILES_MAX) throw new Problem('too-many', `At most ${EVENT_FILES_MAX} files.`);
    const owner = eventOwner(organisationId, after.scope);
    for (const file of before.value.files) {
      if (removeFileIds.includes(file.id)) releaseFile(change, file, { owner }, call.now);
    }
    const whole = { ...after, files };
    replaceEvent(change, organisationId, before, whole);
    if (later) putNewEvent(change, organisationId, later);
    queueJob(change, organisationId, later ?? whole, what, day);
    await change
      .activity({
        event: what === 'cancelled' ? 'calendar-event.cancelled' : 'calendar-event.changed',
        subject: owner,
        about: [after.id, ...(later ? [later.id] : [])],
        detail: { scope: after.scope.kind, day, files: files.length },
      })
      .commit();
    return later ?? whole;
  },

  async ofPerson(organisationId, personId, from, to, { records }) {
    const [places, groups, person] = await Promise.all([
      eventsBetween(records, organisationId, from, to),
      records.list(groupEntity, organisationOwner(organisationId), { limit: GROUPS_MAX }),
      records.get(personRef(organisationId, personId)),
    ]);
    if (!person) throw new Problem('person-not-found');
    const departmentOf = departmentsOf(groups.items.map(({ value }) => value));
    const isTheirs = ({ scope }: Pick<CalendarEvent, 'scope'>, firstDay: string, lastDay: string) =>
      isForOn(scope, person.value, departmentOf, firstDay, lastDay);
    const stored = await records.getMany(places.filter((place) => isTheirs(place, from, to)).map(eventRef));
    const events = stored.flatMap((found) =>
      (found ? occurrencesOf(found.value, from, to) : [])
        .filter(({ firstDay, lastDay }) => isTheirs(found!.value, firstDay, lastDay))
        .map((occurrence) => ({ event: found!.value, occurrence })),
    );
    const asked = events.filter(({ event }) => event.invitation && isAsked(event.invitation, person.value));
    const answers = await records.getMany(
      asked.map(({ occurrence: { eventId, of } }) => eventAnswerRef(organisationId, personId, eventId, of)),
    );
    const byKey = new Map(
      answers.flatMap((answer) => (answer ? [[answer.ref.key, answer.value.answer] as const] : [])),
    );
    return { person: person.value, events, answerTo: (eventId, day) => byKey.get(`${eventId}#${day}`) };
  },

  async asked(organisationId, personId, eventId, day, { records }) {
    const [places, groups, [person, answer]] = await Promise.all([
      placesById(organisationId, eventId)(records),
      records.list(groupEntity, organisationOwner(organisationId), { limit: GROUPS_MAX }),
      records.together([personRef(organisationId, personId), eventAnswerRef(organisationId, personId, eventId, day)]),
    ]);
    const [event] = await records.getMany(places.map(eventRef));
    const occurrence = event && occurrenceOn(event.value, day);
    if (!event || !occurrence || !person) return undefined;
    const departmentOf = departmentsOf(groups.items.map(({ value }) => value));
    const { firstDay, lastDay } = occurrence;
    if (!isForOn(event.value.scope, person.value, departmentOf, firstDay, lastDay)) return undefined;
    return { organisationId, event: event.value, occurrence, person: person.value, answer };
  },

  async saveAnswer({ organisationId, event, occurrence, person, answer: before }, answer, call, shown) {
    const ref = eventAnswerRef(organisationId, person.id, event.id, occurrence.of);
    const by = roleOf(call).personId;
    const value = { eventId: event.id, day: occurrence.of, answer, by, at: call.now.toISOString() };
    return call.records
      .change()
      .put(ref, value, before ? { version: before.version } : 'new', {
        expiresAtEpochSeconds: answerKeptUntil(occurrence),
      })
      .activity({
        event: 'event-answer.given',
        subject: ownerOf(organisationId, person.id),
        about: [event.id],
        detail: { day: occurrence.of },
      })
      .commit(shown);
  },

  async answers(organisationId, event, occurrence, { sight }, { records }) {
    const { invitation } = event;
    if (!invitation) return [];
    const { role } = sight;
    const [ids, blocked] = await Promise.all([
      candidatesFor(records, organisationId, event.scope, sight.departmentOf, [
        invitation.asks === 'guardians' ? 'child' : 'member',
      ]),
      blockedFor(records, organisationId, [role.personId, ...role.otherPersonIds]),
    ]);
    const seen = ids.filter((id) => !blocked.has(id));
    const [persons, answers] = await Promise.all([
      records.getMany(seen.map((id) => personRef(organisationId, id))),
      records.getMany(seen.map((id) => eventAnswerRef(organisationId, id, event.id, occurrence.of))),
    ]);
    return seen.flatMap((_, i) => {
      const person = persons[i]?.value;
      const { firstDay, lastDay } = occurrence;
      const isTheirs =
        person && isAsked(invitation, person) && isForOn(event.scope, person, sight.departmentOf, firstDay, lastDay);
      return isTheirs ? [{ organisationId, event, occurrence, person, answer: answers[i] }] : [];
    });
  },
};

/** Of an organisation's own structure; persons are looked up with what ties the caller to them. */
async function isPartOf(organisationId: OrganisationId, scope: EventScope, { records }: Call): Promise<boolean> {
  if (scope.kind === 'group') return (await records.get(groupRef(organisationId, scope.id))) !== undefined;
  if (scope.kind === 'department') return (await records.get(departmentRef(organisationId, scope.id))) !== undefined;
  return scope.kind === 'organisation';
}

/** Uploaded by the caller, and the event's from now on. */
async function claimed(
  change: Change,
  organisationId: OrganisationId,
  event: CalendarEvent,
  fileIds: readonly FileId[],
  call: Call,
) {
  if (fileIds.length === 0) return [];
  const uploads = await uploadsOf(call.records, organisationId, roleOf(call).personId, [...new Set(fileIds)]);
  const home = { owner: eventOwner(organisationId, event.scope), kind: 'event', ids: { eventId: event.id } } as const;
  return uploads.map((upload) => claimFile(change, upload, home));
}
