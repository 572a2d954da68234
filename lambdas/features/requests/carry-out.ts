import type { Call } from '../../http/call.ts';
import type { AccountId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Change, Records } from '../../platform/records.ts';
import { accountLinkEntity, accountRef } from '../accounts/account.ts';
import { announceAnswer, prepareClaim } from '../claims/announce.ts';
import { orderErasure } from '../erasure/order.ts';
import { type Audience, orderExport } from '../exports/order.ts';
import { type NoticeRequest, queueNotice } from '../notices/notice.ts';
import { personRef } from '../people/writes.ts';
import { beingErased, close, consentsOf, open } from './closing.ts';
import {
  CONTROLLERS_TOLD_MAX,
  decidersOf,
  type Guardians,
  guardiansOf,
  reachable,
  requesterOf,
} from './people-told.ts';
import { rectifyAccount, rectifyPerson } from './rectification.ts';
import { type AskedBy, isClosed, type RequestRecord, type RequestText, requestEntity } from './request.ts';
import { type StoredRequest, saveRequest } from './save.ts';
import type { Effect, Step, Telling } from './step.ts';

/** Requests of one person that are read to see what else keeps data closed. */
const REQUESTS_READ_MAX = 200;

export interface Decided {
  readonly owner: Owner;
  /** Absent when the request is new. */
  readonly before: StoredRequest | undefined;
  readonly step: Step;
  readonly text: RequestText | undefined;
}

/**
 * Adds a decided step to the change: the register's entry, what it does to keys and data, the letters, and the activity
 * record. The caller commits. Answers the entry as it will stand; throws `email-taken` for a rectification that cannot be.
 */
export async function carryOut(
  change: Change,
  { owner, before, step, text }: Decided,
  call: Pick<Call, 'records' | 'now' | 'newId'>,
): Promise<RequestRecord> {
  const { records, now } = call;
  const ordered = withOrders(step, call);
  const isKeyed = step.effects.includes('close') || step.effects.includes('open');
  const [others, consents, erasing, told] = await Promise.all([
    step.effects.includes('open') ? otherRequests(records, owner, ordered) : [],
    isKeyed && ordered.right === 'restriction' ? consentsOf(records, owner) : [],
    step.effects.includes('open') ? beingErased(records, owner) : none,
    peopleTold(records, owner, ordered, step.tell, now),
  ]);
  const after: RequestRecord = { ...ordered, ...told.count };

  for (const effect of step.effects)
    await apply(change, effect, { owner, request: after, text, others, consents, erasing }, call);
  saveRequest(change, owner, before, after);
  if (isAnsweredByClaim(step))
    announceAnswer(change, { controller: owner.controller, requestId: after.id, what: 'answer' }, call);
  for (const notice of told.notices) queueNotice(change, notice, call);
  const about = [after.id, ...(after.exportId ? [after.exportId] : []), ...(after.erasureId ? [after.erasureId] : [])];
  change.activity({ event: step.event, subject: owner, about, detail: { right: after.right, state: after.state } });
  return after;
}

/** Who has no account fetches the answer by a claim, and is not told to sign in. */
const isAnsweredByClaim = ({ after, tell }: Step): boolean =>
  after.askedBy.as === 'claim' && isClosed(after.state) && tell.some(({ template }) => answers.includes(template));
const answers: readonly Telling['template'][] = ['request-met', 'request-refused', 'request-in-force'];

const withOrders = ({ after, effects }: Step, { newId }: Pick<Call, 'newId'>): RequestRecord => ({
  ...after,
  ...(effects.includes('order-export') && { exportId: newId('exp') }),
  ...(effects.includes('order-erasure') && { erasureId: newId('ers') }),
});

interface Facts {
  readonly owner: Owner;
  readonly request: RequestRecord;
  readonly text: RequestText | undefined;
  readonly others: readonly RequestRecord[];
  readonly consents: readonly Owner[];
  /** Subjects whose erasure has been ordered. */
  readonly erasing: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();

async function apply(
  change: Change,
  effect: Effect,
  { owner, request, text, others, consents, erasing }: Facts,
  { records, now }: Pick<Call, 'records' | 'now'>,
): Promise<void> {
  const { id: requestId, language, exportId, erasureId } = request;
  switch (effect) {
    case 'order-export':
      if (!exportId) throw new Error('An export without its id');
      return orderExport(
        change,
        { id: exportId, owner, audience: audienceOf(request.askedBy), requestId, language },
        now,
      );
    case 'order-erasure':
      if (!erasureId) throw new Error('An erasure without its id');
      await keepWayToAnswer(change, owner, request, records, now);
      return orderErasure(change, { id: erasureId, owner, cause: 'request', requestId }, now);
    case 'close':
      return close(change, owner, request, consents);
    case 'open':
      return open(change, owner, request, { others, consents, erasing });
    case 'rectify':
      return rectify(change, owner, { requestId, proposal: text?.proposal ?? {} }, records, now);
  }
}

/** The account may be gone when there is an answer: its address lies under the request's own key until then. */
async function keepWayToAnswer(
  change: Change,
  { controller }: Owner,
  { id: requestId, askedBy, subject }: RequestRecord,
  records: Records,
  now: Date,
): Promise<void> {
  const account = askedBy.as === 'claim' ? undefined : await records.get(accountRef(askedBy.accountId));
  if (!account) return;
  const { email, language } = account.value;
  prepareClaim(change, { controller, requestId, subject, codeTravels: 'by-mail', reply: { email, language } }, now);
}

export function audienceOf(askedBy: AskedBy): Audience {
  if (askedBy.as === 'claim') {
    const { guardianId, guardianRights: rights } = askedBy;
    return { kind: 'claim', ...(guardianId && rights && { guardian: { guardianId, rights } }) };
  }
  if (askedBy.as === 'self') return { kind: 'self' };
  return { kind: 'guardian', guardianId: askedBy.guardianId, rights: askedBy.guardianRights };
}

async function rectify(
  change: Change,
  owner: Owner,
  about: Parameters<typeof rectifyPerson>[2],
  records: Records,
  now: Date,
): Promise<void> {
  // What was only said in words has been put right by the organisation where it stands.
  if (Object.keys(about.proposal).length === 0) return;
  if (owner.controller === 'operator') {
    const account = await records.get(accountRef(owner.subject as AccountId));
    if (!account) throw new Problem('not-signed-in');
    return rectifyAccount(change, account, about, now);
  }
  const person = await records.get(personRef(owner.controller, owner.subject as PersonId));
  if (!person) throw new Problem('person-not-found');
  await rectifyPerson(change, person, about, records, now);
}

async function otherRequests(records: Records, owner: Owner, { id }: RequestRecord): Promise<RequestRecord[]> {
  const { items } = await records.list(requestEntity, owner, { limit: REQUESTS_READ_MAX });
  return items.map(({ value }) => value).filter((other) => other.id !== id);
}

interface Told {
  readonly notices: readonly NoticeRequest[];
  readonly count: Pick<RequestRecord, 'guardiansTold'>;
}

/** Two waves of reads where somebody beside the requester is told. */
async function peopleTold(
  records: Records,
  owner: Owner,
  request: RequestRecord,
  tell: readonly Telling[],
  now: Date,
): Promise<Told> {
  const { controller } = owner;
  const wants = (to: Telling['to']) => tell.some((one) => one.to === to);
  const [isRequesterThere, holders, deciders, guardians] = await Promise.all([
    wants('requester') && isThere(records, request.askedBy),
    wants('requester') ? withAccount(records, owner, request) : [],
    wants('controllers') && controller !== 'operator' ? decidersOf(records, controller, request.timeZone, now) : [],
    wants('other-guardians') || wants('recipients')
      ? guardiansOf(records, owner, dayIn(request.timeZone, now))
      : nobody,
  ]);
  const asking = guardianOf(request.askedBy);
  const openTo = async (ids: readonly PersonId[]) =>
    controller === 'operator'
      ? []
      : reachable(
          records,
          controller,
          ids.filter((id) => id !== asking),
        );
  const lists: Readonly<Record<Telling['to'], readonly Owner[]>> = {
    requester: isRequesterThere ? [requesterOf(controller, request), ...holders] : [],
    controllers: ownersAt(controller, (await openTo(deciders)).slice(0, CONTROLLERS_TOLD_MAX)),
    'other-guardians': ownersAt(controller, await openTo(guardians.withResponsibility)),
    recipients: ownersAt(controller, await openTo(guardians.mayKnow)),
  };
  const isByClaim = request.askedBy.as === 'claim' && isClosed(request.state);
  const written = tell.filter(({ to, template }) => !(isByClaim && to === 'requester' && answers.includes(template)));
  const notices = written.flatMap((one) => lists[one.to].map((to) => noticeOf(one, to, owner, request)));
  const guardiansTold = lists['other-guardians'].length + lists.recipients.length;
  const isCounted = wants('recipients') || wants('other-guardians');
  const told = wants('recipients') ? lists.recipients.length : guardiansTold;
  return { notices, count: isCounted ? { guardiansTold: told } : {} };
}

const nobody: Guardians = { withResponsibility: [], mayKnow: [] };

/** An account that is gone cannot be told, and must not keep the step from being taken. */
async function isThere(records: Records, askedBy: AskedBy): Promise<boolean> {
  return askedBy.as === 'claim' || (await records.get(accountRef(askedBy.accountId))) !== undefined;
}

/** In whose name staff have taken it in: where they have an account they hear of it there, and not by the given address alone. */
async function withAccount(
  records: Records,
  { controller }: Owner,
  { askedBy, subject }: RequestRecord,
): Promise<readonly Owner[]> {
  if (askedBy.as !== 'claim' || controller === 'operator') return [];
  const owner: Owner = { controller, subject: askedBy.guardianId ?? subject };
  return (await records.get({ entity: accountLinkEntity, owner })) ? [owner] : [];
}

const guardianOf = (askedBy: AskedBy): PersonId | undefined => (askedBy.as === 'self' ? undefined : askedBy.guardianId);
const ownersAt = (controller: Owner['controller'], ids: readonly PersonId[]): Owner[] =>
  ids.map((subject) => ({ controller, subject }));

function noticeOf({ to: list, template }: Telling, to: Owner, owner: Owner, request: RequestRecord): NoticeRequest {
  const { id: requestId, dueAt, timeZone } = request;
  if (list === 'other-guardians' || list === 'recipients') {
    // The child's id silences the organisation's name where the child lives at a protected address.
    return { to, template, parameters: { requestId, childIds: [owner.subject as PersonId] } } as NoticeRequest;
  }
  const endsAt = request.executesAt ?? request.endsAt;
  return {
    to,
    template,
    parameters: {
      requestId,
      dueAt,
      timeZone,
      hasAccount: request.askedBy.as !== 'claim',
      ...(endsAt !== undefined && { endsAt }),
      ...(request.extension && { extendedFor: request.extension.reason }),
    },
  } as NoticeRequest;
}
