import {
  type AttendanceDay,
  attendanceDayRef,
  attendancePointers,
  isAwaited,
} from '../../lambdas/features/attendance/attendance-day.ts';
import { pointersOf } from '../../lambdas/features/calendar/calendar-index.ts';
import { type CalendarEvent, type EventScope, eventRefOf } from '../../lambdas/features/calendar/event.ts';
import { type LogEntry, logEntryRef } from '../../lambdas/features/child-log/entry.ts';
import { type Group, organisationOwner } from '../../lambdas/features/organisations/organisation.ts';
import { ownerOf, type PersonRecord } from '../../lambdas/features/people/person.ts';
import { type Closure, closureRef } from '../../lambdas/features/reservations/closure.ts';
import { isPublicHoliday } from '../../lambdas/features/reservations/public-holidays.ts';
import type { OrganisationId } from '../../lambdas/http/ids.ts';
import { daysAfter, instantOf } from '../../lambdas/platform/calendar.ts';
import type { Chance } from './chance.ts';
import { aDay, openDays, ZONE } from './days.ts';
import type { Town } from './town.ts';
import type { Piece, Work } from './writer.ts';

/** The log is written for the small ones, and for so many of the days that are over. */
const LOG_AGE_DAYS_MAX = 1100;
const LOG_DAYS = 40;

export interface Setting {
  readonly organisationId: OrganisationId;
  readonly today: string;
}

/** Summer, Christmas, planning days: of the last year and the next weeks. Pure. */
export function closuresOf({ today }: Setting, chance: Chance): Closure[] {
  const madeAt = Date.parse(`${today}T06:00:00Z`);
  const year = Number(today.slice(0, 4));
  const closure = (title: string, kind: Closure['kind'], from: string, until: string): Closure => ({
    id: chance.id('clo', madeAt),
    title,
    kind,
    from,
    until,
    ...(kind === 'must-answer' && { answerBefore: { day: daysAfter(from, -14), at: '12:00' } }),
  });
  return [
    closure('Sommerstengt', 'closed', `${year}-07-13`, `${year}-07-31`),
    closure('Planleggingsdag', 'closed', `${year}-01-05`, `${year}-01-05`),
    closure('Planleggingsdag', 'closed', `${year}-08-14`, `${year}-08-14`),
    closure('Høstferie', 'reduced-staff', `${year}-10-05`, `${year}-10-09`),
    closure('Romjul', 'must-answer', `${year}-12-28`, `${year}-12-30`),
  ];
}

export function closureWork({ organisationId }: Setting, closures: readonly Closure[]): Work {
  return {
    subject: organisationOwner(organisationId),
    event: 'closure.added',
    pieces: closures.map((closure) => ({
      rows: 1,
      write: (change) => void change.put(closureRef(organisationId, closure), closure, 'new'),
    })),
  };
}

/** A year of days of every child, and what its guardians have planned. */
export function attendanceWork(
  { organisationId, today }: Setting,
  { families, staff }: Town,
  closures: readonly Closure[],
  chance: Chance,
): Work[] {
  const closed = closures.filter(({ kind }) => kind === 'closed');
  const isClosed = (day: string) =>
    isPublicHoliday(day) || closed.some(({ from, until }) => from <= day && day <= until);
  const days = openDays(today, isClosed);
  return families.flatMap(({ children, guardians }) =>
    children.map(({ id, placements }): Work => {
      const staffId = staff.find((one) => one.placements[0]?.groupId === placements[0]?.groupId)!.id;
      return {
        subject: ownerOf(organisationId, id),
        event: 'attendance.carried-all',
        pieces: days.map((day) =>
          attendancePiece(organisationId, id, aDay({ day, today, guardianId: guardians[0]!.id, staffId }, chance)),
        ),
      };
    }),
  );
}

function attendancePiece(organisationId: OrganisationId, childId: PersonRecord['id'], value: AttendanceDay): Piece {
  const { day } = value;
  const isOpen = value.stays.some(({ checkedOutAt }) => checkedOutAt === undefined);
  return {
    rows: 1 + Number(isOpen) + Number(isAwaited(value)),
    write(change) {
      change.put(attendanceDayRef(organisationId, childId, day), value, 'new');
      if (isOpen) change.point({ ...attendancePointers.open(organisationId, childId), attributes: { day } });
      if (!isAwaited(value)) return;
      const [hours = 0, minutes = 0] = value.expected!.from.split(':').map(Number);
      const expectedAtEpochSeconds = Math.floor(instantOf(ZONE, day).getTime() / 1000) + hours * 3600 + minutes * 60;
      change.point({
        ...attendancePointers.expected(organisationId, day, childId),
        attributes: { expectedAtEpochSeconds },
      });
    },
  };
}

/** Sleep, meals and notes of the small ones: codes and a few words. */
export function logWork({ organisationId, today }: Setting, { families, staff }: Town, chance: Chance): Work[] {
  const small = families.flatMap(({ children }) =>
    children.filter(({ birthDate = '' }) => birthDate > daysAfter(today, -LOG_AGE_DAYS_MAX)),
  );
  const days = Array.from({ length: LOG_DAYS }, (_, i) => daysAfter(today, -i)).filter(
    (day) => ![0, 6].includes(new Date(`${day}T12:00:00Z`).getUTCDay()),
  );
  return small.map(({ id, placements }): Work => {
    const by = staff.find((one) => one.placements[0]?.groupId === placements[0]?.groupId)!.id;
    return {
      subject: ownerOf(organisationId, id),
      event: 'child-log.written',
      pieces: days.flatMap((day) =>
        entriesOf(day, by, chance).map(
          (entry): Piece => ({
            rows: 1,
            write: (change) => void change.put(logEntryRef(organisationId, id, day, entry.id), entry as never, 'new'),
          }),
        ),
      ),
    };
  });
}

const notes = [
  'Lekte lenge ute i sanda.',
  'Var med på tur til skogen.',
  'Sang på samlingsstund.',
  'Bygde et høyt tårn.',
];

function entriesOf(day: string, by: PersonRecord['id'], chance: Chance): LogEntry[] {
  const at = (minutes: number) => new Date(instantOf(ZONE, day).getTime() + minutes * 60_000).toISOString();
  const entry = (content: LogEntry['content']): LogEntry => ({
    id: chance.id('lge', Date.parse(content.at)),
    day,
    content,
    visibleTo: 'guardians',
    by,
    createdAt: content.at,
    corrections: [],
  });
  const slept = 11 * 60 + chance.whole(0, 60);
  const eaten = chance.of(['all', 'most', 'some'] as const);
  return [
    entry({ kind: 'sleep', at: at(slept), until: at(slept + chance.whole(40, 130)) }),
    entry({ kind: 'meal', at: at(11 * 60), meal: 'lunch', eaten }),
    ...(chance.percent(15) ? [entry({ kind: 'note', at: at(14 * 60), text: chance.of(notes) })] : []),
  ];
}

/** Of the whole house and of each group, single and recurring. */
export function eventWork({ organisationId, today }: Setting, groups: readonly Group[], chance: Chance): Work[] {
  const now = Date.parse(`${today}T06:00:00Z`);
  const at = new Date(now).toISOString();
  const event = (
    scope: EventScope,
    more: Pick<CalendarEvent, 'title' | 'when'> & Partial<CalendarEvent>,
  ): CalendarEvent => ({
    id: chance.id('cal', now),
    scope,
    timeZone: ZONE,
    bring: [],
    exceptions: [],
    overrides: [],
    files: [],
    sequence: 0,
    createdAt: at,
    updatedAt: at,
    ...more,
  });
  const house: EventScope = { kind: 'organisation' };
  const timed = (day: string, from: string, until: string) =>
    ({ kind: 'timed', from: `${day}T${from}`, until: `${day}T${until}` }) as const;
  const ofHouse = Array.from({ length: 12 }, (_, month) => {
    const day = daysAfter(today, month * 30 - 330 + chance.whole(0, 10));
    const title = chance.of(['Foreldremøte', 'Dugnad', 'Lucia-feiring', 'Barnehagens dag', 'Foreldrekaffe']);
    return event(house, { title, when: timed(day, '17:00', '19:00'), place: 'Fellesrommet' });
  });
  const ofGroups = groups.flatMap(({ id }) => {
    const scope: EventScope = { kind: 'group', id };
    const monday = mondayOf(daysAfter(today, -357));
    const trip = event(scope, {
      title: 'Turdag',
      when: timed(daysAfter(monday, chance.whole(0, 4)), '09:30', '13:30'),
      rule: 'FREQ=WEEKLY',
      bring: ['Sekk med matpakke', 'Regntøy'],
    });
    const single = Array.from({ length: 8 }, (_, i) =>
      event(scope, {
        title: chance.of(['Svømming', 'Biblioteket', 'Teaterbesøk', 'Bålkos', 'Leketøydag']),
        when: timed(daysAfter(today, i * 45 - 330 + chance.whole(0, 20)), '10:00', '12:00'),
      }),
    );
    const soon = event(scope, {
      title: 'Nissefest',
      when: { kind: 'all-day', from: daysAfter(today, 4), until: daysAfter(today, 4) },
      bring: ['Nisselue'],
      invitation: { asks: 'guardians', answersCloseDaysBefore: 1 },
    });
    return [trip, ...single, soon];
  });
  return [
    {
      subject: organisationOwner(organisationId),
      event: 'organisation.changed',
      pieces: [...ofHouse, ...ofGroups].map((one): Piece => {
        const pointers = pointersOf(organisationId, one);
        return {
          rows: 1 + pointers.length,
          write(change) {
            change.put(eventRefOf(organisationId, one.scope, one.id), one, 'new');
            for (const pointer of pointers) change.point(pointer);
          },
        };
      }),
    },
  ];
}

const mondayOf = (day: string) => daysAfter(day, -((new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7));
