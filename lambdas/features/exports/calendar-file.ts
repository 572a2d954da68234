import type { Language } from '../../http/call.ts';
import { daysAfter, instantOf } from '../../platform/calendar.ts';
import type { AttendanceDay } from '../attendance/attendance-day.ts';
import { contentLines, escaped } from './content-lines.ts';

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
  const stamp = `DTSTAMP:${utc(at)}`;
  const event = (id: string, summary: string, lines: readonly string[]) => [
    'BEGIN:VEVENT',
    `UID:${subject}-${id}@vern`,
    stamp,
    ...lines,
    `SUMMARY:${escaped(summary)}`,
    'END:VEVENT',
  ];
  const events = days.flatMap(({ day, stays, expected, absence }) => [
    ...(expected
      ? event(`${day}-expected`, say.expected, [
          `DTSTART:${utc(instantOf(timeZone, day, expected.from))}`,
          ...(expected.until !== undefined ? [`DTEND:${utc(instantOf(timeZone, day, expected.until))}`] : []),
        ])
      : []),
    ...(absence
      ? event(`${day}-absent`, say.absent, [
          `DTSTART;VALUE=DATE:${basic(day)}`,
          `DTEND;VALUE=DATE:${basic(daysAfter(day, 1))}`,
          'TRANSP:TRANSPARENT',
        ])
      : []),
    ...stays.flatMap(({ id, checkedInAt, checkedOutAt }) =>
      event(`${day}-${id}`, say.present, [
        `DTSTART:${utc(new Date(checkedInAt))}`,
        ...(checkedOutAt !== undefined ? [`DTEND:${utc(new Date(checkedOutAt))}`] : []),
      ]),
    ),
  ]);
  return contentLines(['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Vern//Export 1//EN', ...events, 'END:VCALENDAR']);
}

/** `20261123T071200Z`. */
const utc = (at: Date) => `${at.toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length).replace(/[-:]/g, '')}Z`;
const basic = (day: string) => day.replaceAll('-', '');
