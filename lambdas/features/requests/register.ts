import type { Profile } from '../../access/roles.ts';
import type { Call } from '../../http/call.ts';
import { Problem } from '../../http/problem.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Change } from '../../platform/records.ts';
import { begin } from './begin.ts';
import { carryOut } from './carry-out.ts';
import { dueAt } from './due.ts';
import { isClosed, type RequestRecord, type RequestText, requestEntity, requestTextRef } from './request.ts';
import type { StoredRequest } from './save.ts';
import { step } from './step.ts';

/** Requests by one about one person that have not been answered: more of them would only be repetition. */
export const OPEN_REQUESTS_MAX = 10;
const REQUESTS_READ_MAX = 200;

export type NewRequest = Pick<
  RequestRecord,
  'right' | 'askedBy' | 'channel' | 'identity' | 'language' | 'timeZone' | 'entities'
> & {
  /** A letter counts from the day it came in; now where absent. */
  readonly receivedAt?: Date;
  readonly owner: Owner;
  /** Absent where the operator is the controller. */
  readonly profile?: Profile;
  /** See {@link begin}. */
  readonly isYoung?: boolean;
  /** What was said and proposed; kept while the request is open. */
  readonly text: RequestText;
};

/**
 * Takes a request in, in the caller's change: its entry, what was said, and what follows from it at once (a copy is
 * ordered, a restriction works, an erasure waits to be planned). Without `identity` it waits as `identity` and nothing
 * follows yet ({@link identifyRequest}). The change carries the activity record; the caller commits. Reads through
 * `call.records`, which must be open through a restriction. Throws `too-many`, `email-taken`.
 */
export async function registerRequest(
  change: Change,
  wanted: NewRequest,
  call: Pick<Call, 'records' | 'now' | 'newId'>,
): Promise<RequestRecord> {
  const { owner, profile, isYoung = false, text, receivedAt: received, ...told } = wanted;
  const receivedAt = (received ?? call.now).toISOString();
  const request: RequestRecord = {
    ...told,
    id: call.newId('req'),
    subject: owner.subject as RequestRecord['subject'],
    state: 'received',
    receivedAt,
    dueAt: dueAt({ receivedAt, timeZone: wanted.timeZone }),
    warned: [],
  };
  const earlier = await call.records.list(requestEntity, owner, { limit: REQUESTS_READ_MAX });
  // Each for themself: one guardian must not use up what the other, or the child, may ask.
  const isOpenToo = ({ value }: (typeof earlier.items)[number]) =>
    !isClosed(value.state) && askerOf(value) === askerOf(request);
  if (earlier.items.filter(isOpenToo).length >= OPEN_REQUESTS_MAX) {
    throw new Problem('too-many', `At most ${OPEN_REQUESTS_MAX} open requests about one person.`);
  }
  const decided = request.identity
    ? begin(request, { ...(profile && { profile }), isYoung }, call.now)
    : step({ ...request, state: 'identity' }, 'request.received', call.now);
  if (Object.keys(text).length > 0) change.put(requestTextRef(owner.controller, request.id), text, 'new');
  return carryOut(change, { owner, before: undefined, step: decided, text }, call);
}

const askerOf = ({ askedBy, subject }: RequestRecord) =>
  askedBy.as === 'self' ? subject : (askedBy.guardianId ?? subject);

/** Staff know now who asked: what follows from the request follows. The caller commits. */
export async function identifyRequest(
  change: Change,
  stored: StoredRequest,
  { identity, profile, text }: Required<Pick<RequestRecord, 'identity'>> & Pick<NewRequest, 'profile' | 'text'>,
  call: Pick<Call, 'records' | 'now' | 'newId'>,
): Promise<RequestRecord> {
  if (stored.value.state !== 'identity') throw new Problem('wrong-state', 'Who asks is known already.');
  const request: RequestRecord = { ...stored.value, state: 'received', ...(identity && { identity }) };
  const { owner } = stored.ref;
  const decided = begin(request, { ...(profile && { profile }) }, call.now);
  return carryOut(change, { owner, before: stored, step: decided, text }, call);
}
