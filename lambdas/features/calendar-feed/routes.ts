import * as z from 'zod';
import { CalendarFeedId } from '../../http/ids.ts';
import { account, accountWithFreshProof, anyone, type Routes } from '../../http/route.ts';
import { changingRecords } from '../../platform/capabilities.ts';
import { CalendarFeed, FEEDS_MAX, FeedFile, ICALENDAR } from './feed.ts';

const { hash: _, ...shown } = CalendarFeed.shape;
export const CalendarFeedView = z.strictObject(shown).meta({ id: 'CalendarFeed' });

export const calendarFeedRoutes = {
  createCalendarFeed: {
    summary: 'Make an address at which a calendar app reads my calendar',
    description:
      'The address is shown this once; we keep its digest alone. Whoever has it reads the calendar at its level, until ' +
      `you take it back, or for a year. At most ${FEEDS_MAX} at a time. Not repeatable by an \`Idempotency-Key\`: ` +
      'the stored answer would hold the address. If an answer was lost, delete that feed and make another.',
    tag: 'Calendar',
    method: 'POST',
    path: '/v1/me/calendar-feeds',
    // Whoever finds a phone open for a minute must not take a year of a family's calendar with them.
    access: accountWithFreshProof,
    body: z
      .strictObject({ name: CalendarFeed.shape.name, level: CalendarFeed.shape.level })
      .meta({ id: 'NewCalendarFeed' }),
    success: {
      status: 201,
      body: CalendarFeedView.extend({
        address: z.url().meta({ description: 'Shown this once.' }),
      }).meta({ id: 'CalendarFeedWithAddress' }),
    },
    problems: ['too-many'],
    needs: changingRecords,
  },
  listCalendarFeeds: {
    summary: 'List the addresses at which calendar apps read my calendar',
    tag: 'Calendar',
    method: 'GET',
    path: '/v1/me/calendar-feeds',
    access: account,
    success: {
      status: 200,
      body: z.strictObject({ items: z.array(CalendarFeedView).max(FEEDS_MAX) }).meta({ id: 'CalendarFeeds' }),
    },
    problems: [],
    needs: changingRecords,
  },
  deleteCalendarFeed: {
    summary: 'Take an address of my calendar back',
    description: 'From then on it answers 404. What a calendar app has read already, it may keep: delete it there too.',
    tag: 'Calendar',
    method: 'DELETE',
    path: '/v1/me/calendar-feeds/{feedId}',
    access: account,
    params: z.strictObject({ feedId: CalendarFeedId }),
    success: { status: 204 },
    problems: ['calendar-feed-not-found'],
    needs: changingRecords,
  },
  readCalendarFeed: {
    summary: 'Read a calendar at its private address',
    description:
      'iCalendar (RFC 5545): what the account sees of its children and of its own, in all its organisations, from the ' +
      'beginning of last month to eight months ahead. No attendees, no e-mail addresses. At `initials` no name of a child; ' +
      'at `busy`, and of people at a protected address, only when. With an `ETag`; send it in `If-None-Match`.',
    tag: 'Calendar',
    method: 'GET',
    path: '/calendar/{file}',
    access: anyone,
    params: z.strictObject({ file: FeedFile }),
    success: { status: 200, content: [ICALENDAR] },
    problems: ['calendar-feed-not-found'],
    // It writes down, once a day, that it was read.
    needs: changingRecords,
    // Apps look every few hours; whoever guesses at addresses finds none at this pace.
    limit: { perSecond: 50, burst: 100 },
    // The answer is `no-store` like all others (FW-17): Google, Apple and Outlook keep what they read by themselves and
    // ask by the `ETag`, which is theirs to keep, and not by a cache's rules.
    versioned: true,
  },
} as const satisfies Routes;
