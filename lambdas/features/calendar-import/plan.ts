import { createHash } from 'node:crypto';
import * as z from 'zod';
import { CalendarEventId, DepartmentId, GroupId, type OrganisationId } from '../../http/ids.ts';
import { canonicalJson } from '../../http/strict-json.ts';
import { CalendarEvent, EventTimes } from '../calendar/event.ts';
import type { StoredEvent } from '../calendar/writes.ts';
import { CALENDAR_CHARACTERS_MAX, type Dropped, EVENTS_MAX, readCalendar } from './read-calendar.ts';
import { eventOf, type ReadEvent, Refused, readEvent, refusals } from './read-event.ts';

/** For all, a department or a group; nobody's own calendar is taken in by another. */
const ImportScope = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('organisation') }),
    z.strictObject({ kind: z.literal('department'), id: DepartmentId }),
    z.strictObject({ kind: z.literal('group'), id: GroupId }),
  ])
  .meta({ id: 'CalendarImportScope' });
export type ImportScope = z.output<typeof ImportScope>;

export const CalendarFile = z
  .strictObject({
    calendar: z.string().max(CALENDAR_CHARACTERS_MAX).meta({ description: 'The text of an `.ics` file (RFC 5545).' }),
    scope: ImportScope,
  })
  .meta({ id: 'CalendarFile' });

const Refusal = z.strictObject({
  index: z.int().min(0).meta({ description: 'Its place among the events of the file, from 0.' }),
  reason: z.enum(refusals),
  detail: z.string(),
});
export type Refusal = z.output<typeof Refusal>;

const count = z.int().min(0);
export const CalendarImportResult = z
  .strictObject({
    created: count,
    changed: count,
    unchanged: count,
    /** Cancelled, or somebody's own (CLASS). */
    leftOut: count,
    dropped: z.strictObject({ attendees: count, organizers: count, alarms: count, attachments: count, others: count }),
    refused: z.array(Refusal).max(EVENTS_MAX),
    events: z
      .array(
        z.strictObject({
          id: CalendarEventId,
          title: CalendarEvent.shape.title,
          when: EventTimes,
          rule: CalendarEvent.shape.rule,
          becomes: z.enum(['created', 'changed', 'unchanged']),
        }),
      )
      .max(EVENTS_MAX),
  })
  .meta({ id: 'CalendarImportResult' });
export type CalendarImportResult = z.output<typeof CalendarImportResult>;

export interface ReadFile {
  readonly events: readonly CalendarEvent[];
  readonly leftOut: number;
  readonly dropped: Dropped;
  readonly refused: readonly Refusal[];
}

/** What a file holds, in our terms; undefined reasons never quote it. Pure, and bounded whatever the text is. */
export function readFile(
  calendar: string,
  {
    organisationId,
    scope,
    timeZone,
    now,
  }: { organisationId: OrganisationId; scope: ImportScope; timeZone: string; now: Date },
): ReadFile | { readonly unreadable: string } {
  const read = readCalendar(calendar);
  if (read.outcome === 'unreadable') return { unreadable: read.reason };
  const refused: Refusal[] = [];
  const understood: ReadEvent[] = [];
  for (const lines of read.events) {
    refusing(refused, lines.index, () => understood.push(readEvent(lines, timeZone)));
  }
  const events: CalendarEvent[] = [];
  let leftOut = 0;
  for (const same of Map.groupBy(understood, ({ uid }) => uid).values()) {
    const { index, uid } = same[0]!;
    refusing(refused, index, () => {
      const event = eventOf(same, { id: idOf(organisationId, scope, uid), scope }, now);
      if (event) events.push(event);
      else leftOut++;
    });
  }
  return { events, leftOut, dropped: read.dropped, refused: refused.sort((one, other) => one.index - other.index) };
}

function refusing(refused: Refusal[], index: number, read: () => void): void {
  try {
    read();
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    refused.push({ index, reason: thrown.reason, detail: thrown.message });
  }
}

/**
 * The same event of the same file for the same scope has the same id, so that taking a file in twice changes nothing and
 * nobody has to keep its UID: 128 bits of its digest, spelled as all ids are.
 */
function idOf(organisationId: OrganisationId, scope: ImportScope, uid: string): CalendarEventId {
  const place = scope.kind === 'organisation' ? scope.kind : scope.id;
  const digest = createHash('sha256').update(`${organisationId} ${place} ${uid}`).digest('hex').slice(0, 32);
  let rest = BigInt(`0x${digest}`);
  let id = '';
  for (let i = 0; i < ULID_CHARACTERS; i++) {
    id = CROCKFORD[Number(rest % 32n)]! + id;
    rest /= 32n;
  }
  return CalendarEventId.parse(`cal_${id}`);
}
const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
const ULID_CHARACTERS = 26;

export interface Plan {
  readonly created: readonly CalendarEvent[];
  readonly changed: readonly { readonly before: StoredEvent; readonly after: CalendarEvent }[];
  readonly unchanged: readonly CalendarEvent[];
}

/** What taking them in would do to what is held. What only we know of an event (its files, who is invited) stays. Pure. */
export function planOf(events: readonly CalendarEvent[], held: readonly (StoredEvent | undefined)[], now: Date): Plan {
  const pairs = events.map((event, i) => ({ event, before: held[i] }));
  const replaced = pairs.flatMap(({ event, before }) =>
    before ? [{ before, after: renewed(before.value, event, now) }] : [],
  );
  return {
    created: pairs.filter(({ before }) => !before).map(({ event }) => event),
    changed: replaced.filter(({ before, after }) => !isSame(before.value, after)),
    unchanged: replaced.filter(({ before, after }) => isSame(before.value, after)).map(({ before }) => before.value),
  };
}

function renewed(
  before: CalendarEvent,
  { title, description, place, when, rule, timeZone, exceptions, overrides }: CalendarEvent,
  now: Date,
): CalendarEvent {
  const { description: _, place: __, rule: ___, ...kept } = before;
  return {
    ...kept,
    ...(description !== undefined && { description }),
    ...(place !== undefined && { place }),
    ...(rule !== undefined && { rule }),
    ...{ title, when, timeZone, exceptions, overrides },
    sequence: before.sequence + 1,
    updatedAt: now.toISOString(),
  };
}

const isSame = (before: CalendarEvent, after: CalendarEvent): boolean => {
  const { sequence, updatedAt } = before;
  return canonicalJson(defined(before)) === canonicalJson(defined({ ...after, sequence, updatedAt }));
};
/** JSON knows no undefined. */
const defined = (event: CalendarEvent): unknown => JSON.parse(JSON.stringify(event));

export function resultOf({ leftOut, dropped, refused }: Omit<ReadFile, 'events'>, plan: Plan): CalendarImportResult {
  const shown = (becomes: CalendarImportResult['events'][number]['becomes']) => (event: CalendarEvent) => {
    const { id, title, when, rule } = event;
    return { id, title, when, ...(rule !== undefined && { rule }), becomes };
  };
  return {
    created: plan.created.length,
    changed: plan.changed.length,
    unchanged: plan.unchanged.length,
    leftOut,
    dropped,
    refused: [...refused],
    events: [
      ...plan.created.map(shown('created')),
      ...plan.changed.map(({ after }) => shown('changed')(after)),
      ...plan.unchanged.map(shown('unchanged')),
    ],
  };
}
