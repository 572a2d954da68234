import type { PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dueAt, hoursAfter, isAnsweredByCopy, LIFT_NOTICE_HOURS, LONE_DECISION_HOURS, mayExtend } from './due.ts';
import {
  type extensionReasons,
  isClosed,
  type RequestRecord,
  type RequestState,
  type refusalReasons,
} from './request.ts';
import { type Effect, requester, type Step, step } from './step.ts';

/** Who decides, and who else could. */
export interface Decider {
  /** The person whose role it is. */
  readonly personId: PersonId;
  /** All that the one who signs in is in the organisation. */
  readonly personIds: readonly PersonId[];
  /** Other persons who may decide today. */
  readonly others: readonly PersonId[];
}

/** States in which nothing has been carried out yet. */
const open: readonly RequestState[] = ['received', 'identity', 'planned', 'awaiting-decision', 'approved'];

/** Somebody who decides looks at the plan and proposes it; somebody else approves it. */
export function plan(request: RequestRecord, by: PersonId, now: Date): Step {
  demand(request.right === 'erasure', 'Only an erasure is planned.');
  demand(request.state === 'received' || request.state === 'awaiting-decision', 'It is planned already.');
  const after: RequestRecord = { ...request, state: 'awaiting-decision', plan: { at: now.toISOString(), by } };
  return step(after, 'request.planned', now);
}

/** The person has seen the plan and wants it. */
export function confirm(request: RequestRecord, holds: number, now: Date): Step {
  demand(request.state === 'planned', 'There is nothing to confirm.');
  const confirmed = { ...request, confirmedAt: now.toISOString() };
  return erase(confirmed, 'request.confirmed', holds, now);
}

/**
 * An erasure takes two persons: whoever asked for it or took it in, proposed the plan, or is to be erased does not
 * approve it. Where nobody else is left it waits for 72 hours, in which it can be taken back.
 */
export function approve(request: RequestRecord, decider: Decider, holds: number, now: Date): Step {
  const isUndecided = request.state === 'received' || request.state === 'awaiting-decision';
  demand(isUndecided, 'There is nothing to approve.');
  // What is decided there is which of others' data stays out; the copy's release answers the request.
  demand(!isAnsweredByCopy(request), 'Look through the copy and release it (`POST …/exports/{exportId}/redaction`).');
  const decision = { outcome: 'approved', at: now.toISOString(), by: decider.personId } as const;
  const approved: RequestRecord = { ...request, decision };
  if (request.right === 'erasure') {
    const concerned = concernedIn(request);
    const isConcerned = (personId: PersonId) => concerned.includes(personId);
    if (!decider.personIds.some(isConcerned)) return erase(approved, 'request.approved', holds, now);
    if (!decider.others.every(isConcerned)) throw new Problem('second-person-required');
    const executesAt = hoursAfter(now, LONE_DECISION_HOURS);
    const tell = [requester('request-waiting')];
    return step({ ...approved, state: 'approved', executesAt }, 'request.approved', now, { tell });
  }
  const answered: RequestRecord = { ...approved, state: 'answered', closedAt: now.toISOString() };
  if (request.right === 'rectification') {
    return step(answered, 'request.approved', now, {
      effects: ['rectify'],
      tell: [requester('request-met'), { to: 'recipients', template: 'request-rectified' }],
    });
  }
  const isInForce = request.inForceSince !== undefined;
  return step({ ...answered, inForceSince: request.inForceSince ?? now.toISOString() }, 'request.approved', now, {
    effects: isInForce ? [] : ['close'],
    tell: [requester(isInForce ? 'request-met' : 'request-in-force')],
  });
}

/** Whoever took it in, proposed the plan, asked for it, or is to be erased. */
function concernedIn({ askedBy, plan, subject }: RequestRecord): readonly (string | undefined)[] {
  const registeredBy = askedBy.as === 'claim' ? askedBy.registeredBy : undefined;
  const guardianId = askedBy.as === 'self' ? undefined : askedBy.guardianId;
  return [plan?.by, registeredBy, guardianId, subject];
}

/** Orders the erasure; while a legal hold is in force it waits, and says so. */
function erase(request: RequestRecord, event: Step['event'], holds: number, now: Date): Step {
  if (holds > 0) {
    const waiting: RequestRecord = { ...request, state: 'approved' };
    return step(waiting, event, now, { tell: [requester('request-waiting')] });
  }
  return step({ ...request, state: 'executing' }, event, now, { effects: ['order-erasure'] });
}

/** An approved erasure whose time has come and which nothing holds any more; undefined while it has to wait. */
export function execute(request: RequestRecord, holds: number, now: Date): Step | undefined {
  const { state, right, executesAt } = request;
  if (state !== 'approved' || right !== 'erasure' || holds > 0) return undefined;
  if (executesAt !== undefined && now.toISOString() < executesAt) return undefined;
  return erase(request, 'request.executed', 0, now);
}

export function refuse(request: RequestRecord, by: PersonId, reason: (typeof refusalReasons)[number], now: Date): Step {
  demand(open.includes(request.state), 'It is being carried out, or has been answered.');
  const at = now.toISOString();
  const refused: RequestRecord = {
    ...request,
    state: 'refused',
    decision: { outcome: 'refused', at, by, reason },
    closedAt: at,
  };
  const isInForce = request.inForceSince !== undefined;
  return step({ ...refused, ...(isInForce && ending(now)) }, 'request.refused', now, {
    tell: [requester('request-refused'), ...(isInForce ? [requester('request-ending')] : [])],
  });
}

/** The controller ends a restriction that is in force: the person is told before (Art. 18(3)). */
export function lift(request: RequestRecord, now: Date): Step {
  demand(isInForce(request) && isClosed(request.state), 'It is not in force, or has not been decided yet.');
  demand(request.endsAt === undefined, 'It is about to end already.');
  return step({ ...request, ...ending(now) }, 'request.lifting', now, { tell: [requester('request-ending')] });
}

const ending = (now: Date) => ({ endsAt: hoursAfter(now, LIFT_NOTICE_HOURS) });

/** The notice that a restriction ends has run; undefined before. */
export function end(request: RequestRecord, now: Date): Step | undefined {
  const { endsAt } = request;
  if (endsAt === undefined || !isInForce(request) || now.toISOString() < endsAt) return undefined;
  return step({ ...request, endedAt: now.toISOString() }, 'request.ended', now, { effects: ['open'] });
}

export const isInForce = ({ inForceSince, endedAt }: RequestRecord): boolean =>
  inForceSince !== undefined && endedAt === undefined;

/** Whoever asked takes it back; a restriction or an objection of theirs ends with it, at once. */
export function withdraw(request: RequestRecord, now: Date): Step {
  const wasInForce = isInForce(request);
  demand(open.includes(request.state) || wasInForce, 'It is being carried out, or has been answered.');
  const at = now.toISOString();
  const effects: Effect[] = wasInForce ? ['open'] : [];
  const after: RequestRecord = {
    ...request,
    state: 'withdrawn',
    closedAt: request.closedAt ?? at,
    ...(wasInForce && { endedAt: at }),
  };
  return step(after, 'request.withdrawn', now, { effects });
}

/** Two months more, for a reason that the law knows, told within the first month (Art. 12(3)). */
export function extend(request: RequestRecord, reason: (typeof extensionReasons)[number], now: Date): Step {
  demand(!isClosed(request.state), 'It has been answered.');
  demand(request.extension === undefined, 'It has been extended already.');
  demand(mayExtend(request, now), 'The first month is over.');
  const extension = { reason, at: now.toISOString() };
  const after: RequestRecord = { ...request, extension, dueAt: dueAt(request, true), warned: [] };
  return step(after, 'request.extended', now, { tell: [requester('request-extended')] });
}

function demand(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new Problem('wrong-state', otherwise);
}
