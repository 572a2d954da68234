import * as z from 'zod';
import { HTML } from '../../http/content.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { readingRecords } from '../../platform/capabilities.ts';
import { PlainDate } from '../people/person.ts';
import { chartNames } from './charts.ts';
import { SHOWN_MIN, SVG, WEEKS_MAX } from './statistics.ts';

const Week = z
  .string()
  .regex(/^\d{4}-W\d{2}$/)
  .meta({ description: 'An ISO week that has been over for three days.', examples: ['2026-W45'] });
const weeks = {
  from: Week.optional(),
  until: Week.optional().meta({ description: 'The last one; the newest that can be shown where absent.' }),
};
const inLanguage = { language: z.enum(['nb', 'en']).optional() };

const count = z.int().min(0);
const StatisticsView = z
  .strictObject({
    from: PlainDate,
    until: PlainDate,
    days: z.array(z.strictObject({ day: PlainDate, people: count.optional() })).max(WEEKS_MAX * 7),
    modules: z.array(z.strictObject({ module: z.string().max(60), uses: count })).max(100),
    functions: z
      .array(z.strictObject({ module: z.string().max(60), function: z.string().max(60), uses: count }))
      .max(1_000),
    browsers: z
      .array(z.strictObject({ browser: z.string().max(60), version: z.string().max(10), percent: count }))
      .max(500),
  })
  .meta({ id: 'Statistics' });

const description =
  'Counted without an id and without an address, day by day; different people are told apart by a salt that is thrown ' +
  `away with the day. What fewer than ${SHOWN_MIN} people used on each day of a week is left out, and every sum is of what ` +
  'is shown, so that no difference between two answers tells of it.';

export const statisticsRoutes = {
  getStatistics: {
    summary: 'Read how the service is used',
    description,
    tag: 'Usage',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/statistics',
    access: rolesThatMay('statistics:read'),
    params: inOrganisation,
    query: z.strictObject(weeks),
    success: { status: 200, body: StatisticsView },
    problems: [],
    needs: readingRecords,
  },
  getStatisticsPage: {
    summary: 'Read how the service is used as a page with charts',
    description,
    tag: 'Usage',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/statistics/page',
    access: rolesThatMay('statistics:read'),
    params: inOrganisation,
    query: z.strictObject({ ...weeks, ...inLanguage }),
    success: { status: 200, content: [HTML] },
    problems: [],
    needs: readingRecords,
  },
  getStatisticsChart: {
    summary: 'Read one chart of how the service is used',
    description,
    tag: 'Usage',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/statistics/charts/{chart}',
    access: rolesThatMay('statistics:read'),
    params: inOrganisation.extend({ chart: z.enum(chartNames) }),
    query: z.strictObject({ ...weeks, ...inLanguage }),
    success: { status: 200, content: [SVG] },
    problems: [],
    needs: readingRecords,
  },
  getPlatformStatistics: {
    summary: 'Read how the service is used outside every organisation',
    description: `Accounts, and what nobody signs in for. ${description}`,
    tag: 'Usage',
    method: 'GET',
    path: '/v1/platform/statistics',
    access: rolesThatMay('platform:statistics:read'),
    query: z.strictObject(weeks),
    success: { status: 200, body: StatisticsView },
    problems: [],
    needs: readingRecords,
  },
} as const satisfies Routes;
