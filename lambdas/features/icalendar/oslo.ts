export const OSLO = 'Europe/Oslo';

/**
 * The zone as iCalendar says it (RFC 5545, section 3.6.5), from `@touch4it/ical-timezones`, whose files no bundle holds:
 * a test compares. Without its TZURL, which would only have calendar apps tell a stranger.
 */
export const osloTimeZone: readonly string[] = [
  'BEGIN:VTIMEZONE',
  `TZID:${OSLO}`,
  `X-LIC-LOCATION:${OSLO}`,
  'BEGIN:DAYLIGHT',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'TZNAME:CEST',
  'DTSTART:19700329T020000',
  'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
  'END:DAYLIGHT',
  'BEGIN:STANDARD',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'TZNAME:CET',
  'DTSTART:19701025T030000',
  'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
  'END:STANDARD',
  'END:VTIMEZONE',
];
