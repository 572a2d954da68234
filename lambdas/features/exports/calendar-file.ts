import type { Language } from '../../http/call.ts';
import { instantOf } from '../../platform/calendar.ts';
import type { AttendanceDay } from '../attendance/attendance-day.ts';
import { calendarText, type EventText } from '../icalendar/calendar.ts';

const words = {
  nb: { present: 'Til stede', expected: 'Ventet', absent: 'Fravær' },
  en: { present: 'Present', expected: 'Expected', absent: 'Absent' },
} as const;

/**
 * Attendance as a calendar (RFC 5545). Instants stand in UTC, which every calendar shows in its own zone; absences are
 * whole days and take up no time.
 */
export function calendarOf(
  days: readonly AttendanceDay[],
  { at, timeZone, language, subject }: { at: Date; timeZone: string; language: Language; subject: string },
): string {
  const say = words[language];
  const event = (id: string, said: Omit<EventText, 'uid' | 'revisedAt'>): EventText => ({
    uid: `${subject}-${id}`,
    revisedAt: at,
    ...said,
  });
  const instants = (from: Date, until: Date | undefined) => ({ instants: { from, ...(until && { until }) } });
  const events = days.flatMap(({ day, stays, expected, absence }) => {
    const at = (time: string) => instantOf(timeZone, day, time);
    return [
      ...(expected
        ? [
            event(`${day}-expected`, {
              summary: say.expected,
              when: instants(at(expected.from), expected.until === undefined ? undefined : at(expected.until)),
            }),
          ]
        : []),
      ...(absence
        ? [
            event(`${day}-absent`, {
              summary: say.absent,
              when: { days: { from: day, until: day } },
              isTransparent: true,
            }),
          ]
        : []),
      ...stays.map(({ id, checkedInAt, checkedOutAt }) =>
        event(`${day}-${id}`, {
          summary: say.present,
          when: instants(new Date(checkedInAt), checkedOutAt === undefined ? undefined : new Date(checkedOutAt)),
        }),
      ),
    ];
  });
  return calendarText({ product: 'Export 1', events });
}
