import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { OrganisationId } from '../../http/ids.ts';
import { ofPerson } from '../../http/params.ts';
import { account, type Routes, rolesThatMay } from '../../http/route.ts';
import { type Capability, readingRecords } from '../../platform/capabilities.ts';
import { PlainDate } from '../people/person.ts';
import { View, viewKinds } from './view.ts';

const reading = [...readingRecords, 'activity:read'] as const satisfies readonly Capability[];

const query = {
  ...pageQuery,
  from: PlainDate.optional().meta({ description: 'The first day, as the organisation counts days.' }),
  to: PlainDate.optional().meta({ description: 'The last day, included.' }),
  kind: z.enum(viewKinds).optional(),
};

export const viewRoutes = {
  listViews: {
    summary: 'Read who has looked at a child, or at you',
    description:
      'When, who, in which role and at what kind of data; newest first, for one year. For guardians with parental ' +
      'responsibility, for the person itself and for the privacy officer. Staff are named; other guardians appear by role ' +
      'and day alone, and the operator’s staff as such. Lists of a whole group are recorded for the group and not for ' +
      'each child. A page may hold fewer than `limit`; there is more as long as there is a `next`. The read is recorded; ' +
      'your own reading of this list is left out of it.',
    tag: 'Activity',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/views',
    access: rolesThatMay('views:read'),
    params: ofPerson,
    query: z.strictObject(query),
    success: { status: 200, body: page(View) },
    problems: [],
    needs: [...reading, 'activity:append'],
    reads: 'views',
    throughRestriction: true,
  },
  listMyViews: {
    summary: 'Read who has looked at you, in every organisation',
    description: 'The same about yourself, without naming a role.',
    tag: 'Activity',
    method: 'GET',
    path: '/v1/me/views',
    access: account,
    query: z.strictObject({ ...query, organisationId: OrganisationId.optional() }),
    success: { status: 200, body: page(View) },
    problems: [],
    needs: reading,
    throughRestriction: true,
  },
} as const satisfies Routes;
