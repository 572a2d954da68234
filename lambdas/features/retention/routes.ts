import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay, rolesThatMayWithFreshProof } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { PlainDate } from '../people/person.ts';
import { AdjustmentsSchema } from './adjustments.ts';
import { Departure, RetentionPolicy } from './views.ts';

export const retentionRoutes = {
  getRetention: {
    summary: 'Read how long everything is kept',
    description: 'The terms in force: the profile’s, with what the organisation has decided otherwise.',
    tag: 'Retention',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/retention',
    access: rolesThatMay('retention:read'),
    params: inOrganisation,
    success: { status: 200, body: RetentionPolicy },
    problems: [],
    needs: readingRecords,
    versioned: true,
  },
  changeRetention: {
    summary: 'Keep data for a shorter time, or longer on a stated basis',
    description:
      'Replaces all earlier decisions; what is not named has its default term. A longer term needs a `basis` and is at ' +
      'most five years; no term goes below a statute. In force from the next nightly sweep: what is then past its term ' +
      'is erased, and does not come back. What hangs together goes together: `person` is the term of roles and ' +
      'attendance as well.',
    tag: 'Retention',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/retention',
    access: rolesThatMayWithFreshProof('retention:manage'),
    params: inOrganisation,
    body: AdjustmentsSchema,
    success: { status: 200, body: RetentionPolicy },
    problems: ['term-refused'],
    needs: changingRecords,
    versioned: true,
  },
  previewRetention: {
    summary: 'See what goes when',
    description:
      'Whoever has left, or will have left, by their last day: what goes on which day, up to and including `until`. ' +
      'Whoever a block keeps from the caller is left out.',
    tag: 'Retention',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/retention/preview',
    access: rolesThatMay('retention:preview'),
    params: inOrganisation,
    query: z.strictObject({ ...pageQuery, until: PlainDate }),
    success: { status: 200, body: page(Departure) },
    problems: [],
    needs: [...readingRecords, 'rights:read'],
    throughRestriction: true,
  },
} as const satisfies Routes;
