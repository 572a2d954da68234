import { createHash } from 'node:crypto';
import type { AccountCaller, Call, Language, OwnPerson } from '../../http/call.ts';
import type { RichContent } from '../../http/content.ts';
import type { AccountId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import type { Known } from '../week/known.ts';
import { calendarAt, daysToldAround } from './calendar.ts';
import { type CalendarFeed, type calendarFeedEntity, FEEDS_MAX, hashOf, ICALENDAR, newFeed } from './feed.ts';
import type { calendarFeedRoutes } from './routes.ts';

/** What an address leads to. */
export interface OpenedFeed {
  readonly accountId: AccountId;
  readonly language: Language;
  readonly feed: Stored<typeof calendarFeedEntity>;
  readonly own: readonly OwnPerson[];
}

export interface CalendarFeedStore {
  /** One wave. */
  list(accountId: AccountId, call: Call): Promise<CalendarFeed[]>;
  add(accountId: AccountId, feed: CalendarFeed, call: Call): Promise<void>;
  /** Throws `calendar-feed-not-found`. */
  remove(accountId: AccountId, id: CalendarFeed['id'], call: Call): Promise<void>;
  /** Two waves; undefined where the address leads nowhere (any more), or its account is gone. */
  open(hash: string, call: Call): Promise<OpenedFeed | undefined>;
  /** Two waves: what the week is made of, for other days. */
  known(own: readonly OwnPerson[], days: readonly string[], call: Call): Promise<Known>;
  /** Writes down that the address was read today, once a day. False when the account was closed meanwhile. */
  noteRead(opened: OpenedFeed, call: Call): Promise<boolean>;
}

export const calendarFeedHandlers = (
  feeds: CalendarFeedStore,
  publicUrl: string,
): HandlersFor<typeof calendarFeedRoutes, Call> => ({
  async createCalendarFeed({ body }, call) {
    const { accountId } = accountOf(call);
    const held = await feeds.list(accountId, call);
    if (held.length >= FEEDS_MAX) throw new Problem('too-many', `At most ${FEEDS_MAX} addresses at a time.`);
    const { feed, file } = newFeed({ id: call.newId('fed'), ...body }, call.now);
    await feeds.add(accountId, feed, call);
    return { ...viewOf(feed), address: `${publicUrl}/calendar/${file}` };
  },

  async listCalendarFeeds(_, call) {
    return { items: (await feeds.list(accountOf(call).accountId, call)).map(viewOf) };
  },

  async deleteCalendarFeed({ params: { feedId } }, call) {
    await feeds.remove(accountOf(call).accountId, feedId, call);
  },

  async readCalendarFeed({ params: { file } }, call): Promise<RichContent> {
    const opened = await feeds.open(hashOf(file), call);
    if (!opened) throw new Problem('calendar-feed-not-found');
    const days = daysToldAround(call.now);
    const known = await feeds.known(opened.own, days, call);
    // Before the calendar leaves, as every record of a read (SM-05).
    if (!(await feeds.noteRead(opened, call))) throw new Problem('calendar-feed-not-found');
    const content = calendarAt(opened.feed.value, known, { now: call.now, language: opened.language, days });
    return { contentType: ICALENDAR, content, version: digestOf(content) };
  },
});

function viewOf({ hash: _, ...shown }: CalendarFeed) {
  return shown;
}

/** 48 bits of SHA-256, as the whole number that an `ETag` is made of: the same for the same text, and for no other. */
const digestOf = (text: string): number =>
  1 + Number.parseInt(createHash('sha256').update(text).digest('hex').slice(0, 12), 16);

/** The chain lets nobody without an account reach a route for accounts. */
function accountOf(call: Call): AccountCaller {
  if (!call.account) throw new Error('A route for accounts without an account');
  return call.account;
}
