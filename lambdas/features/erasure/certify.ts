import { announceAnswer } from '../claims/announce.ts';
import { claimRef } from '../claims/claim.ts';
import { noticeRef } from '../notices/notice.ts';
import { noticesDueOf, tracesOf } from './cascade.ts';
import { certificateDocument, isBeyondRecovery } from './certificate.ts';
import { type Eraser, type StepOutcome, type StoredErasure, save } from './eraser.ts';
import { type Erasure, erasedClasses, erasurePointers, erasureRef, type Place } from './erasure.ts';
import { close } from './fence.ts';
import { partitionsOf } from './partitions.ts';
import { Removal } from './removal.ts';
import { tracesOwner } from './traces.ts';

/** What is known of the erased is destroyed then, mailed or not (design, section 4). */
const TRACES_DAYS_MAX = 30;
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;
const MAIL_LOOK_SECONDS = 5 * 60;
const WINDOW_LOOK_SECONDS = 60 * 60;

/** After the answer: the traces go once the mail is out, and the certificate comes once AWS says that it may. */
export async function certify(stored: StoredErasure, place: Place, eraser: Eraser): Promise<StepOutcome> {
  const { value } = stored;
  if (value.tracesId !== undefined && value.tracesErasedAt === undefined) {
    if (!(await isMailOut(value, place, eraser))) return look(stored, place, eraser, MAIL_LOOK_SECONDS);
    return eraseTraces(stored, place, eraser);
  }
  if (value.certificate) return finish(stored, place, eraser);
  const facts = await eraser.recoveryFacts();
  const lastKeyGoneAt = lastKeyGone(value);
  if (lastKeyGoneAt === undefined || !isBeyondRecovery(lastKeyGoneAt, facts)) {
    return look(stored, place, eraser, WINDOW_LOOK_SECONDS);
  }
  const call = eraser.openCall();
  const id = call.newId('crt');
  const document = certificateDocument(id, place, value, facts, call.now);
  const { keyId, signature } = await eraser.signer.sign(Buffer.from(document));
  const change = call.records.change();
  const { requestId } = value;
  const { controller } = place.owner;
  const claim = requestId && (await call.records.get(claimRef(controller, requestId)));
  if (claim) announceAnswer(change, { controller, requestId, what: 'certificate' }, call);
  await save(change, stored, place, { state: 'certified', certificate: { id, document, keyId, signature } })
    .activity({ event: 'erasure.certified', subject: place.owner, about: [place.id, id] })
    .commit();
  return 'went-on';
}

/**
 * When the last key was gone, in Keys and in its mirror: a consent's of many, or one that the stream brought late, is
 * fenced after the fence itself and found to be by the verification; the traces' own goes last.
 */
const lastKeyGone = ({ fencedAt, verifiedAt, tracesErasedAt }: Erasure): string | undefined =>
  fencedAt && verifiedAt && [fencedAt, verifiedAt, tracesErasedAt ?? ''].sort().at(-1);

/** Nothing is left to be done: the schedule finds it no more. */
export async function finish(stored: StoredErasure, place: Place, eraser: Eraser): Promise<StepOutcome> {
  const { records, now } = eraser.openCall();
  const { nextTryAt: _, ...value } = stored.value;
  await records
    .change()
    .put(erasureRef(place), { ...value, closedAt: now.toISOString() }, { version: stored.version })
    .unpoint(erasurePointers.unfinished(place.id))
    .activity({ event: 'erasure.closed', subject: place.owner, about: [place.id] })
    .commit();
  return 'waiting';
}

async function isMailOut(
  { noticeId, tracesId, verifiedAt }: Erasure,
  { owner }: Place,
  eraser: Eraser,
): Promise<boolean> {
  if (noticeId === undefined || tracesId === undefined) return true;
  const { records, now } = eraser.openCall();
  const notice = await records.get(noticeRef(tracesOwner(owner.controller, tracesId), noticeId));
  if (notice?.value.dueAt === undefined) return true;
  return now.getTime() - Date.parse(verifiedAt ?? '') > TRACES_DAYS_MAX * DAY_MILLISECONDS;
}

/**
 * SES may have put the address on its list after the cascade, when the last mail did not arrive. The record says that it
 * is done when the rows are gone as well: a crash before that begins again.
 */
async function eraseTraces(stored: StoredErasure, place: Place, eraser: Eraser): Promise<StepOutcome> {
  const { owner } = place;
  const { addresses } = await tracesOf(stored.value, owner, eraser);
  for (const address of addresses) await eraser.suppression.remove(address);

  const traces = tracesOwner(owner.controller, stored.value.tracesId!);
  const closing = eraser.openCall().records.change();
  close(closing, traces);
  await closing.activity({ event: 'erasure.traces-fenced', subject: owner, about: [place.id] }).commit();
  await eraser.fences.mirror(traces, erasedClasses(traces));

  const removal = new Removal(eraser, owner);
  await removal.add(await noticesDueOf(traces, eraser));
  for (const { table, pk } of partitionsOf(traces)) {
    for await (const { sk } of eraser.rows.of(table, pk)) await removal.add([{ table, pk, sk }]);
  }
  await removal.flush();

  const { records, now } = eraser.openCall();
  await save(records.change(), stored, place, { tracesErasedAt: now.toISOString() })
    .activity({ event: 'erasure.traces-erased', subject: owner, about: [place.id] })
    .commit();
  return 'went-on';
}

async function look(stored: StoredErasure, place: Place, eraser: Eraser, seconds: number): Promise<StepOutcome> {
  const { records, now } = eraser.openCall();
  const nextTryAt = new Date(now.getTime() + seconds * 1000).toISOString();
  await save(records.change(), stored, place, { nextTryAt })
    .activity({ event: 'erasure.waiting', subject: place.owner, about: [place.id] })
    .commit();
  return 'waiting';
}
