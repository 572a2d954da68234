import type { Language } from '../../http/call.ts';
import { timeOfDayIn } from '../../platform/calendar.ts';

const locale = { nb: 'nb-NO', en: 'en-GB' } as const;

/** The time of day in the zone, as the language writes it: `08.12` and `08:12`. */
export function timeOfDay(instant: string, timeZone: string, language: Language): string {
  const time = timeOfDayIn(timeZone, new Date(instant));
  return language === 'nb' ? time.replace(':', '.') : time;
}

/** Day and time in the zone: `28. november 2026 klokken 20.10` and `28 November 2026 at 20:10`. */
export function dayAndTime(instant: string, timeZone: string, language: Language): string {
  const day = new Intl.DateTimeFormat(locale[language], { timeZone, dateStyle: 'long' }).format(new Date(instant));
  return `${day} ${language === 'nb' ? 'klokken' : 'at'} ${timeOfDay(instant, timeZone, language)}`;
}
