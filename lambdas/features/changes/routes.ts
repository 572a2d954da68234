import * as z from 'zod';
import { pageQuery } from '../../http/cursor.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords } from '../../platform/capabilities.ts';
import { ChangeTold } from './change.ts';
import { nounsTold } from './told.ts';

export const changeRoutes = {
  listChanges: {
    summary: 'Read what has changed, in the order in which it is logged',
    description:
      'For programs that keep something in step. Ids and names of events: what something is now is read at its own ' +
      'address. Every change comes once and in the same order for everybody, a minute after it was made at most; go on ' +
      'from `next`, also when there is nothing yet. A program is told of what its scopes let it read. Changes are kept ' +
      'for a year; an older cursor is answered 410.',
    tag: 'Integrations',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/changes',
    access: rolesThatMay('change:read'),
    params: inOrganisation,
    query: z.strictObject({
      ...pageQuery,
      cursor: pageQuery.cursor.meta({ description: 'The `next` of the answer before; good with any `nouns`.' }),
      start: z
        .enum(['oldest', 'latest'])
        .optional()
        .meta({ description: 'Without a cursor: from the oldest change that is kept, or from now.' }),
      nouns: z
        .string()
        .max(400)
        .regex(/^[a-z-]+(?:,[a-z-]+)*$/)
        .optional()
        .meta({
          description: `Of these alone, with commas between: ${nounsTold.join(', ')}.`,
          examples: ['person,attendance'],
        }),
    }),
    success: {
      status: 200,
      body: z
        .strictObject({
          items: z.array(ChangeTold).max(100),
          next: z.string().meta({ description: 'The cursor to go on from.' }),
          hasMore: z.boolean().meta({ description: 'Whether to ask again at once.' }),
        })
        .meta({ id: 'Changes' }),
    },
    problems: ['cursor-too-old'],
    needs: [...changingRecords, 'activity:read'],
  },
} as const satisfies Routes;
