import type { Call } from '../../http/call.ts';
import type { CalendarEventId, FileId, OrganisationId, PersonId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { daysAfter } from '../../platform/calendar.ts';
import { answersCloseAt, asksAnyone, isAsked, mayAnswer } from './answering.ts';
import {
  cancelledAll,
  cancelledFollowing,
  cancelledOne,
  changedAll,
  changedFollowing,
  changedOne,
  type EventChanges,
  recurs,
} from './edits.ts';
import type { CalendarEvent, EventScope } from './event.ts';
import type { Look } from './look.ts';
import { roleOf } from './look.ts';
import { firstDayOf, lastDayOf, type Occurrence, occurrenceOn, occurrencesOf } from './occurrences.ts';
import type { calendarRoutes } from './routes.ts';
import { mayPlan, sees } from './sight.ts';
import type { AnswersOn, Concern, EventEdit } from './store.ts';
import { eventView, OCCURRENCES_MAX, occurrenceView, RANGE_DAYS_MAX } from './views.ts';
import { newCalendarEvent, type StoredEvent } from './writes.ts';

export interface CalendarStore {
  /** Two waves. */
  between(organisationId: OrganisationId, from: string, to: string, call: Call): Promise<Look>;
  /** Two waves; no event in it when there is none of that id. */
  byId(organisationId: OrganisationId, eventId: CalendarEventId, call: Call): Promise<Look>;
  /** Two waves: what decides whether the caller may plan for a scope, and whether there is one. */
  around(organisationId: OrganisationId, scope: EventScope, call: Call): Promise<Look & { readonly isThere: boolean }>;
  add<A>(
    organisationId: OrganisationId,
    event: CalendarEvent,
    fileIds: readonly FileId[],
    call: Call,
    answer: (event: CalendarEvent) => A,
  ): Promise<A>;
  /** Throws `StaleVersion`. */
  save(organisationId: OrganisationId, edit: EventEdit, call: Call): Promise<CalendarEvent>;
  /** Three waves: what is for a person, and what was answered for them. */
  ofPerson(organisationId: OrganisationId, personId: PersonId, from: string, to: string, call: Call): Promise<Concern>;
  /** Two waves; undefined when there is no such event, or it is not for that person. */
  asked(
    organisationId: OrganisationId,
    personId: PersonId,
    eventId: CalendarEventId,
    day: string,
    call: Call,
  ): Promise<AnswersOn | undefined>;
  saveAnswer<A>(on: AnswersOn, answer: 'yes' | 'no' | 'maybe', call: Call, shown: A): Promise<A>;
  /** Two waves more: everyone asked on that day whom the caller may see, with what was answered for them. */
  answers(
    organisationId: OrganisationId,
    event: CalendarEvent,
    occurrence: Occurrence,
    look: Look,
    call: Call,
  ): Promise<AnswersOn[]>;
}

export const calendarHandlers = (calendar: CalendarStore): HandlersFor<typeof calendarRoutes, Call> => ({
  async listCalendar({ params: { organisationId }, query: { from, to } }, call) {
    demandRange(from, to);
    const { events, sight } = await calendar.between(organisationId, from, to, call);
    const items = events.flatMap(({ value: event }) =>
      occurrencesOf(event, from, to)
        .filter(({ firstDay, lastDay }) => sees(sight, event.scope, firstDay, lastDay))
        .map((occurrence) => occurrenceView(event, occurrence)),
    );
    return { items: inOrder(items) };
  },

  async createEvent({ params: { organisationId }, body }, call) {
    const { scope, fileIds, ...fields } = body;
    const { organisation, sight, isThere } = await calendar.around(organisationId, scope, call);
    if (!isThere || !mayPlan(sight, scope)) throw new Problem(absenceOf[scope.kind]);
    const { timeZone } = organisation;
    const event = newCalendarEvent(fields, { id: call.newId('cal'), scope, timeZone }, call.now);
    return calendar.add(organisationId, event, fileIds, call, (value) => eventView({ value, version: 1 }));
  },

  async getEvent({ params: { organisationId, eventId } }, call) {
    return eventView(await eventSeen(calendar, organisationId, eventId, call));
  },

  async changeEvent({ params: { organisationId, eventId }, body, ifMatch }, call) {
    const { which, of, addFileIds, removeFileIds, ...changes } = body;
    const before = await eventToChange(calendar, organisationId, eventId, ifMatch, call);
    if (which !== 'all') demandOfSeries(body, addFileIds.length + removeFileIds.length);
    const edit = editOf(before, which, of, changes, call);
    const event = await calendar.save(organisationId, { ...edit, addFileIds, removeFileIds }, call);
    return eventView({ value: event, version: edit.later ? 1 : before.version + 1 });
  },

  async cancelEvent({ params: { organisationId, eventId }, query: { which, of }, ifMatch }, call) {
    const before = await eventToChange(calendar, organisationId, eventId, ifMatch, call);
    const { value } = before;
    const day = which === 'all' || !recurs(value) ? firstDayOf(value.when) : demandDay(of);
    const after =
      which === 'all' || !recurs(value)
        ? cancelledAll(value, call.now)
        : (which === 'one' ? cancelledOne : cancelledFollowing)(value, day, call.now);
    const told = which === 'one' ? (occurrenceOn(value, day)?.firstDay ?? day) : day;
    await calendar.save(organisationId, { before, after, what: 'cancelled', day: told, ...noFiles }, call);
  },

  async listAnswers({ params: { organisationId, eventId, day } }, call) {
    const found = await calendar.byId(organisationId, eventId, call);
    const event = found.events[0]?.value;
    if (!event || !mayPlan(found.sight, event.scope)) throw new Problem('event-not-found');
    const occurrence = occurrenceOn(event, day);
    if (!occurrence) throw new Problem('event-not-found');
    const { invitation } = event;
    if (!invitation) throw new Problem('wrong-state', 'Nobody was asked.');
    const asked = await calendar.answers(organisationId, event, occurrence, found, call);
    const counts = { yes: 0, no: 0, maybe: 0, waiting: 0 };
    for (const { answer } of asked) counts[answer?.value.answer ?? 'waiting']++;
    const items = asked.map(({ person: { id, firstName, lastName }, answer }) => ({
      personId: id,
      firstName,
      lastName,
      ...(answer && { answer: answer.value.answer, at: answer.value.at }),
    }));
    const closeAt = answersCloseAt(invitation, occurrence).toISOString();
    return { eventId, day, answersCloseAt: closeAt, counts, items: byName(items) };
  },

  async getPersonCalendar({ params: { organisationId, personId }, query: { from, to } }, call) {
    demandRange(from, to);
    const { person, events, answerTo } = await calendar.ofPerson(organisationId, personId, from, to, call);
    const items = events.map(({ event, occurrence }) => {
      const { invitation } = event;
      const answer = answerTo(event.id, occurrence.of);
      return {
        ...occurrenceView(event, occurrence),
        ...(answer && { answer }),
        ...(invitation &&
          isAsked(invitation, person) && { answersCloseAt: answersCloseAt(invitation, occurrence).toISOString() }),
      };
    });
    return { personId, items: inOrder(items) };
  },

  async answerEvent({ params: { organisationId, personId, eventId, day }, body }, call) {
    const on = await calendar.asked(organisationId, personId, eventId, day, call);
    if (!on) throw new Problem('event-not-found');
    const { invitation } = on.event;
    const isOpen =
      invitation !== undefined &&
      asksAnyone(on.event) &&
      mayAnswer(invitation, on.person, roleOf(call).personId) &&
      call.now < answersCloseAt(invitation, on.occurrence);
    if (!isOpen) throw new Problem('answers-closed');
    const shown = { personId, eventId, day, answer: body.answer, at: call.now.toISOString() };
    return calendar.saveAnswer(on, body.answer, call, shown);
  },
});

const absenceOf = {
  organisation: 'not-allowed',
  department: 'department-not-found',
  group: 'group-not-found',
  person: 'person-not-found',
} as const;

const noFiles = { addFileIds: [], removeFileIds: [] } as const;

async function eventSeen(
  calendar: CalendarStore,
  organisationId: OrganisationId,
  eventId: CalendarEventId,
  call: Call,
): Promise<StoredEvent> {
  const found = await calendar.byId(organisationId, eventId, call);
  const [event] = found.events;
  if (!event) throw new Problem('event-not-found');
  const { scope, when } = event.value;
  if (!sees(found.sight, scope, firstDayOf(when), lastDayOf(event.value) ?? '9999-12-31')) {
    throw new Problem('event-not-found');
  }
  return event;
}

async function eventToChange(
  calendar: CalendarStore,
  organisationId: OrganisationId,
  eventId: CalendarEventId,
  ifMatch: number,
  call: Call,
): Promise<StoredEvent> {
  const found = await calendar.byId(organisationId, eventId, call);
  const [event] = found.events;
  // 404 for what the caller does not plan, also where they may see it: it is read by another address.
  if (!event || !mayPlan(found.sight, event.value.scope)) throw new Problem('event-not-found');
  if (event.version !== ifMatch) throw new Problem('stale-version');
  if (event.value.cancelled) throw new Problem('wrong-state', 'It was cancelled.');
  return event;
}

function editOf(
  before: StoredEvent,
  which: 'one' | 'following' | 'all',
  of: string | undefined,
  changes: EventChanges,
  call: Call,
): Omit<EventEdit, 'addFileIds' | 'removeFileIds'> {
  const { value } = before;
  if (which === 'all' || !recurs(value)) {
    const after = changedAll(value, changes, call.now);
    return { before, after, what: value.invitation ? 'changed' : 'invited', day: firstDayOf(after.when) };
  }
  const day = demandDay(of);
  if (which === 'one') {
    const after = changedOne(value, day, changes, call.now);
    return { before, after, what: 'changed', day: occurrenceOn(after, day)?.firstDay ?? day };
  }
  const { earlier, later } = changedFollowing(value, day, changes, call.newId('cal'), call.now);
  return { before, after: earlier, later, what: 'changed', day: firstDayOf(later.when) };
}

function demandOfSeries(body: { readonly which: string } & EventChanges, files: number): void {
  const belongsToSeries = body.which === 'one' && (body.rule !== undefined || body.invitation !== undefined);
  if (belongsToSeries || files > 0) throw malformed('body', 'which', 'Rule, invitation and files belong to `all`.');
}

function demandDay(of: string | undefined): string {
  if (of === undefined) throw malformed('body', 'of', 'Names the occurrence of a series.');
  return of;
}

function demandRange(from: string, to: string): void {
  if (to < from) throw malformed('query', 'to', 'The last day is before the first.');
  if (to > daysAfter(from, RANGE_DAYS_MAX - 1)) throw malformed('query', 'to', `At most ${RANGE_DAYS_MAX} days.`);
}

const malformed = (place: string, field: string, detail: string) =>
  new Problem('malformed-request', undefined, { errors: [{ pointer: pointer(place, field), detail }] });

function inOrder<T extends { readonly startsAt: string; readonly title: string }>(items: readonly T[]): T[] {
  if (items.length > OCCURRENCES_MAX) throw new Problem('too-many', `At most ${OCCURRENCES_MAX} occurrences.`);
  return [...items].sort(
    (one, other) => one.startsAt.localeCompare(other.startsAt) || one.title.localeCompare(other.title),
  );
}

function byName<T extends { readonly firstName: string; readonly lastName: string }>(people: readonly T[]): T[] {
  const inNorwegian = new Intl.Collator('nb');
  return [...people].sort(
    (one, other) =>
      inNorwegian.compare(one.firstName, other.firstName) || inNorwegian.compare(one.lastName, other.lastName),
  );
}
