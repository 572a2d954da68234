import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { freeText } from '../../http/free-text.ts';
import { LegalHoldId, PersonId, RequestId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import {
  type Access,
  account,
  accountWithFreshProof,
  type Routes,
  rolesThatMay,
  rolesThatMayBeforeAgreement,
} from '../../http/route.ts';
import { changingRecords, orderingErasure, readingRecords } from '../../platform/capabilities.ts';
import { holdBases, LegalHold } from './hold.ts';
import {
  Controller,
  ENTITIES_MAX,
  EntityName,
  extensionReasons,
  Proposal,
  refusalReasons,
  requestStates,
  rights,
  WORDS_CHARACTERS_MAX,
} from './request.ts';
import { ControllersRequest, ControllersRequestSummary, Recipients, RequestAnswer } from './views.ts';

const reading = [...readingRecords, 'rights:read', 'activity:append'] as const;
const deciding = [...changingRecords, ...orderingErasure, 'lookup:read', 'lookup:write'] as const;

const ofMine = z.strictObject({ requestId: RequestId });
const ofRequest = inOrganisation.extend({ requestId: RequestId });
const words = freeText({ max: WORDS_CHARACTERS_MAX });

/** A person's right does not wait for the controller's agreement with us. */
const decide = rolesThatMayBeforeAgreement('request:decide');
const decideWithFreshProof: Access = { to: 'role', may: 'request:decide', proof: 'fresh', beforeAgreement: true };

const Decision = z.strictObject({ words: words.optional() }).meta({ id: 'Approval' });
const Refusal = z.strictObject({ reason: z.enum(refusalReasons), words: words.min(1) }).meta({ id: 'Refusal' });
const Extension = z.strictObject({ reason: z.enum(extensionReasons), words: words.min(1) }).meta({ id: 'Extension' });
const listQuery = z.strictObject({
  ...pageQuery,
  show: z.enum(['open', 'closed']).default('open'),
  state: z.enum(requestStates).optional().meta({ description: 'Only these; a page may then hold fewer than `limit`.' }),
});

/** More than this many requests of one account are not listed. */
export const MY_REQUESTS_MAX = 100;

/** By whoever asks: for themselves, for their account, for a child. */
export const myRequestRoutes = {
  askForRight: {
    summary: 'Make use of a right',
    description:
      'Access, rectification, erasure, restriction, objection or portability (GDPR Art. 15 to 18, 20 and 21): for ' +
      'oneself in an organisation, for one’s account (`operator`), or for a child. Access and portability are carried ' +
      'out, restriction and objection work at once; for a child the organisation decides about erasure, restriction and ' +
      'objection, and the other guardian is told. Answered within one month.',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/me/requests',
    access: accountWithFreshProof,
    body: z
      .strictObject({
        controller: Controller,
        personId: PersonId.optional().meta({ description: 'Oneself or the child; needed where one is several there.' }),
        right: z.enum(rights),
        text: words.optional().meta({ description: 'In one’s own words. No health data.' }),
        proposal: Proposal.optional().meta({ description: 'For a rectification: the values that are right.' }),
        entities: z
          .array(EntityName)
          .min(1)
          .max(ENTITIES_MAX)
          .optional()
          .meta({ description: 'For an objection: which data it is about; all that can be objected to where absent.' }),
      })
      .meta({ id: 'NewRequest' }),
    success: { status: 201, body: RequestAnswer },
    problems: ['organisation-not-found', 'person-not-found', 'not-allowed', 'too-many'],
    needs: deciding,
    creates: true,
    throughRestriction: true,
  },
  listMyRequests: {
    summary: 'List one’s own requests',
    tag: 'Requests',
    method: 'GET',
    path: '/v1/me/requests',
    access: account,
    success: { status: 200, body: z.strictObject({ items: z.array(RequestAnswer).max(MY_REQUESTS_MAX) }) },
    problems: [],
    needs: reading,
    throughRestriction: true,
  },
  getMyRequest: {
    summary: 'Read one’s own request',
    description: 'What was decided in words, and what was said, is shown until 30 days after the final answer.',
    tag: 'Requests',
    method: 'GET',
    path: '/v1/me/requests/{requestId}',
    access: account,
    params: ofMine,
    success: { status: 200, body: RequestAnswer },
    problems: ['request-not-found'],
    needs: reading,
    versioned: true,
    throughRestriction: true,
  },
  confirmRequest: {
    summary: 'Confirm the plan of an erasure',
    description: 'Where the person alone decides: their account, and what rests on their consent. It cannot be undone.',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/me/requests/{requestId}/confirm',
    access: accountWithFreshProof,
    params: ofMine,
    success: { status: 200, body: RequestAnswer },
    problems: ['request-not-found', 'wrong-state'],
    needs: deciding,
    throughRestriction: true,
  },
  withdrawRequest: {
    summary: 'Take a request back',
    description: 'As long as it has not been carried out. A restriction or an objection of one’s own ends at once.',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/me/requests/{requestId}/withdraw',
    access: accountWithFreshProof,
    params: ofMine,
    success: { status: 200, body: RequestAnswer },
    problems: ['request-not-found', 'wrong-state'],
    needs: deciding,
    throughRestriction: true,
  },
  listRecipients: {
    summary: 'Ask who has been told of a rectification, and who sees the data',
    tag: 'Requests',
    method: 'GET',
    path: '/v1/me/requests/{requestId}/recipients',
    access: account,
    params: ofMine,
    success: { status: 200, body: Recipients },
    problems: ['request-not-found'],
    needs: reading,
    throughRestriction: true,
  },
} as const satisfies Routes;

/** By the organisation that answers. No path names a person, because restricted people have to be answered too. */
export const organisationRequestRoutes = {
  listRequests: {
    summary: 'List requests, those that are due first standing first',
    tag: 'Requests',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/requests',
    access: rolesThatMay('request:read'),
    params: inOrganisation,
    query: listQuery,
    success: { status: 200, body: page(ControllersRequestSummary) },
    problems: [],
    needs: reading,
    reads: 'request',
    throughRestriction: true,
  },
  getRequest: {
    summary: 'Read a request, with the plan of an erasure',
    tag: 'Requests',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/requests/{requestId}',
    access: rolesThatMay('request:read'),
    params: ofRequest,
    success: { status: 200, body: ControllersRequest },
    problems: ['request-not-found'],
    needs: reading,
    reads: 'request',
    versioned: true,
    throughRestriction: true,
  },
  planErasure: {
    summary: 'Propose the erasure that the plan shows',
    description: 'Whoever proposes it cannot approve it. Nobody has to: an approval may come first.',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/requests/{requestId}/plan',
    access: decide,
    params: ofRequest,
    success: { status: 200, body: ControllersRequest },
    problems: ['request-not-found', 'wrong-state'],
    needs: deciding,
    throughRestriction: true,
  },
  approveRequest: {
    summary: 'Approve a request',
    description:
      'An erasure takes two persons: whoever asked for, registered or proposed it cannot approve it. Where there is ' +
      'nobody else it waits 72 hours, in which it can be refused or withdrawn. Under a legal hold it waits until that is lifted.',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/requests/{requestId}/approve',
    access: decideWithFreshProof,
    params: ofRequest,
    body: Decision,
    success: { status: 200, body: ControllersRequest },
    problems: ['request-not-found', 'wrong-state', 'second-person-required', 'email-taken'],
    needs: deciding,
    throughRestriction: true,
  },
  refuseRequest: {
    summary: 'Refuse a request',
    description:
      'With a reason and in words; the letter says how to complain to Datatilsynet (Art. 12(4)). A restriction or an ' +
      'objection that is in force ends 72 hours later, and the person is told before (Art. 18(3)).',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/requests/{requestId}/refuse',
    access: decide,
    params: ofRequest,
    body: Refusal,
    success: { status: 200, body: ControllersRequest },
    problems: ['request-not-found', 'wrong-state'],
    needs: deciding,
    throughRestriction: true,
  },
  extendRequest: {
    summary: 'Take two more months for an answer',
    description: 'Within the first month and with a reason (Art. 12(3)).',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/requests/{requestId}/extend',
    access: decide,
    params: ofRequest,
    body: Extension,
    success: { status: 200, body: ControllersRequest },
    problems: ['request-not-found', 'wrong-state'],
    needs: deciding,
    throughRestriction: true,
  },
  liftRequest: {
    summary: 'End a restriction or an objection that was approved',
    description: 'It ends 72 hours later, and the person is told before (Art. 18(3)).',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/requests/{requestId}/lift',
    access: decide,
    params: ofRequest,
    success: { status: 200, body: ControllersRequest },
    problems: ['request-not-found', 'wrong-state'],
    needs: deciding,
    throughRestriction: true,
  },
  putHold: {
    summary: 'Put a legal hold on a person’s data',
    description: 'While it is in force nothing of theirs is erased: erasures wait, and say so.',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/legal-holds',
    access: decide,
    params: inOrganisation,
    body: z.strictObject({ personId: PersonId, basis: z.enum(holdBases) }).meta({ id: 'NewLegalHold' }),
    success: { status: 201, body: LegalHold },
    problems: ['person-not-found', 'too-many'],
    needs: deciding,
    creates: true,
    throughRestriction: true,
  },
  listHolds: {
    summary: 'List the legal holds in force',
    tag: 'Requests',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/legal-holds',
    access: rolesThatMay('request:read'),
    params: inOrganisation,
    query: z.strictObject(pageQuery),
    success: { status: 200, body: page(LegalHold) },
    problems: [],
    needs: reading,
    reads: 'request',
    throughRestriction: true,
  },
  liftHold: {
    summary: 'Lift a legal hold',
    description: 'Approved erasures that it kept waiting are carried out within a quarter of an hour.',
    tag: 'Requests',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/legal-holds/{holdId}',
    access: decide,
    params: inOrganisation.extend({ holdId: LegalHoldId }),
    success: { status: 204 },
    problems: ['legal-hold-not-found'],
    needs: deciding,
    throughRestriction: true,
  },
} as const satisfies Routes;

/** What is asked of the operator as the controller of accounts; most of it needs no decision. */
export const platformRequestRoutes = {
  listAccountRequests: {
    summary: 'List requests about accounts, those that are due first standing first',
    tag: 'Requests',
    method: 'GET',
    path: '/v1/platform/requests',
    access: rolesThatMay('platform:request:decide'),
    query: listQuery,
    success: { status: 200, body: page(ControllersRequestSummary) },
    problems: [],
    needs: reading,
    reads: 'request',
  },
  getAccountRequest: {
    summary: 'Read a request about an account',
    tag: 'Requests',
    method: 'GET',
    path: '/v1/platform/requests/{requestId}',
    access: rolesThatMay('platform:request:decide'),
    params: ofMine,
    success: { status: 200, body: ControllersRequest },
    problems: ['request-not-found'],
    needs: reading,
    reads: 'request',
    versioned: true,
  },
  approveAccountRequest: {
    summary: 'Meet a request about an account',
    description: 'A restriction or an objection: what is done about it is said in words.',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/platform/requests/{requestId}/approve',
    access: { to: 'role', may: 'platform:request:decide', proof: 'fresh' },
    params: ofMine,
    body: Decision,
    success: { status: 200, body: ControllersRequest },
    problems: ['request-not-found', 'wrong-state'],
    needs: deciding,
  },
  refuseAccountRequest: {
    summary: 'Refuse a request about an account',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/platform/requests/{requestId}/refuse',
    access: rolesThatMay('platform:request:decide'),
    params: ofMine,
    body: Refusal,
    success: { status: 200, body: ControllersRequest },
    problems: ['request-not-found', 'wrong-state'],
    needs: deciding,
  },
  extendAccountRequest: {
    summary: 'Take two more months for an answer about an account',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/platform/requests/{requestId}/extend',
    access: rolesThatMay('platform:request:decide'),
    params: ofMine,
    body: Extension,
    success: { status: 200, body: ControllersRequest },
    problems: ['request-not-found', 'wrong-state'],
    needs: deciding,
  },
} as const satisfies Routes;
