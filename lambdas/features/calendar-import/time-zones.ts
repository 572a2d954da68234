import { OSLO } from '../icalendar/oslo.ts';

/**
 * What calendars call the zone of Oslo: its IANA aliases, and the names by which Windows and Outlook mean it (Unicode
 * CLDR, windowsZones.xml, where Oslo is `W. Europe Standard Time`; the others of Central Europe keep the same time).
 */
const namesOfOslo: ReadonlySet<string> = new Set(
  [
    OSLO,
    'Arctic/Longyearbyen',
    'Atlantic/Jan_Mayen',
    'Europe/Copenhagen',
    'Europe/Stockholm',
    'Europe/Berlin',
    'W. Europe Standard Time',
    'Romance Standard Time',
    'Central Europe Standard Time',
    'Central European Standard Time',
    '(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna',
    '(UTC+01:00) Brussels, Copenhagen, Madrid, Paris',
  ].map((name) => name.toLowerCase()),
);

/** The zone that a TZID means, `own` being the organisation's; undefined for one that we do not know. */
export function zoneOf(tzid: string, own: string): string | undefined {
  // `/mozilla.org/20050126_1/Europe/Oslo`: a zone of somebody's registry (RFC 5545, section 3.2.19).
  const name = (tzid.startsWith('/') ? tzid.split('/').slice(-2).join('/') : tzid).trim().toLowerCase();
  if (name === own.toLowerCase()) return own;
  return namesOfOslo.has(name) ? OSLO : undefined;
}
