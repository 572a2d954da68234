import { Problem } from '../../http/problem.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { usageDayRef } from '../usage/usage-day.ts';
import type { StatisticsStore } from './handlers.ts';

export const statisticsStore: StatisticsStore = {
  async organisation(organisationId, { records }) {
    const organisation = await records.get(organisationRef(organisationId));
    if (!organisation) throw new Problem('organisation-not-found');
    return organisation.value;
  },

  async days(controller, days, { records }) {
    const stored = await records.getMany(days.map((day) => usageDayRef(controller, day)));
    return days.map((day, i) => ({ day, usage: stored[i]?.value }));
  },
};
