import * as z from 'zod';
import { freeText } from '../../http/free-text.ts';
import { PersonId, RequestId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Access, type Routes, rolesThatMayBeforeAgreement } from '../../http/route.ts';
import { changingRecords, orderingErasure } from '../../platform/capabilities.ts';
import { Email, PlainDate } from '../people/person.ts';
import {
  channels,
  ENTITIES_MAX,
  EntityName,
  identityEvidences,
  Proposal,
  rights,
  WORDS_CHARACTERS_MAX,
} from '../requests/request.ts';
import { ControllersRequest } from '../requests/views.ts';

const ofRequest = inOrganisation.extend({ requestId: RequestId });
const taking = [...changingRecords, ...orderingErasure, 'rights:read', 'lookup:read', 'lookup:write'] as const;

/** What staff can see themselves; a fresh proof is what an account gives. */
const evidences = identityEvidences.filter((evidence) => evidence !== 'fresh-proof');
const Identity = z
  .strictObject({ evidence: z.enum(evidences) })
  .meta({ id: 'IdentityEvidence', description: 'How it was seen who asks; by whom and when is recorded with it.' });

const Reply = z
  .discriminatedUnion('by', [
    z.strictObject({ by: z.literal('e-mail'), email: Email }),
    z.strictObject({ by: z.literal('post') }),
  ])
  .meta({
    id: 'ReplyAddress',
    description:
      'Where the answer goes. An e-mail address is sealed under the request’s own key and destroyed with it.',
  });

/** Taking a request in is no decision about it, so those who lead may do it as well. */
const register = rolesThatMayBeforeAgreement('request:register');
const registerWithFreshProof: Access = { to: 'role', may: 'request:register', proof: 'fresh', beforeAgreement: true };

/** By staff, for someone without an account. */
export const staffClaimRoutes = {
  registerRequest: {
    summary: 'Register a request of someone without an account',
    description:
      'By letter, telephone, e-mail or in person: access, rectification, erasure, restriction, objection or ' +
      'portability. Without evidence of who asks it waits until there is some. The term counts from the day on which ' +
      'it was received. The answer is fetched by a link and a one-time code: mailed each for itself, or, for who came ' +
      'in person, called, or wants it by post, handed over by staff.',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/requests',
    access: register,
    params: inOrganisation,
    body: z
      .strictObject({
        personId: PersonId,
        guardianId: PersonId.optional().meta({ description: 'The guardian who asks, for a child.' }),
        right: z.enum(rights),
        channel: z.enum(channels).exclude(['account']),
        identity: Identity.optional(),
        receivedOn: PlainDate,
        reply: Reply,
        language: z.enum(['nb', 'en']),
        text: freeText({ max: WORDS_CHARACTERS_MAX })
          .optional()
          .meta({ description: 'What was said. No health data.' }),
        proposal: Proposal.optional(),
        entities: z.array(EntityName).min(1).max(ENTITIES_MAX).optional(),
      })
      .meta({ id: 'RegisteredRequest' }),
    success: { status: 201, body: ControllersRequest },
    problems: ['person-not-found', 'not-allowed', 'too-many', 'forbidden-content'],
    needs: taking,
    creates: true,
    throughRestriction: true,
  },
  recordIdentity: {
    summary: 'Record how it was seen who asks',
    description: 'The request goes on from there.',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/requests/{requestId}/identity',
    access: register,
    params: ofRequest,
    body: Identity,
    success: { status: 200, body: ControllersRequest },
    problems: ['request-not-found', 'wrong-state'],
    needs: taking,
    throughRestriction: true,
  },
  makeClaimCode: {
    summary: 'Make the code that is handed over to the person who asked',
    description:
      'Shown once, and replaced by the next one. For an answer by post the link is made as well, to be printed with it.',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/requests/{requestId}/claim-codes',
    access: registerWithFreshProof,
    params: ofRequest,
    success: {
      status: 200,
      body: z
        .strictObject({
          code: z.string(),
          path: z
            .string()
            .optional()
            .meta({ examples: ['/l/…'] }),
        })
        .meta({ id: 'HandedClaimCode' }),
    },
    problems: ['request-not-found', 'wrong-state'],
    needs: [...changingRecords, 'rights:read'],
    throughRestriction: true,
  },
} as const satisfies Routes;
