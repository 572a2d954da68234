import * as z from 'zod';
import { account, type Routes } from '../../http/route.ts';
import { IsoWeek, Week } from './week.ts';

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
    needs: ['core:read', 'keys:use', 'organisation-key:open'],
  },
} as const satisfies Routes;
