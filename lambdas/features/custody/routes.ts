import * as z from 'zod';
import { ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { PlainDate } from '../people/person.ts';
import { Custody } from './custody.ts';
import { CUSTODY_DAYS_MAX, CustodyView } from './views.ts';

export const custodyRoutes = {
  getCustody: {
    summary: 'Read with whom a child is',
    description:
      'Staff read the agreement. A guardian reads, for each day asked for, whether the child is with them: nothing of ' +
      `another home. Both days included, at most ${CUSTODY_DAYS_MAX}.`,
    tag: 'People',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/custody',
    access: rolesThatMay('custody:read'),
    params: ofPerson,
    query: z.strictObject({ from: PlainDate, to: PlainDate }),
    success: { status: 200, body: CustodyView },
    problems: ['person-not-found'],
    needs: [...readingRecords, 'activity:append'],
    reads: 'person',
    versioned: true,
  },
  setCustody: {
    summary: 'Say with whom a child is, that lives in two homes',
    description:
      'Each of the guardians named is one of the child’s. `weeks` is a cycle that begins in the week of `from`, Monday ' +
      'first. It steers who is reminded, and says nothing of who may see the child.',
    tag: 'People',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/people/{personId}/custody',
    access: rolesThatMay('custody:manage'),
    params: ofPerson,
    body: Custody.meta({ id: 'CustodyAgreement' }),
    success: { status: 200, body: CustodyView },
    problems: ['person-not-found'],
    needs: changingRecords,
    versioned: true,
  },
  removeCustody: {
    summary: 'Say no more with whom a child is',
    tag: 'People',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/people/{personId}/custody',
    access: rolesThatMay('custody:manage'),
    params: ofPerson,
    success: { status: 204 },
    problems: ['person-not-found'],
    needs: changingRecords,
    versioned: true,
  },
} as const satisfies Routes;
