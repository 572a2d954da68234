import { dayIn, daysAfter, daysOfWeek, instantOf, weekOf } from '../../platform/calendar.ts';
import type { NoticeKind } from './notice.ts';
import { type EmailWish, type FurtherChannel, furtherChannels, type Wishes, weekdays } from './preferences.ts';

/** When and how a notice goes out. Instants are RFC 3339 in UTC, later than now. */
export interface Plan {
  readonly email:
    | { readonly do: 'now' }
    | { readonly do: 'wait'; readonly until: string }
    | { readonly do: 'digest'; readonly at: string }
    | { readonly do: 'not' };
  /** Where something is to ring as well; {@link furtherPlanOf} says when. */
  readonly further: readonly FurtherChannel[];
}

/**
 * What becomes of a notice at this moment, by its kind and its recipient's wishes. `sentToday` is how many mails were
 * counted on the recipient's own day ({@link recipientsDay}): urgent mails and digests are not. What would be worthless
 * by the time of its digest (`expiresAt`) comes with an earlier one, or by itself; but quiet hours and the day's number
 * hold also for what is over by their end, and it is then told no more. Pure.
 */
export function planOf(kind: NoticeKind, wishes: Wishes, sentToday: number, now: Date, expiresAt?: string): Plan {
  return { email: emailPlanOf(kind, wishes, sentToday, now, expiresAt), further: furtherOf(kind, wishes) };
}

/** The same for a text message or a push, which are neither gathered nor counted. Pure. */
export function furtherPlanOf(
  kind: NoticeKind,
  wishes: Wishes,
  channel: FurtherChannel,
  now: Date,
): Exclude<Plan['email'], { do: 'digest' }> {
  if (!furtherOf(kind, wishes).includes(channel)) return { do: 'not' };
  return kind.urgency === 'urgent' ? { do: 'now' } : whenNotQuiet(wishes, now);
}

/** The day that it is for the recipient: what a day's mails are counted by. */
export const recipientsDay = ({ timeZone }: Wishes, now: Date): string => dayIn(timeZone, now);

function emailPlanOf(
  kind: NoticeKind,
  wishes: Wishes,
  sentToday: number,
  now: Date,
  expiresAt?: string,
): Plan['email'] {
  const wish = kind.category === undefined ? 'at-once' : wishes.categories[kind.category].email;
  if (wish === 'off') return { do: 'not' };
  if (kind.urgency === 'urgent') return { do: 'now' };
  const at = digestFor(wish, wishes, now, expiresAt);
  if (at !== undefined) return { do: 'digest', at };
  const plan = whenNotQuiet(wishes, now);
  if (plan.do === 'wait' || sentToday < wishes.mailsPerDayMax) return plan;
  return { do: 'digest', at: nextDigest('daily', wishes, now) };
}

/** Undefined where it is wished at once, and where every digest would come too late. */
function digestFor(wish: EmailWish, wishes: Wishes, now: Date, expiresAt: string | undefined): string | undefined {
  const frequencies = wish === 'weekly' ? (['weekly', 'daily'] as const) : wish === 'daily' ? (['daily'] as const) : [];
  return frequencies
    .map((frequency) => nextDigest(frequency, wishes, now))
    .find((at) => expiresAt === undefined || at < expiresAt);
}

export function furtherOf(kind: NoticeKind, wishes: Wishes): FurtherChannel[] {
  const wish = kind.category === undefined ? wishes.necessary : wishes.categories[kind.category];
  return furtherChannels.filter((channel) => wish[channel] === 'at-once');
}

function whenNotQuiet(wishes: Wishes, now: Date): { do: 'now' } | { do: 'wait'; until: string } {
  const end = endOfQuiet(wishes, now);
  return end.getTime() === now.getTime() ? { do: 'now' } : { do: 'wait', until: end.toISOString() };
}

/** The next digest after now: at the hour wished, or when the quiet hours that it falls into are over. */
function nextDigest(frequency: 'daily' | 'weekly', wishes: Wishes, now: Date): string {
  const { timeZone, digest } = wishes;
  const hour = `${String(digest.hour).padStart(2, '0')}:00`;
  const today = dayIn(timeZone, now);
  for (let days = 0; days <= DAYS_OF_WEEK; days++) {
    const day = daysAfter(today, days);
    if (frequency === 'weekly' && weekdayOf(day) !== digest.weekday) continue;
    const at = instantOf(timeZone, day, hour);
    if (at > now) return endOfQuiet(wishes, at).toISOString();
  }
  throw new Error('A week without the weekday that it must have');
}
const DAYS_OF_WEEK = 7;

const weekdayOf = (day: string) => weekdays[daysOfWeek(weekOf(day))?.indexOf(day) ?? -1];

/** The first moment from `at` on that is not quiet: `at` itself, if it is not. */
function endOfQuiet({ quietHours, timeZone }: Wishes, at: Date): Date {
  if (!quietHours) return at;
  const { from, until } = quietHours;
  let end = at;
  // Where a clock is put forward, one day's quiet hours can end inside the next one's.
  for (let night = 0; night < NIGHTS_MAX; night++) {
    const today = dayIn(timeZone, end);
    const over = [daysAfter(today, -1), today]
      .map((day) => ({
        begins: instantOf(timeZone, day, from),
        ends: instantOf(timeZone, from < until ? day : daysAfter(day, 1), until),
      }))
      .find(({ begins, ends }) => begins <= end && end < ends);
    if (!over) return end;
    end = over.ends;
  }
  return end;
}
const NIGHTS_MAX = 3;
