import type { AccountCaller, Call } from '../../http/call.ts';
import type { HandlersFor } from '../../http/route.ts';
import { daysOfWeek } from '../../platform/calendar.ts';
import type { weekRoutes } from './routes.ts';
import { entriesOf, type Known } from './week.ts';

export interface WeekStore {
  /** Three waves: who the caller is, whose guardian they are, and everything about those persons. */
  known(account: AccountCaller, days: readonly string[], call: Call): Promise<Known[]>;
}

export const weekHandlers = (weeks: WeekStore): HandlersFor<typeof weekRoutes, Call> => ({
  async getMyWeek({ query }, call) {
    const days = daysOfWeek(query.from);
    if (!days || !call.account) throw new Error('The schema and the chain let this through');
    const known = await weeks.known(call.account, days, call);
    return { week: query.from, from: days[0]!, to: days.at(-1)!, entries: entriesOf(known, days, call.now) };
  },
});
