import * as z from 'zod';
import { HTML } from '../../http/content.ts';
import { account, anyone, type Routes } from '../../http/route.ts';
import { type Capability, changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { IsoWeek } from './iso-week.ts';
import { Week } from './week.ts';

const reading = [...readingRecords, 'transient:read'] as const satisfies readonly Capability[];

export const weekRoutes = {
  getMyWeek: {
    summary: "Read my children's week",
    description:
      'All the caller’s children in all organisations, and the caller’s own days as a member: expected, attendance, ' +
      'absences, closed days, events and what to bring, day by day, each in its organisation’s zone (FW-03); and how many ' +
      'messages wait in each organisation. A guardian who only picks up, or whom a block keeps from a child, sees ' +
      'nothing of that child.',
    tag: 'Me',
    method: 'GET',
    path: '/v1/me/week',
    access: account,
    withOwnPersons: true,
    query: z.strictObject({ from: IsoWeek }),
    success: { status: 200, body: Week },
    problems: [],
    // No recorded read (SM-05): it is the caller's own family, asked for at every opening of an app. A record would
    // only make a trace of the parents.
    needs: readingRecords,
  },
  makeWeekLink: {
    summary: 'Get a link to the page of a week',
    description:
      'The page can be read by whoever has the link, without signing in, and printed on one sheet of A4. The link works ' +
      'for three minutes and three openings, and not after signing out everywhere; ask for another as often as needed.',
    tag: 'Me',
    method: 'POST',
    path: '/v1/me/week-links',
    access: account,
    body: z.strictObject({ week: IsoWeek }),
    success: {
      status: 200,
      body: z
        .strictObject({ url: z.url(), expiresAt: z.iso.datetime() })
        .meta({ id: 'WeekLink', description: 'Keep it secret: it opens the page.' }),
    },
    problems: [],
    needs: changingRecords,
  },
  showWeek: {
    summary: 'Show the page of a week',
    description: 'In the language of the account that asked for the link. Every showing is recorded.',
    tag: 'Me',
    method: 'GET',
    path: '/week/{token}',
    access: anyone,
    params: z.strictObject({
      token: z
        .string()
        .regex(/^[A-Za-z0-9_-]{22,64}$/)
        .meta({ description: 'The secret part of the link.' }),
    }),
    success: { status: 200, content: [HTML] },
    problems: ['link-not-found'],
    needs: [...reading, 'core:write', 'transient:write', 'activity:append'],
    limit: { perSecond: 50, burst: 100 },
  },
} as const satisfies Routes;
