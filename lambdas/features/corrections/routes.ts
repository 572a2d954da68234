import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { CorrectionId, PersonId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { CustomerView, ofCustomer } from '../customers/routes.ts';
import { Correction, CorrectionWords, correctionStates, ProposedFacts } from './correction.ts';

const ofCorrection = inOrganisation.extend({ correctionId: CorrectionId });
const CorrectionView = Correction.extend({
  /** Absent for what a register says. */
  proposedBy: PersonId.optional(),
}).meta({ id: 'Correction', description: '`from`: who says so (AT-16).' });
const OwnCorrection = Correction.omit({ decidedBy: true }).meta({ id: 'OwnCorrection' });
const Proposed = z
  .strictObject({ id: CorrectionId, state: z.enum(correctionStates) })
  .meta({ id: 'CorrectionProposed' });

/**
 * What is held about a company, put right. What is held about a person is put right by a request for rectification
 * (`POST /v1/me/requests`, Art. 16): one way for each.
 */
export const correctionRoutes = {
  getOwnCustomer: {
    summary: 'Read what is held about the company that the caller speaks for',
    description: 'Each fact with where it comes from.',
    tag: 'Tickets',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/own-customer',
    access: rolesThatMay('correction:propose'),
    params: inOrganisation,
    success: { status: 200, body: CustomerView },
    problems: ['customer-not-found'],
    needs: readingRecords,
  },
  proposeCorrection: {
    summary: 'Say that something held about the company is not right',
    description:
      'Staff decide, and say why if they refuse. What is held about the caller as a person is put right by a request for ' +
      'rectification (`POST /v1/me/requests`).',
    tag: 'Tickets',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/own-customer/corrections',
    access: rolesThatMay('correction:propose'),
    params: inOrganisation,
    body: z.strictObject({ proposed: ProposedFacts, words: CorrectionWords.optional() }).meta({ id: 'NewCorrection' }),
    success: { status: 201, body: Proposed },
    problems: ['customer-not-found', 'wrong-state', 'too-many', 'forbidden-content'],
    needs: [...changingRecords, 'rights:read'],
    creates: true,
  },
  listOwnCorrections: {
    summary: 'List the corrections that the caller has proposed',
    tag: 'Tickets',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/own-customer/corrections',
    access: rolesThatMay('correction:propose'),
    params: inOrganisation,
    success: {
      status: 200,
      body: z.strictObject({ items: z.array(OwnCorrection).max(100) }).meta({ id: 'OwnCorrections' }),
    },
    problems: [],
    needs: readingRecords,
  },
  listCorrections: {
    summary: 'List proposed corrections',
    description: 'The newest first; only those that wait, unless `show` says otherwise.',
    tag: 'Tickets',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/corrections',
    access: rolesThatMay('correction:decide'),
    params: inOrganisation,
    query: z.strictObject({ ...pageQuery, show: z.enum(['waiting', 'all']).default('waiting') }),
    success: { status: 200, body: page(CorrectionView) },
    problems: [],
    needs: [...readingRecords, 'activity:append'],
    reads: 'customers',
  },
  decideCorrection: {
    summary: 'Accept or refuse a correction',
    description: 'Accepted, it stands at once, with where it comes from. Whoever proposed it is told.',
    tag: 'Tickets',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/corrections/{correctionId}/decision',
    access: rolesThatMay('correction:decide'),
    params: ofCorrection,
    body: z
      .strictObject({ outcome: z.enum(['accepted', 'refused']), reason: CorrectionWords.min(1).optional() })
      .meta({ id: 'CorrectionDecision' }),
    success: { status: 200, body: CorrectionView },
    problems: ['correction-not-found', 'wrong-state', 'forbidden-content'],
    needs: changingRecords,
  },
  compareWithRegister: {
    summary: 'Compare a customer with the open register of companies',
    description:
      'Off until the organisation turns it on (`ticket-settings`). Only the organisation number is sent, to ' +
      'Brønnøysundregistrene. What differs is proposed as a correction; nothing is overwritten.',
    tag: 'Tickets',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/customers/{customerId}/register-comparison',
    access: rolesThatMay('customer:manage'),
    params: ofCustomer,
    success: {
      status: 200,
      body: z
        .strictObject({
          outcome: z.enum(['same', 'differs', 'unknown-number', 'not-reached']),
          /** The register says that the company is no more. */
          isDeleted: z.boolean(),
          correction: CorrectionView.optional(),
        })
        .meta({ id: 'RegisterComparison' }),
    },
    problems: ['customer-not-found', 'wrong-state'],
    needs: changingRecords,
  },
} as const satisfies Routes;
