import type { Week, WeekDay, WeekEntry, WeekEvent } from '../../../lambdas/features/week/week.ts';
import { daysOfWeek } from '../../../lambdas/platform/calendar.ts';
import { anId } from '../../support/store.ts';

/** A week as it leaves the service, for what only shows it. */
export function aWeek(wanted: Partial<Week> & { readonly week?: string } = {}): Week {
  const week = wanted.week ?? '2026-W47';
  const days = daysOfWeek(week)!;
  return { week, from: days[0]!, to: days[6]!, publicHolidays: [], organisations: [], entries: [], ...wanted };
}

export function anEntry(
  wanted: Partial<WeekEntry> = {},
  dayOf: (day: string, number: number) => Partial<WeekDay> = () => ({}),
  week = '2026-W47',
): WeekEntry {
  const timeZone = wanted.timeZone ?? 'Europe/Oslo';
  return {
    organisationId: anId('org'),
    organisationName: 'Solbakken barnehage',
    timeZone,
    personId: anId('per'),
    firstName: 'Emil',
    lastName: 'Olstad',
    relation: 'child',
    days: daysOfWeek(week)!.map((day, number) => ({
      day,
      timeZone,
      state: 'unknown',
      stays: [],
      opening: 'open',
      events: [],
      ...dayOf(day, number),
    })),
    ...wanted,
  };
}

export const anEventOn = (day: string, wanted: Partial<WeekEvent> = {}): WeekEvent => ({
  eventId: anId('cal'),
  of: day,
  title: 'Svømming',
  allDay: false,
  from: `${day}T10:00`,
  until: `${day}T11:30`,
  timeZone: 'Europe/Oslo',
  bring: [],
  ...wanted,
});

const texts = [
  'Foreldremøte',
  'Tur til skogen med hele avdelingen, også når det regner',
  'Karneval',
  'Utviklingssamtale med pedagogisk leder og barnevernpedagog',
];

/** So many children in so many organisations, with so many events on each day of the week. */
export const aFullWeek = (children: number, organisations: number, eventsOfDay: number): Week =>
  aWeek({
    organisations: Array.from({ length: organisations }, (_, i) => ({
      organisationId: anId('org'),
      organisationName: `Kulturskolen i Lillevik kommune ${i + 1}`,
      messagesWaiting: i + 1,
    })),
    publicHolidays: [{ day: '2026-11-19', names: ['Kristi himmelfartsdag'] }],
    entries: Array.from({ length: children * organisations }, (_, i) =>
      anEntry(
        {
          firstName: `Barn ${Math.floor(i / organisations) + 1}`,
          lastName: 'Ødegård-Kristoffersen',
          organisationName: `Kulturskolen i Lillevik kommune ${(i % organisations) + 1}`,
          timeZone: i % organisations === 3 ? 'Europe/London' : 'Europe/Oslo',
        },
        (day, number) => ({
          home: 'with-me',
          expected: { from: '08:30', until: '15:30' },
          answerBefore: '2026-11-16T11:00:00.000Z',
          opening: number > 4 ? 'closed' : 'must-answer',
          closure: 'Planleggingsdager før jul',
          events: Array.from({ length: eventsOfDay }, (_, n) =>
            anEventOn(day, {
              title: texts[n % texts.length]!,
              place: 'Uteområdet bak hovedbygningen',
              bring: ['regntøy', 'matpakke', 'drikkeflaske'],
            }),
          ),
        }),
      ),
    ),
  });
