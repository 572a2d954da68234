import type { Call, RoleCaller } from '../../http/call.ts';
import type { OrganisationId, PersonId, RequestId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor, InputOf } from '../../http/route.ts';
import { dayIn, instantOf } from '../../platform/calendar.ts';
import type { Stored } from '../../platform/records.ts';
import type { PersonKind } from '../people/person.ts';
import { objectable } from '../requests/closing.ts';
import { fieldsNotRectifiable } from '../requests/rectification.ts';
import type { NewRequest } from '../requests/register.ts';
import type { RequestRecord } from '../requests/request.ts';
import { standingDecision } from '../requests/standing.ts';
import { controllersViewOf, type KnownRequest } from '../requests/views.ts';
import { type Claim, type claimEntity, withHandedCode } from './claim.ts';
import type { staffClaimRoutes } from './staff-routes.ts';

/** Whom a request is about, as far as taking it in needs. */
export interface Registree {
  readonly profile: NonNullable<NewRequest['profile']>;
  readonly timeZone: string;
  readonly kind: PersonKind;
  /** A grown-up, or a child that is known to be old enough to decide about its own data. */
  readonly mayAskAlone: boolean;
  readonly owner: NewRequest['owner'];
  /** What the guardian who asks is to the child today. */
  readonly guardian: Pick<Parameters<typeof standingDecision>[0], 'guardianRights' | 'isBlocked'>;
}

export interface StaffClaimStore {
  /** Undefined for nobody, and where a block stands between the caller and the person. */
  registree(
    organisationId: OrganisationId,
    wanted: { readonly personId: PersonId; readonly guardianId: PersonId | undefined },
    call: Call,
  ): Promise<Registree | undefined>;
  register<A>(wanted: NewRequest, claim: NewClaimTerms, call: Call, answer: (known: KnownRequest) => A): Promise<A>;
  /** Undefined also where a block stands between the caller and whom it is about. */
  find(organisationId: OrganisationId, requestId: RequestId, call: Call): Promise<KnownRequest | undefined>;
  identify(known: KnownRequest, identity: NonNullable<RequestRecord['identity']>, call: Call): Promise<KnownRequest>;
  claim(known: KnownRequest, call: Call): Promise<Stored<typeof claimEntity> | undefined>;
  /** Stores the new code; makes the link as well where the answer goes by post, and answers its secret. */
  handOver(stored: Stored<typeof claimEntity>, after: Claim, call: Call): Promise<{ readonly token?: string }>;
}
export interface NewClaimTerms {
  readonly codeTravels: Claim['codeTravels'];
  /** Absent where the answer goes by post. */
  readonly email?: string;
}

export const staffClaimHandlers = (claims: StaffClaimStore): HandlersFor<typeof staffClaimRoutes, Call> => ({
  async registerRequest({ params: { organisationId }, body }, call) {
    const { personId, guardianId, right } = body;
    const registree = await claims.registree(organisationId, { personId, guardianId }, call);
    if (!registree) throw new Problem('person-not-found');
    demandStanding(registree, guardianId, right);
    refuseWhatDoesNotFit(body, registree, call.now);
    return claims.register(newRequest(body, registree, call), termsOf(body), call, (known) =>
      controllersViewOf(known, call.now),
    );
  },

  async recordIdentity({ params, body: { evidence } }, call) {
    const known = await requestOf(claims, params, call);
    return controllersViewOf(await claims.identify(known, { evidence, at: call.now.toISOString() }, call), call.now);
  },

  async makeClaimCode({ params }, call) {
    const known = await requestOf(claims, params, call);
    const stored = await claims.claim(known, call);
    if (stored?.value.codeTravels !== 'handed-over') {
      throw new Problem('wrong-state', 'The code of this request is mailed, or its answer is over.');
    }
    const { claim, code } = withHandedCode(stored.value);
    const { token } = await claims.handOver(stored, claim, call);
    return { code, ...(token !== undefined && { path: `/l/${token}` }) };
  },
});

type Body = InputOf<typeof staffClaimRoutes.registerRequest>['body'];

function newRequest(body: Body, { owner, profile, timeZone, guardian }: Registree, call: Call): NewRequest {
  const { right, guardianId, channel, identity, language, text, proposal, entities, receivedOn } = body;
  return {
    owner,
    profile,
    timeZone,
    right,
    channel,
    language,
    askedBy: {
      as: 'claim',
      registeredBy: callerOf(call).personId,
      ...(guardianId && { guardianId, guardianRights: knownRights(guardian) }),
    },
    // What came today came by now; what came earlier counts from the beginning of its day, in the person's favour.
    receivedAt: receivedOn === dayIn(timeZone, call.now) ? call.now : instantOf(timeZone, receivedOn),
    ...(identity && { identity: { evidence: identity.evidence, at: call.now.toISOString() } }),
    ...(right === 'objection' && { entities: entities ?? [...objectable.keys()] }),
    text: { ...(text && { text }), ...(proposal && { proposal }) },
  };
}

/** Of a guardian whose standing has been found to be enough. */
const knownRights = ({ guardianRights }: Registree['guardian']) =>
  guardianRights === 'parental-responsibility' ? guardianRights : 'information-only';

/** Who stands before staff, or is on the telephone, is told the code; a letter and an e-mail are answered by e-mail. */
function termsOf({ reply, channel }: Body): NewClaimTerms {
  const isThere = channel === 'in-person' || channel === 'telephone';
  if (reply.by === 'post') return { codeTravels: 'handed-over' };
  return { codeTravels: isThere ? 'handed-over' : 'by-mail', email: reply.email };
}

/** The same rules as for a guardian with an account: who has no standing is told that there is nobody. */
function demandStanding({ kind, guardian }: Registree, guardianId: PersonId | undefined, right: Body['right']): void {
  const standing = { isSelf: guardianId === undefined, isChild: kind === 'child', ...guardian };
  const decision = standingDecision(standing, right);
  if (decision === 'not-found') throw new Problem('person-not-found');
  if (decision === 'not-allowed') throw new Problem('not-allowed', 'This guardian is only to be informed.');
}

function refuseWhatDoesNotFit(
  { right, guardianId, text, proposal, entities, receivedOn }: Body,
  { kind, timeZone, mayAskAlone }: Registree,
  now: Date,
) {
  const wrong: { readonly field: string; readonly detail: string }[] = [];
  if (guardianId === undefined && !mayAskAlone)
    wrong.push({ field: 'guardianId', detail: 'A guardian asks for a child.' });
  if (receivedOn > dayIn(timeZone, now)) wrong.push({ field: 'receivedOn', detail: 'This day has not come yet.' });
  if (right === 'rectification' && text === undefined && Object.keys(proposal ?? {}).length === 0) {
    wrong.push({ field: 'proposal', detail: 'Say what is to be put right, or propose the values.' });
  }
  if (right !== 'rectification' && proposal) wrong.push({ field: 'proposal', detail: 'Only for a rectification.' });
  for (const field of fieldsNotRectifiable(kind, proposal ?? {})) {
    wrong.push({ field: 'proposal', detail: `${field} is not held about a ${kind} without consent (FW-02).` });
  }
  if (right !== 'objection' && entities) wrong.push({ field: 'entities', detail: 'Only for an objection.' });
  for (const name of entities ?? []) {
    if (!objectable.has(name))
      wrong.push({ field: 'entities', detail: `One of ${[...objectable.keys()].join(', ')}.` });
  }
  if (wrong.length === 0) return;
  const errors = wrong.map(({ field, detail }) => ({ pointer: pointer('body', field), detail }));
  throw new Problem('malformed-request', undefined, { errors });
}

async function requestOf(
  claims: StaffClaimStore,
  { organisationId, requestId }: { organisationId: OrganisationId; requestId: RequestId },
  call: Call,
): Promise<KnownRequest> {
  const known = await claims.find(organisationId, requestId, call);
  if (!known) throw new Problem('request-not-found');
  return known;
}

/** The chain lets nobody without a role reach a route for roles. */
function callerOf(call: Call): RoleCaller {
  if (!call.role) throw new Error('A route for roles without a role');
  return call.role;
}
