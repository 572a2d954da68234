import type { Call, OwnPerson } from '../../http/call.ts';
import type { HandlersFor } from '../../http/route.ts';
import { daysOfWeek } from '../../platform/calendar.ts';
import { weekOf } from './entries.ts';
import type { Known } from './known.ts';
import type { weekRoutes } from './routes.ts';

export interface WeekStore {
  /** Two waves: each organisation and each person that the caller is there; everything about those persons. */
  known(own: readonly OwnPerson[], days: readonly string[], call: Call): Promise<Known>;
}

export const weekHandlers = (weeks: WeekStore): HandlersFor<typeof weekRoutes, Call> => ({
  async getMyWeek({ query: { from } }, call) {
    const days = daysOfWeek(from);
    if (!days || !call.ownPersons) throw new Error('The schema and the chain let this through');
    return weekOf(from, days, await weeks.known(call.ownPersons, days, call), call.now, call.language);
  },
});
