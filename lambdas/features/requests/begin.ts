import type { Profile } from '../../access/roles.ts';
import type { RequestRecord } from './request.ts';
import { controllers, requester, type Step, step, type Telling } from './step.ts';

/** What is known when a request comes in. */
interface BeginFacts {
  /** Absent where the operator is the controller. */
  readonly profile?: Profile;
  /** A child asks for itself, and is not known to be old enough to decide alone. */
  readonly isYoung?: boolean;
}

/**
 * What follows from a request as soon as it is known who asks. The law lets the person alone decide some of them: a
 * copy is made, a restriction or an objection works at once and the controller weighs it afterwards. Pure.
 */
export function begin(request: RequestRecord, facts: BeginFacts, now: Date): Step {
  const received = requester('request-received');
  switch (request.right) {
    case 'access':
    case 'portability':
      return began({ ...request, state: 'executing' }, now, { effects: ['order-export'], tell: [received] });
    case 'rectification':
      // What an account holds, its holder changes (CE-11).
      if (facts.profile === undefined) return rectifiedByOneself(request, now);
      return began({ ...request, state: 'awaiting-decision' }, now, {
        tell: [received, controllers('request-to-decide')],
      });
    case 'erasure':
      if (isDecidedByOneself(request, facts)) {
        const plan = { at: now.toISOString() };
        return began({ ...request, state: 'planned', plan }, now, { tell: [received] });
      }
      return began(request, now, {
        tell: [received, controllers('request-to-decide'), ...otherGuardians(request, facts)],
      });
    case 'restriction':
    case 'objection':
      // For a child the controller decides; and at the operator there is nothing that a key could close.
      if (isForAChild(request, facts) || facts.profile === undefined) {
        const tell = [received, controllers('request-to-decide'), ...otherGuardians(request, facts)];
        return began({ ...request, state: 'awaiting-decision' }, now, { tell });
      }
      return began({ ...request, state: 'awaiting-decision', inForceSince: now.toISOString() }, now, {
        effects: ['close'],
        tell: [requester('request-in-force'), controllers('request-to-decide')],
      });
  }
}

const began = (after: RequestRecord, now: Date, more: Parameters<typeof step>[3]) =>
  step(after, 'request.received', now, more);

function rectifiedByOneself(request: RequestRecord, now: Date): Step {
  const answered: RequestRecord = { ...request, state: 'answered', closedAt: now.toISOString() };
  return began(answered, now, { effects: ['rectify'], tell: [requester('request-met')] });
}

/** One's own account; and where everything rests on consent, asking to be erased is taking it back (SM-11). */
const isDecidedByOneself = ({ askedBy }: RequestRecord, { profile, isYoung }: BeginFacts): boolean =>
  askedBy.as === 'self' && !isYoung && (profile === undefined || profile === 'safety');

const isForAChild = ({ askedBy }: Pick<RequestRecord, 'askedBy'>, { isYoung = false }: BeginFacts): boolean =>
  isYoung || askedBy.as === 'guardian' || (askedBy.as === 'claim' && askedBy.guardianId !== undefined);

const otherGuardians = (request: RequestRecord, facts: BeginFacts): Telling[] =>
  isForAChild(request, facts) ? [{ to: 'other-guardians', template: 'request-about-child' }] : [];
