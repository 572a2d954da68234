import { type Profile, type RoleName, roleNames, rolesOfProfile } from '../../access/roles.ts';
import { rules } from '../../access/rules.ts';
import type { Call } from '../../http/call.ts';
import type { LegalHoldId, OrganisationId, PersonId, RequestId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor, InputOf } from '../../http/route.ts';
import type { ControllerId, Owner } from '../../platform/entity.ts';
import type { PersonKind } from '../people/person.ts';
import { objectable } from './closing.ts';
import * as decisions from './decisions.ts';
import type { LegalHold } from './hold.ts';
import { fieldsNotRectifiable } from './rectification.ts';
import type { NewRequest } from './register.ts';
import type { AskedBy, RequestRecord, RequestState, RequestText } from './request.ts';
import type { myRequestRoutes } from './routes.ts';
import { type Standing, standingDecision } from './standing.ts';
import type { Step } from './step.ts';
import { answerOf, type KnownRequest, type RequestAnswer } from './views.ts';

/** Whom a request is about, and what the caller is to them. */
export interface Concerned {
  readonly owner: Owner;
  readonly kind: PersonKind | 'account';
  /** Absent at the operator. */
  readonly profile?: Profile;
  readonly timeZone: string;
  readonly standing: Standing;
  /** A child that is not known to be old enough to decide about its own data. */
  readonly isYoung: boolean;
  /** The person that the caller asks as, where it is a guardian. */
  readonly guardianId?: PersonId;
}

export interface RequestStore {
  /** Throws `organisation-not-found` where the caller is nobody, and `person-not-found`. */
  concerned(controller: ControllerId, personId: PersonId | undefined, call: Call): Promise<Concerned>;
  register<A>(wanted: NewRequest, call: Call, answer: (known: KnownRequest) => A): Promise<A>;
  /** Newest first; without those that the caller has no standing for any more. */
  mine(call: Call): Promise<readonly KnownRequest[]>;
  findMine(requestId: RequestId, call: Call): Promise<KnownRequest | undefined>;
  page(
    controller: ControllerId,
    wanted: { readonly show: 'open' | 'closed'; readonly state?: RequestState | undefined },
    range: { readonly limit: number; readonly after?: string },
    call: Call,
  ): Promise<{ readonly requests: readonly RequestRecord[]; readonly next?: string }>;
  /** Undefined also where a block stands between the caller and whom it is about. */
  find(controller: ControllerId, requestId: RequestId, call: Call): Promise<KnownRequest | undefined>;
  /** Persons who may decide today. */
  deciders(controller: ControllerId, timeZone: string, call: Call): Promise<readonly PersonId[]>;
  /** Carries the step out in one transaction; `said` is added to what was said so far. */
  take(known: KnownRequest, step: Step, said: RequestText, call: Call): Promise<KnownRequest>;
  putHold(hold: LegalHold, organisationId: OrganisationId, call: Call): Promise<LegalHold>;
  holds(
    organisationId: OrganisationId,
    range: { readonly limit: number; readonly after?: string },
    call: Call,
  ): Promise<{ readonly holds: readonly LegalHold[]; readonly next?: string }>;
  /** Throws `legal-hold-not-found`. */
  liftHold(organisationId: OrganisationId, holdId: LegalHoldId, call: Call): Promise<void>;
}

export const myRequestHandlers = (requests: RequestStore): HandlersFor<typeof myRequestRoutes, Call> => ({
  async askForRight({ body }, call) {
    const concerned = await requests.concerned(body.controller, body.personId, call);
    const as = standingDecision(concerned.standing, body.right);
    if (as === 'not-found') throw new Problem('person-not-found');
    if (as === 'not-allowed') throw new Problem('not-allowed', 'You are only to be informed about this person.');
    refuseWhatDoesNotFit(body, concerned);
    const { owner, profile, timeZone } = concerned;
    const { right, text, proposal } = body;
    const wanted: NewRequest = {
      owner,
      right,
      askedBy: askedBy(as, concerned, call),
      channel: 'account',
      identity: { evidence: 'fresh-proof', at: call.now.toISOString() },
      language: call.language,
      timeZone,
      ...(profile && { profile }),
      isYoung: concerned.isYoung && as === 'self',
      // What an account is needed for cannot be closed: there the operator weighs what is said in words.
      ...(right === 'objection' && profile && { entities: body.entities ?? [...objectable.keys()] }),
      text: { ...(text && { text }), ...(proposal && { proposal }) },
    };
    return requests.register(wanted, call, (known) => answerOf(known, call.language, call.now));
  },

  async listMyRequests(_, call) {
    return { items: (await requests.mine(call)).map((known) => answerOf(known, call.language, call.now)) };
  },

  async getMyRequest({ params }, call) {
    return answerOf(await myRequest(requests, params.requestId, call), call.language, call.now);
  },

  async confirmRequest({ params }, call) {
    const known = await myRequest(requests, params.requestId, call);
    const step = decisions.confirm(known.stored.value, known.holds.length, call.now);
    return shown(await requests.take(known, step, {}, call), call);
  },

  async withdrawRequest({ params }, call) {
    const known = await myRequest(requests, params.requestId, call);
    return shown(await requests.take(known, decisions.withdraw(known.stored.value, call.now), {}, call), call);
  },

  async listRecipients({ params }, call) {
    const { profile, stored } = await myRequest(requests, params.requestId, call);
    const titles = profile ? rolesOfProfile[profile] : {};
    const roles = roleNames.flatMap((role) => {
      const title = titles[role]?.[call.language];
      return title !== undefined && seesPersons(role) ? [{ role, title }] : [];
    });
    const isRectified = stored.value.right === 'rectification' && stored.value.state === 'answered';
    return { roles, guardiansTold: isRectified ? (stored.value.guardiansTold ?? 0) : 0 };
  },
});

const shown = (known: KnownRequest, call: Call): RequestAnswer => answerOf(known, call.language, call.now);

const seesPersons = (role: RoleName): boolean => rules['person:read'].some((rule) => rule.role === role);

async function myRequest(requests: RequestStore, requestId: RequestId, call: Call): Promise<KnownRequest> {
  const known = await requests.findMine(requestId, call);
  if (!known) throw new Problem('request-not-found');
  return known;
}

function askedBy(as: 'self' | 'guardian', { guardianId, standing }: Concerned, call: Call): AskedBy {
  const { accountId } = call.account!;
  if (as === 'self') return { as, accountId };
  const rights = standing.guardianRights === 'parental-responsibility' ? standing.guardianRights : 'information-only';
  if (!guardianId) throw new Error('A guardian who is nobody');
  return { as, accountId, guardianId, guardianRights: rights };
}

type NewBody = InputOf<typeof myRequestRoutes.askForRight>['body'];

function refuseWhatDoesNotFit({ right, text, proposal, entities }: NewBody, { kind }: Concerned): void {
  const wrong: { readonly field: string; readonly detail: string }[] = [];
  if (right === 'rectification' && text === undefined && Object.keys(proposal ?? {}).length === 0) {
    wrong.push({ field: 'proposal', detail: 'Say what is to be put right, or propose the values.' });
  }
  if (right !== 'rectification' && proposal) wrong.push({ field: 'proposal', detail: 'Only for a rectification.' });
  for (const field of fieldsNotRectifiable(kind, proposal ?? {})) {
    wrong.push({
      field: `proposal/${field}`,
      detail: `Not held about a ${kind} without consent (FW-02), or changed elsewhere.`,
    });
  }
  if ((right !== 'objection' || kind === 'account') && entities) {
    wrong.push({ field: 'entities', detail: 'Only for an objection to what an organisation holds.' });
  }
  for (const name of entities ?? []) {
    if (!objectable.has(name))
      wrong.push({ field: 'entities', detail: `One of ${[...objectable.keys()].join(', ')}.` });
  }
  if (wrong.length === 0) return;
  const errors = wrong.map(({ field, detail }) => ({ pointer: pointer('body', ...field.split('/')), detail }));
  throw new Problem('malformed-request', undefined, { errors });
}
