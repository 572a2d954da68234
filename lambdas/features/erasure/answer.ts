import { announceAnswer } from '../claims/announce.ts';
import { claimRef } from '../claims/claim.ts';
import { queueNotice } from '../notices/notice.ts';
import { concludeRequest } from '../requests/outcome.ts';
import { replyAddressRef, requestRef } from '../requests/request.ts';
import { type Eraser, type StepOutcome, type StoredErasure, save } from './eraser.ts';
import { type Cause, type Erasure, isAccount, type Place } from './erasure.ts';
import { tracesOwner } from './traces.ts';

/** Of the others nobody is told: a term is over as the statement said, an agreement ends as the organisation chose. */
const toldCauses: readonly Cause[] = ['withdrawal', 'account-closed'];

/** Tells whoever asked that it is done, and closes the request; where nobody asked, the address that was kept for it. */
export async function answer(stored: StoredErasure, place: Place, eraser: Eraser): Promise<StepOutcome> {
  const { value } = stored;
  const { owner } = place;
  const call = eraser.openCall();
  const change = call.records.change();
  const after: Partial<Erasure> = { state: 'answered' };
  if (value.requestId !== undefined) {
    const { controller } = owner;
    const [request, claim] = await Promise.all([
      call.records.get(requestRef(owner, value.requestId)),
      call.records.get(claimRef(controller, value.requestId)),
    ]);
    if (request) concludeRequest(change, request, 'done', call.now);
    if (claim) announceAnswer(change, { controller, requestId: value.requestId, what: 'answer' }, call);
  } else if (await hasAddress(value, place, eraser)) {
    const to = tracesOwner(owner.controller, value.tracesId!);
    const what = isAccount(owner) ? 'account' : 'person';
    const parameters = { what, at: value.fencedAt ?? call.now.toISOString() } as const;
    after.noticeId = queueNotice(change, { to, template: 'erasure-done', parameters }, call);
  }
  await save(change, stored, place, after)
    .activity({ event: 'erasure.answered', subject: owner, about: [place.id] })
    .commit();
  return 'went-on';
}

async function hasAddress({ tracesId, ...erasure }: Erasure, { owner }: Place, eraser: Eraser): Promise<boolean> {
  if (!isTold(erasure) || tracesId === undefined) return false;
  const { records } = eraser.openCall();
  return (await records.get(replyAddressRef(owner.controller, tracesId))) !== undefined;
}

/** An account that goes with its person is told of there. Pure. */
export const isTold = ({ cause, requestId, follows }: Pick<Erasure, 'cause' | 'requestId' | 'follows'>): boolean =>
  requestId === undefined && follows === undefined && toldCauses.includes(cause);
