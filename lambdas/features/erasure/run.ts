import { ErasureId } from '../../http/ids.ts';
import { errorName } from '../../platform/error-name.ts';
import { Busy, StaleVersion } from '../../platform/records.ts';
import type { StreamRecord } from '../../platform/stream-record.ts';
import { accountOwner } from '../accounts/account.ts';
import { answer } from './answer.ts';
import { cascade } from './cascade.ts';
import { certify, finish } from './certify.ts';
import { type Eraser, findErasure, type Step, type StoredErasure } from './eraser.ts';
import { type ErasureState, erasurePointers, JOB_KEY_PREFIX, type Place, placeOf } from './erasure.ts';
import { fence } from './fence.ts';
import { survey } from './survey.ts';
import { incomplete, verify } from './verify.ts';

/** From ordered to closed it is about ten; an organisation of thousands is ordered in several runs. */
const STEPS_MAX = 400;

/** What each state is followed by. Every step saves the next state with the last thing that it does. */
const steps: Readonly<Record<ErasureState, Step>> = {
  ordered: survey,
  surveyed: fence,
  fenced: cascade,
  cascaded: verify,
  verified: answer,
  answered: certify,
  certified: certify,
};

/**
 * Takes one erasure as far as it can be taken now. It may be called at any time, by several at once, and after a crash
 * anywhere: the record says where to go on, and of two who save the same step one is refused.
 */
export async function runErasure(place: Place, eraser: Eraser): Promise<'closed' | 'waiting'> {
  for (let step = 0; step < STEPS_MAX && eraser.hasTimeLeft(); step++) {
    const stored = await findErasure(place, eraser);
    if (!stored) throw new Error('An erasure without its record');
    if (stored.value.closedAt !== undefined) return 'closed';
    const { now } = eraser.openCall();
    if (stored.value.nextTryAt !== undefined && now.toISOString() < stored.value.nextTryAt) return 'waiting';
    const outcome = await tried(stored, place, eraser);
    if (outcome === 'waiting') break;
  }
  const stored = await findErasure(place, eraser);
  return stored?.value.closedAt === undefined ? 'waiting' : 'closed';
}

/** A step that fails leaves the erasure incomplete, with what failed and when it is tried again. */
async function tried(stored: StoredErasure, place: Place, eraser: Eraser) {
  const { state, retentionClasses } = stored.value;
  try {
    if (state === 'cascaded') await runAccountOf(stored, eraser);
    // A class whose own term is over: the subject lives on, nobody asked, and nothing is certified.
    if (retentionClasses && state === 'verified') return await finish(stored, place, eraser);
    return await steps[state](stored, place, eraser);
  } catch (error) {
    // Another worker has it, or many of one organisation are at work: nothing is wrong.
    if (error instanceof StaleVersion || error instanceof Busy) return 'waiting';
    const name = errorName(error);
    eraser.log({ event: 'erasure.step-failed', erasureId: place.id, state, error: name });
    const latest = await findErasure(place, eraser);
    if (!latest) throw error;
    return await incomplete(latest, place, eraser, [`${state}:${name}`.slice(0, 80)]);
  }
}

/** The account that goes with its person is taken along: the person is not gone before it is. */
async function runAccountOf({ value }: StoredErasure, eraser: Eraser): Promise<void> {
  const { accountId, accountErasureId } = value;
  if (accountId === undefined || accountErasureId === undefined) return;
  const owner = accountOwner(accountId);
  await runErasure({ id: accountErasureId, owner, holder: owner }, eraser);
}

/**
 * The jobs that have just been written. One that fails is left to the schedule: the stream must not wait for it, and its
 * record, or the log where even that could not be written, says that it is incomplete.
 */
export async function eraseFromStream(records: readonly StreamRecord[], eraser: Eraser): Promise<void> {
  for (const { eventName, dynamodb } of records) {
    if (eventName === 'REMOVE') continue;
    const pk = dynamodb?.Keys?.['pk']?.S ?? '';
    const id = ErasureId.safeParse(dynamodb?.Keys?.['sk']?.S);
    if (!pk.startsWith(JOB_KEY_PREFIX) || !id.success) continue;
    const [pointer] = await eraser.openCall().records.pointersAt([erasurePointers.place(id.data)]);
    const place = placeOf(id.data, pointer?.attributes);
    if (place) await logged(place, eraser);
  }
}

export interface Swept {
  readonly closed: number;
  readonly waiting: number;
  readonly failed: number;
}

/** Every five minutes: all that are not at their end and are due, as long as there is time. */
export async function sweepErasures(eraser: Eraser): Promise<Swept> {
  const swept = { closed: 0, waiting: 0, failed: 0 };
  const { pk } = erasurePointers.unfinished('');
  const now = eraser.openCall().now.toISOString();
  for await (const { sk, attributes } of eraser.rows.of('rights', pk)) {
    if (!eraser.hasTimeLeft()) break;
    const nextTryAt = attributes['nextTryAt'];
    const place = placeOf(ErasureId.parse(sk), attributes);
    if (!place || (typeof nextTryAt === 'string' && now < nextTryAt)) continue;
    swept[await logged(place, eraser)]++;
  }
  return swept;
}

async function logged(place: Place, eraser: Eraser): Promise<keyof Swept> {
  try {
    return await runErasure(place, eraser);
  } catch (error) {
    // Not even the failure could be written down: the alarm hears of it by this line.
    eraser.log({
      metric: 'erasure-incomplete',
      erasureId: place.id,
      controller: place.owner.controller,
      error: errorName(error),
    });
    return 'failed';
  }
}
