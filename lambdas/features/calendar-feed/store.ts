import { AccountId, CalendarFeedId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn } from '../../platform/calendar.ts';
import { Closed, StaleVersion } from '../../platform/records.ts';
import { ownPersonsOf } from '../access/own-persons.ts';
import { accountOwner, accountRef } from '../accounts/account.ts';
import { OSLO } from '../icalendar/oslo.ts';
import { weekStore } from '../week/store.ts';
import { calendarFeedEntity, calendarFeedRef, expiryOf, FEEDS_MAX, feedPointers } from './feed.ts';
import type { CalendarFeedStore } from './handlers.ts';

const notFound = () => new Problem('calendar-feed-not-found');

export const calendarFeedStore: CalendarFeedStore = {
  async list(accountId, { records }) {
    const { items } = await records.list(calendarFeedEntity, accountOwner(accountId), { limit: FEEDS_MAX });
    return items.map(({ value }) => value);
  },

  async add(accountId, feed, { records }) {
    const expiresAtEpochSeconds = expiryOf(feed);
    await records
      .change()
      .put(calendarFeedRef(accountId, feed.id), feed, 'new', { expiresAtEpochSeconds })
      .point({
        ...feedPointers.address(feed.hash),
        attributes: { purpose: 'calendar-feed', accountId, feedId: feed.id },
        expiresAtEpochSeconds,
      })
      .point({ ...feedPointers.ofAccount(accountId, feed.hash), expiresAtEpochSeconds })
      .activity({
        event: 'calendar-feed.created',
        subject: accountOwner(accountId),
        about: [feed.id],
        detail: { level: feed.level },
      })
      .commit();
  },

  async remove(accountId, id, { records }) {
    const stored = await records.get(calendarFeedRef(accountId, id));
    if (!stored) throw notFound();
    await records
      .change()
      .unpoint(feedPointers.address(stored.value.hash), { ifPresent: notFound })
      .unpoint(feedPointers.ofAccount(accountId, stored.value.hash))
      .remove(stored.ref, { version: stored.version })
      .activity({ event: 'calendar-feed.deleted', subject: accountOwner(accountId), about: [id] })
      .commit();
  },

  async open(hash, { records }) {
    const [pointer] = await records.pointersAt([feedPointers.address(hash)]);
    const accountId = AccountId.safeParse(pointer?.attributes?.['accountId']).data;
    const feedId = CalendarFeedId.safeParse(pointer?.attributes?.['feedId']).data;
    if (!accountId || !feedId) return undefined;
    const [[account, feed], own] = await Promise.all([
      records.together([accountRef(accountId), calendarFeedRef(accountId, feedId)]),
      ownPersonsOf(accountId, records),
    ]);
    if (!account || !feed) return undefined;
    return { accountId, language: account.value.language, feed, own };
  },

  known: (own, days, call) => weekStore.known(own, days, call),

  async noteRead({ accountId, feed }, { records, now }) {
    const lastFetchedOn = dayIn(OSLO, now);
    if (feed.value.lastFetchedOn === lastFetchedOn) return true;
    try {
      await records
        .change()
        .put(
          feed.ref,
          { ...feed.value, lastFetchedOn },
          { version: feed.version },
          { expiresAtEpochSeconds: expiryOf(feed.value) },
        )
        .activity({ event: 'calendar-feed.read', subject: accountOwner(accountId), about: [feed.value.id] })
        .commit();
    } catch (error) {
      if (error instanceof Closed) return false;
      if (!(error instanceof StaleVersion)) throw error;
      // Another app reads at the same moment and has written it down, or the address has just been taken back.
      return (await records.get(feed.ref)) !== undefined;
    }
    return true;
  },
};
