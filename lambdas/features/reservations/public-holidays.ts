import type { Language } from '../../http/call.ts';
import { holidayNames, holidaysByYear } from './public-holidays-table.ts';

/** The Norwegian public holidays of a day (`YYYY-MM-DD`), by name; two may fall together. None is known beyond the table. */
export function publicHolidaysOn(day: string, language: Language): string[] {
  const [year, date] = [day.slice(0, 4), day.slice(5)];
  const days = holidaysByYear[year]?.split(' ') ?? [];
  return days.flatMap((one, i) => (one === date ? [holidayNames[i]![language]] : []));
}

export const isPublicHoliday = (day: string): boolean => publicHolidaysOn(day, 'nb').length > 0;
