import type { Call } from '../../http/call.ts';
import type { OrganisationId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { dayIn, daysAfter, daysOfWeek, weekOf } from '../../platform/calendar.ts';
import type { ControllerId } from '../../platform/entity.ts';
import type { Organisation } from '../organisations/organisation.ts';
import { barChart } from './chart.ts';
import { chartOf } from './charts.ts';
import { statisticsPage } from './page.ts';
import type { statisticsRoutes } from './routes.ts';
import { type CountedDay, type Statistics, SVG, statisticsOf, WEEKS_MAX } from './statistics.ts';

const WEEKS_DEFAULT = 4;
/** For so long a day that is over may still be put together; a week that could change must not be shown. */
const SETTLED_AFTER_DAYS = 3;
const OPERATORS_ZONE = 'Europe/Oslo';

export interface StatisticsStore {
  organisation(organisationId: OrganisationId, call: Call): Promise<Organisation>;
  /** One round trip. */
  days(controller: ControllerId, days: readonly string[], call: Call): Promise<readonly CountedDay[]>;
}

interface Weeks {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

export function statisticsHandlers(store: StatisticsStore): HandlersFor<typeof statisticsRoutes, Call> {
  async function statistics(controller: ControllerId, timeZone: string, query: Weeks, call: Call): Promise<Statistics> {
    const weeks = weeksBetween(query, dayIn(timeZone, call.now));
    const counted = await store.days(controller, weeks.flat(), call);
    const usageOf = new Map(counted.map(({ day, usage }) => [day, usage]));
    return statisticsOf(weeks.map((days) => days.map((day) => ({ day, usage: usageOf.get(day) }))));
  }

  async function ofOrganisation(organisationId: OrganisationId, query: Weeks, call: Call) {
    const organisation = await store.organisation(organisationId, call);
    return { organisation, statistics: await statistics(organisationId, organisation.timeZone, query, call) };
  }

  return {
    async getStatistics({ params, query }, call) {
      return mutable((await ofOrganisation(params.organisationId, query, call)).statistics);
    },

    async getStatisticsPage({ params, query }, call) {
      const { organisation, statistics } = await ofOrganisation(params.organisationId, query, call);
      return statisticsPage(statistics, organisation.name, query.language ?? call.language);
    },

    async getStatisticsChart({ params: { organisationId, chart }, query }, call) {
      const { statistics } = await ofOrganisation(organisationId, query, call);
      const drawn = barChart(chartOf(chart, statistics, query.language ?? call.language), chart);
      return { contentType: SVG, content: drawn.markup, filename: `${chart}.svg` };
    },

    async getPlatformStatistics({ query }, call) {
      return mutable(await statistics('operator', OPERATORS_ZONE, query, call));
    },
  };
}

const mutable = ({ days, modules, functions, browsers, ...period }: Statistics) => ({
  ...period,
  days: [...days],
  modules: [...modules],
  functions: [...functions],
  browsers: [...browsers],
});

/** The days of each week, oldest first. Throws `malformed-request`. Pure. */
export function weeksBetween({ from, until }: Weeks, today: string): readonly (readonly string[])[] {
  const newest = weekBefore(weekOf(daysAfter(today, -SETTLED_AFTER_DAYS)), 1);
  const last = until ?? newest;
  const lastDays = daysOfWeek(last);
  if (!lastDays || last > newest) throw malformed('until', `The newest week that can be shown is ${newest}.`);
  const first = from ?? weekBefore(last, WEEKS_DEFAULT - 1);
  if (!daysOfWeek(first) || first > last) throw malformed('from', 'An ISO week, not after the last one.');
  const weeks: (readonly string[])[] = [];
  for (let week = last; week >= first; week = weekBefore(week, 1)) {
    weeks.unshift(daysOfWeek(week) ?? []);
    if (weeks.length > WEEKS_MAX) throw malformed('from', `At most ${WEEKS_MAX} weeks.`);
  }
  return weeks;
}

const weekBefore = (week: string, weeks: number): string => weekOf(daysAfter(daysOfWeek(week)?.[0] ?? '', -7 * weeks));

const malformed = (field: string, detail: string): Problem =>
  new Problem('malformed-request', undefined, { errors: [{ pointer: pointer('query', field), detail }] });
