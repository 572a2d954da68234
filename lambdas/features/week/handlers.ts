import type { AccountCaller, Call, OwnPerson } from '../../http/call.ts';
import type { AccountId } from '../../http/ids.ts';
import type { HandlersFor } from '../../http/route.ts';
import { daysOfWeek } from '../../platform/calendar.ts';
import type { Account } from '../accounts/account.ts';
import { deadLinkPage } from '../links/dead-link.ts';
import { weekOf } from './entries.ts';
import type { Known } from './known.ts';
import { weekPage } from './page.ts';
import type { PageLink } from './page-link.ts';
import type { weekRoutes } from './routes.ts';

export interface WeekStore {
  /** Two waves: each organisation and each person that the caller is there; everything about those persons. */
  known(own: readonly OwnPerson[], days: readonly string[], call: Call): Promise<Known>;
  makeLink(account: AccountCaller, week: string, call: Call): Promise<{ token: string; expiresAt: string }>;
  /** Changes nothing. */
  findLink(token: string, call: Call): Promise<PageLink | undefined>;
  /** The account of a link, and who it is elsewhere; one wave. */
  reader(accountId: AccountId, call: Call): Promise<{ account: Account; own: readonly OwnPerson[] } | undefined>;
  /** Uses up one opening of a link; false when there is none left. */
  open(link: PageLink, call: Call): Promise<boolean>;
}

/** `publicUrl`: the address that callers use, without a slash at its end. */
export const weekHandlers = (weeks: WeekStore, publicUrl: string): HandlersFor<typeof weekRoutes, Call> => {
  const read = async (week: string, own: readonly OwnPerson[], call: Call) => {
    const days = daysOfWeek(week);
    if (!days) throw new Error('The schema let a week through that the year does not have');
    return weekOf(week, days, await weeks.known(own, days, call), call);
  };
  return {
    async getMyWeek({ query }, call) {
      if (!call.ownPersons) throw new Error('The route says withOwnPersons');
      return read(query.from, call.ownPersons, call);
    },

    async makeWeekLink({ body }, call) {
      if (!call.account) throw new Error('A route for accounts without an account');
      const { token, expiresAt } = await weeks.makeLink(call.account, body.week, call);
      return { url: `${publicUrl}/week/${token}`, expiresAt };
    },

    async showWeek({ params }, call) {
      const link = await weeks.findLink(params.token, call);
      const reader = link && (await weeks.reader(link.accountId, call));
      // Signed out everywhere, or erased: what was handed out before is worth nothing.
      if (!reader || link.authTimeEpochSeconds < reader.account.notBeforeEpochSeconds) throw deadLinkPage(call);
      // Whatever only looks gets no page, and uses none of the openings up.
      if (!call.headersOnly && !(await weeks.open(link, call))) throw deadLinkPage(call);
      const { language } = reader.account;
      return weekPage(await read(link.week, reader.own, { ...call, language }), call.now, language);
    },
  };
};
