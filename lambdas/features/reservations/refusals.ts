import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import { daysFrom } from './days.ts';
import { nextOpenDay, type OpeningDays } from './opening.ts';

/** What is wrong in one place of the request. */
export const malformed = (place: 'body' | 'query' | 'params', field: string, detail: string) =>
  new Problem('malformed-request', undefined, { errors: [{ pointer: pointer(place, field), detail }] });

/** Throws when the last day is before the first, or more than so many days are asked for. */
export function demandSpan(
  from: string,
  last: string,
  daysMax: number,
  [place, field]: ['body' | 'query', string],
): void {
  if (last < from) throw malformed(place, field, 'The last day is before the first.');
  if (daysFrom(from, last) >= daysMax) throw malformed(place, field, `At most ${daysMax} days.`);
}

/** Names the day, and the next one that a guardian may still change. */
export const behindCutOff = (day: string, opening: OpeningDays, timeZone: string, now: Date) =>
  new Problem('behind-cut-off', undefined, { day, nextOpenDay: nextOpenDay(opening, timeZone, now) });

export const dayClosed = (day: string) => new Problem('day-closed', undefined, { day });
