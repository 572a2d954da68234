import * as z from 'zod';
import { Instant } from '../attendance/attendance-day.ts';
import { endOf, type LogEntry } from './entry.ts';

const count = z.int().min(0);

/** What a day came to, in numbers: nothing of what anybody wrote. */
export const LogCounts = z.strictObject({
  sleeps: count,
  minutesAsleep: count.meta({ description: 'So far, for a child that sleeps.' }),
  asleepSince: Instant.optional(),
  meals: count,
  nappies: count,
  notes: count,
  health: count.meta({ description: 'Medicine, incidents and notes on health.' }),
});
export type LogCounts = z.output<typeof LogCounts>;

/** A sleep that nobody ended counts until now, and never beyond its day. Pure. */
export function countsOf(entries: readonly LogEntry[], timeZone: string, now: Date): LogCounts {
  const standing = entries.filter(({ removed }) => removed === undefined);
  const contents = standing.map(({ content }) => content);
  const of = (kind: string) => contents.filter((content) => content.kind === kind).length;
  const sleeps = standing.flatMap(({ content, day }) => (content.kind === 'sleep' ? [{ ...content, day }] : []));
  const minutes = sleeps.map(({ at, until, day }) => {
    const end = until === undefined ? Math.min(now.getTime(), endOf(timeZone, day).getTime()) : Date.parse(until);
    return Math.max(0, Math.round((end - Date.parse(at)) / 60_000));
  });
  const open = sleeps.find(({ until, day }) => until === undefined && now < endOf(timeZone, day));
  return {
    sleeps: sleeps.length,
    minutesAsleep: minutes.reduce((sum, each) => sum + each, 0),
    ...(open && { asleepSince: open.at }),
    meals: of('meal'),
    nappies: of('nappy'),
    notes: of('note'),
    health: of('medicine') + of('incident') + of('health-note'),
  };
}
